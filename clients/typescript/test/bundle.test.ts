import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type * as page from "../src/page.js";
import { painted, patiently } from "./support/client.js";
import { ModelGateway } from "./support/model-gateway.js";

const BUNDLE = new URL("../celeriant.js", import.meta.url);
const BUNDLE_LIMIT_BYTES = 20 * 1024;

test("the browser bundle is at most 20 KB gzipped and imports nothing", async () => {
  const bundle = await readFile(BUNDLE);
  const size = gzipSync(bundle, { level: 9 }).length;
  assert.ok(size <= BUNDLE_LIMIT_BYTES, `${size} bytes`);
  assert.doesNotMatch(bundle.toString(), /\bfrom\s*"|\bimport\s*\(/);
});

test("the bundle does what the sources do, over everything that it offers a page", async () => {
  const { connect, indexedDbBuffer, RejectedError } = (await import(BUNDLE.href)) as typeof page;
  const gateway = new ModelGateway();
  const options = { url: gateway.url, org: "demo", fetch: gateway.fetch };
  const writer = await connect({ ...options, buffer: indexedDbBuffer("writer") });
  const seal = (event: { data?: unknown }) => ({ ...event, data: [event.data, "sealed"] }) as never;
  const reader = await connect({
    ...options,
    buffer: indexedDbBuffer("reader"),
    codec: { seal: event => Promise.resolve(seal(event)), open: () => Promise.reject(new Error("none")) },
    upcasting: { apply: event => ({ ...event, typeVersion: "2.0" }) },
  });
  const view = await reader.open("canvas/b");
  const list = view.project({
    initial: () => [] as unknown[],
    apply: (seen, event) => [...seen, event.data],
    fromSnapshot: ({ data }) => data as unknown[],
  });
  const changes: string[] = [];
  view.subscribe(({ keys }) => changes.push(...keys));
  await writer.append([painted("b", "1,1", "red"), painted("b", "2,2", "blue")]).confirmed;
  assert.equal(await writer.publishSnapshot("canvas/b", { version: 1, data: ["red"] }), true);
  await reader.whenLive();
  await patiently(() => list.state.length === 2);
  assert.deepEqual(list.confirmed, ["red", "blue"]);
  assert.equal(view.registers.get("1,1")?.typeVersion, "2.0");
  assert.ok(changes.includes("2,2"));
  for await (const event of view.events()) if (event.version === 2) break;
  for await (const event of writer.readEvents("canvas/b")) assert.equal(event.client, writer.clientId);
  await writer.appendExpecting(painted("b", "3,3", "x"), { "canvas/b": 2 });
  await reader.append(painted("b", "4,4", "y")).confirmed;
  assert.deepEqual(gateway.log.events.at(-1)?.data, ["y", "sealed"]);
  gateway.log.admission = () => ({ code: "access-denied", status: 403 });
  await assert.rejects(writer.append(painted("b", "5,5", "z")).confirmed, RejectedError);
  const [rejected] = await writer.rejected();
  await writer.discardRejected(rejected!.id);
  assert.equal(writer.status.rejected, 0);
  await reader.keysChanged();
  writer.goOffline();
  writer.authorized();
  assert.equal((await writer.me()).client, writer.clientId);
  view.close();
  await reader.close();
  await writer.close();
});

test("the package has no runtime dependency", async () => {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  assert.equal("dependencies" in (JSON.parse(text) as object), false);
});
