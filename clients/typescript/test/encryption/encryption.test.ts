import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileBuffer } from "../../src/buffer/file.js";
import type { Codec } from "../../src/codec.js";
import { a256gcm } from "../../src/encryption.js";
import { Reading } from "../../src/state/reading.js";
import { clientOf, painted, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { TestBrowser } from "../support/test-browser.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const CANARY = "canary-5f1c";

/** The keys of one person: what is sealed now, and what can be opened. */
class KeyRing {
  current = "k1";
  readonly keys = new Map([["k1", newKey()]]);
  readonly codec = a256gcm({ key: kid => this.keys.get(kid), sealWith: () => this.current });

  rotateTo(kid: string): void {
    this.keys.set(kid, newKey());
    this.current = kid;
  }
}

function newKey() {
  return crypto.getRandomValues(new Uint8Array(32));
}

async function newPath(): Promise<string> {
  return join(await temporaryFolder("encryption"), "buffer");
}

const LIST = { initial: [] as unknown[], apply: (seen: unknown[], event: { data?: unknown }) => [...seen, event.data] };

test("neither the log nor the buffer sees data in the clear; who has the key sees it, offline too", async () => {
  const gateway = new ModelGateway();
  const ring = new KeyRing();
  const [path, other] = [await newPath(), await newPath()];
  const first = await clientOf(gateway, { buffer: fileBuffer(path), codec: ring.codec, online: false });
  const drawn = await first.app.open("canvas/b");
  const handle = first.app.append([painted("b", "1,1", CANARY), painted("b", "2,2", CANARY)]);
  assert.equal(drawn.registers.get("1,1")?.data, CANARY, "it is shown at once");
  await handle.local;
  assert.equal(drawn.registers.get("1,1")?.data, CANARY);
  await first.app.close();

  const again = await clientOf(gateway, { buffer: fileBuffer(path), codec: ring.codec, online: false });
  const view = await again.app.open("canvas/b");
  assert.equal(view.registers.get("1,1")?.data, CANARY, "it is there at once after a restart");
  assert.equal(view.registers.get("1,1")?.pending, true);
  assert.deepEqual(view.pending[1]?.data, CANARY);
  again.app.goOnline();
  await again.until(() => view.version === 2 && again.app.status.pending === 0);
  assert.equal(view.registers.get("2,2")?.data, CANARY);

  const reader = await clientOf(gateway, { buffer: fileBuffer(other), codec: ring.codec, aggregates: ["canvas/b"] });
  const read = await reader.app.open("canvas/b");
  const list = read.project(LIST);
  await reader.until(() => list.state.length === 2);
  assert.equal(read.registers.get("1,1")?.data, CANARY);
  assert.deepEqual(list.state, [CANARY, CANARY]);
  for await (const event of reader.app.readEvents("canvas/b")) assert.equal(event.data, CANARY);
  await again.app.append(painted("b", "1,1", null as unknown as string)).confirmed;
  await reader.until(() => !read.registers.has("1,1"));

  await again.app.close();
  await reader.app.close();
  assert.equal(JSON.stringify(gateway.log.events).includes(CANARY), false);
  for (const file of [path, other]) assert.equal((await readFile(file)).includes(CANARY), false);
});

test("after a rotation new data is sealed with the new key, and the old stays readable", async () => {
  const gateway = new ModelGateway();
  const ring = new KeyRing();
  const { app } = await clientOf(gateway, { codec: ring.codec, aggregates: ["canvas/b"] });
  await app.append(painted("b", "1,1", "old")).confirmed;
  ring.rotateTo("k2");
  await app.append(painted("b", "2,2", "new")).confirmed;
  assert.deepEqual(
    gateway.log.events.map(event => event.encryption?.kid),
    ["k1", "k2"],
  );
  assert.notEqual(gateway.log.events[0]!.encryption!.iv, gateway.log.events[1]!.encryption!.iv);
  const reader = await clientOf(gateway, { codec: ring.codec, aggregates: ["canvas/b"] });
  const view = await reader.app.open("canvas/b");
  await reader.until(() => view.registers.size === 2);
  assert.deepEqual([...view.registers.values()].map(value => value.data).sort(), ["new", "old"]);
  await reader.app.close();
  await app.close();
});

test("a forgotten key makes its data unreadable everywhere, and the client goes on", async () => {
  const gateway = new ModelGateway();
  const ring = new KeyRing();
  const path = await newPath();
  const { app, until } = await clientOf(gateway, { buffer: fileBuffer(path), codec: ring.codec });
  const view = await app.open("canvas/b");
  const list = view.project(LIST);
  await app.append(painted("b", "1,1", CANARY)).confirmed;
  ring.rotateTo("k2");
  await app.append(painted("b", "2,2", "kept")).confirmed;
  await until(() => view.version === 2 && list.version === 2);
  app.goOffline();
  ring.current = "k1";
  await app.append(painted("b", "3,3", CANARY)).local;
  assert.equal(view.registers.get("3,3")?.data, CANARY);
  ring.current = "k2";

  ring.keys.delete("k1");
  await app.keysChanged();
  for (const key of ["1,1", "3,3"]) {
    assert.equal(view.registers.get(key)?.data, undefined);
    assert.equal(view.registers.get(key)?.unreadable, 'no key "k1"');
  }
  assert.equal(view.registers.get("2,2")?.data, "kept");
  await until(() => list.state.length === 1);
  assert.deepEqual(list.state, ["kept"]);
  assert.deepEqual([...view.quarantined], [[1, 'no key "k1"']]);
  assert.equal(JSON.stringify([...view.registers, ...view.pending]).includes(CANARY), false);

  app.goOnline();
  await app.append(painted("b", "4,4", "after")).confirmed;
  // What is pending is in the state too: only the last event's version says that the log was read up to its end.
  await until(() => list.version === 4 && app.status.state === "live");
  assert.equal(list.state.length, 2);
  assert.equal(gateway.log.events.length, 4, "what was sealed before is still sent");
  await app.close();

  const again = await clientOf(gateway, { buffer: fileBuffer(path), codec: ring.codec });
  const opened = await again.app.open("canvas/b");
  assert.equal(opened.registers.get("1,1")?.unreadable, 'no key "k1"');
  assert.equal(opened.registers.get("4,4")?.data, "after");
  await again.app.whenLive();
  await again.app.close();
});

test("what was being opened when a key was forgotten stays unreadable", async () => {
  let known = true;
  let open = (): void => undefined;
  const busy = new Promise<void>(resolve => (open = resolve));
  const codec: Codec = {
    seal: event => Promise.resolve(event as never),
    open: async () => {
      const data = known ? CANARY : undefined;
      await busy;
      if (data === undefined) throw new Error("no key");
      return { data };
    },
  };
  const reading = new Reading(codec, undefined);
  const event = { ...painted("b", "1,1", ""), encryption: { alg: "A256GCM", kid: "k1", iv: "" } };
  const opening = reading.prepare([event]);
  known = false;
  reading.forget();
  open();
  await opening;
  assert.equal(reading.event(event).unreadable, "no key");
});

test("a key that comes later makes readable what was not", async () => {
  const gateway = new ModelGateway();
  const ring = new KeyRing();
  const writer = await clientOf(gateway, { codec: ring.codec });
  await writer.app.append(painted("b", "1,1", "secret")).confirmed;
  const late = new Map<string, Uint8Array<ArrayBuffer>>();
  const codec = a256gcm({ key: kid => late.get(kid), sealWith: () => "k1" });
  const { app, until } = await clientOf(gateway, { codec });
  const view = await app.open("canvas/b");
  const list = view.project(LIST);
  await until(() => view.registers.size === 1 && view.quarantined.size === 1);
  assert.equal(view.registers.get("1,1")?.unreadable, 'no key "k1"');
  late.set("k1", ring.keys.get("k1")!);
  await app.keysChanged();
  assert.equal(view.registers.get("1,1")?.data, "secret");
  await until(() => list.state.length === 1);
  assert.equal(view.quarantined.size, 0);
  await app.close();
  await writer.app.close();
});

test("an append that cannot be sealed is refused, uses up no number, and takes none other with it", async () => {
  const gateway = new ModelGateway();
  const ring = new KeyRing();
  const codec = a256gcm({
    key: kid => ring.keys.get(kid),
    sealWith: event => (event.key === "1,1" ? "no-such" : "k1"),
  });
  const { app, until } = await clientOf(gateway, { codec });
  const view = await app.open("canvas/b");
  const [bad, good] = [app.append(painted("b", "1,1", "x")), app.append(painted("b", "2,2", "y"))];
  await assert.rejects(bad.local, /no key "no-such"/);
  assert.equal((await good.local).sequence, 1);
  assert.equal(view.registers.has("1,1"), false);
  const large = app.append(painted("b", "2,2", "x".repeat(1024 * 1024 - 8)));
  await assert.rejects(large.local, /data of \d+ bytes/, "what grows beyond the limit by sealing");
  await good.confirmed;
  await until(() => app.status.pending === 0);
  await app.close();
});

test("a rejected append is listed in the clear and retried as it was sealed", async () => {
  const gateway = new ModelGateway();
  const ring = new KeyRing();
  const { app, until } = await clientOf(gateway, { codec: ring.codec });
  gateway.log.admission = () => ({ code: "access-denied", status: 403, done: "settled" });
  app.append(painted("b", "1,1", "mine"));
  await until(() => app.status.rejected === 1);
  const [rejected] = await app.rejected();
  assert.equal(rejected!.events[0]!.data, "mine");
  gateway.log.admission = () => undefined;
  await app.retryRejected(rejected!.id).confirmed;
  const view = await app.open("canvas/b");
  await until(() => view.registers.get("1,1")?.data === "mine");
  await app.close();
});

test("tabs tell each other only what is sealed, and all show what was in it", async () => {
  const gateway = new ModelGateway();
  const ring = new KeyRing();
  const browser = new TestBrowser(gateway);
  const options = { aggregates: ["canvas/b"], codec: ring.codec };
  const tabs = [await browser.open(options), await browser.open(options)];
  const views = [await tabs[0]!.app.open("canvas/b"), await tabs[1]!.app.open("canvas/b")];
  const lists = views.map(view => view.project(LIST));
  const all = (key: string) => () => views.every(view => view.registers.get(key)?.data === CANARY);
  tabs[1]!.app.goOffline();
  await patiently(() => tabs.every(tab => tab.app.status.state === "offline"));
  await tabs[1]!.app.append(painted("b", "1,1", CANARY)).local;
  await patiently(all("1,1"));
  tabs[0]!.app.goOnline();
  await tabs[0]!.app.append(painted("b", "2,2", CANARY)).confirmed;
  await patiently(all("2,2"));
  await patiently(() => views.every(view => view.version === 2));
  await patiently(() => lists.every(list => list.state.length === 2));
  assert.deepEqual(lists[0]!.state, [CANARY, CANARY]);
  assert.equal(JSON.stringify(gateway.log.events).includes(CANARY), false);
  for (const tab of tabs) await tab.app.close();
});
