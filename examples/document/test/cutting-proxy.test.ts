import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { CuttingProxy } from "../src/replay/cutting-proxy.js";

const APPENDED = {
  results: [
    { sequence: 4, status: "appended" },
    { sequence: 5, status: "duplicate" },
  ],
};

/** A server that answers pushes in chunks or with a length, and counts them. */
async function serverThat(chunked: boolean): Promise<{ server: Server; url: string; pushes: () => number }> {
  let pushes = 0;
  const server = createServer((request, response) => {
    if (request.method === "POST") pushes++;
    const body = JSON.stringify(request.method === "POST" ? APPENDED : { got: request.url });
    if (!chunked) response.setHeader("Content-Length", Buffer.byteLength(body));
    if (chunked) response.write(body.slice(0, 10));
    response.end(chunked ? body.slice(10) : body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pushes: () => pushes };
}

for (const chunked of [false, true]) {
  test(`an answer ${chunked ? "in chunks" : "with a length"} is kept from the client once it was given`, async () => {
    const { server, url, pushes } = await serverThat(chunked);
    const proxy = await CuttingProxy.before(url);
    const push = () => fetch(`${proxy.url}/v1/demo/appends`, { method: "POST", body: "{}" });
    assert.deepEqual(await (await push()).json(), APPENDED, "passed on before anybody asks");
    const seen = proxy.nextPush("answered");
    const other = await fetch(`${proxy.url}/v1/demo/events`);
    assert.deepEqual(await other.json(), { got: "/v1/demo/events" }, "what is no push is passed on");
    const unanswered = push();
    assert.deepEqual(await seen, { sequences: [4] });
    assert.equal(pushes(), 2);
    await proxy.close();
    await assert.rejects(unanswered, /fetch failed/);
    server.closeAllConnections();
    server.close();
  });
}

test("a push can be seen when it has been passed on", async () => {
  const { server, url } = await serverThat(false);
  const proxy = await CuttingProxy.before(url);
  const seen = proxy.nextPush("requested");
  const unanswered = fetch(`${proxy.url}/v1/demo/appends`, { method: "POST", body: "{}" });
  assert.deepEqual(await seen, { sequences: [] });
  const refused = assert.rejects(unanswered, /fetch failed/);
  await proxy.close();
  await refused;
  server.closeAllConnections();
  server.close();
});
