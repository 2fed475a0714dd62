import assert from "node:assert/strict";
import { test } from "node:test";
import { BODY_BYTES_PER_MS, BODY_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from "../../src/limits.js";
import type { Fetch } from "../../src/protocol/transport.js";
import { clientOf, painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

/** The first answer to such a request begins and never ends, as behind a proxy whose own connection died. */
function stalling(gateway: ModelGateway, path: string): { fetch: Fetch; stalled: () => boolean } {
  let stalled = false;
  const fetch: Fetch = async (url, init) => {
    if (stalled || !url.endsWith(path)) return await gateway.fetch(url, init);
    stalled = true;
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        controller.enqueue(new TextEncoder().encode("{"));
        init.signal!.addEventListener("abort", () => controller.error(init.signal!.reason));
      },
    });
    return new Response(body, { headers: { "Content-Type": "application/json" } });
  };
  return { fetch, stalled: () => stalled };
}

for (const path of ["/appends", "/oauth/token"]) {
  test(`an answer to ${path} that begins and never ends is given up, and the request made again`, async () => {
    const gateway = new ModelGateway();
    const { fetch, stalled } = stalling(gateway, path);
    const { app, clock, until } = await clientOf(gateway, { fetch });
    app.append(painted("b", "1,1", "red"));
    await patiently(stalled);
    for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
    clock.advance(BODY_TIMEOUT_MS);
    await until(() => app.status.pending === 0);
    assert.equal(gateway.log.events.length, 1);
    await app.close();
  });
}

test("a push is waited for as long as a slow network takes to carry it", async () => {
  const gateway = new ModelGateway();
  let answer = () => {};
  const late = new Promise<void>(resolve => (answer = resolve));
  let asked = 0;
  const fetch: Fetch = async (url, init) => {
    if (((init.body ?? "") as string).length > 500_000) {
      asked++;
      await late;
    }
    return await gateway.fetch(url, init);
  };
  const { app, clock } = await clientOf(gateway, { fetch, online: false });
  for (let n = 0; n < 10; n++) app.append(painted("b", `${n},0`, "x".repeat(100_000)));
  app.goOnline();
  await patiently(() => asked === 1);
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  clock.advance(REQUEST_TIMEOUT_MS + 1_000_000 / BODY_BYTES_PER_MS - 1_000);
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  answer();
  await patiently(() => app.status.pending === 0 || app.status.state === "backing-off");
  assert.deepEqual([app.status.pending, asked], [0, 1]);
  await app.close();
});
