import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Awareness } from "y-protocols/awareness";
import { Doc } from "yjs";
import { fileBuffer } from "../../src/buffer/file.js";
import type { ConnectOptions } from "../../src/connect-options.js";
import { a256gcm } from "../../src/encryption.js";
import { bindYjs, type YjsOptions } from "../../src/yjs.js";
import { clientOf, patiently } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";
import { TestBrowser } from "../support/test-browser.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const AGGREGATE = "document/d";

async function writer(gateway: ModelGateway, options: Partial<ConnectOptions> = {}, of: Partial<YjsOptions> = {}) {
  const client = await clientOf(gateway, options);
  const doc = new Doc();
  const binding = await bindYjs(client.app, { aggregate: AGGREGATE, doc, ...of });
  const body = doc.getText("body");
  const close = async () => {
    await binding.close();
    await client.app.close();
  };
  return { ...client, doc, binding, body, close };
}

test("two people who type offline into the same document both find the same text in it", async () => {
  const gateway = new ModelGateway();
  const ada = await writer(gateway);
  ada.body.insert(0, "Hello world");
  await ada.binding.whenConfirmed();
  const bob = await writer(gateway);
  await bob.until(() => bob.body.toString() === "Hello world");
  ada.app.goOffline();
  bob.app.goOffline();
  ada.body.insert(5, ", dear");
  bob.body.insert(11, "!");
  bob.body.delete(0, 1);
  bob.body.insert(0, "h");
  await Promise.all([ada.binding.whenStored(), bob.binding.whenStored()]);
  ada.app.goOnline();
  bob.app.goOnline();
  await ada.until(() => ada.body.toString() === "hello, dear world!");
  await bob.until(() => bob.body.toString() === "hello, dear world!");
  assert.equal(gateway.log.events.length, 3, "what is typed in one turn is one append");
  await ada.close();
  await bob.close();
});

test("what was typed offline is there after a restart offline, and reaches the log once", async () => {
  const gateway = new ModelGateway();
  const path = join(await temporaryFolder("yjs"), "buffer");
  const before = await writer(gateway, { buffer: fileBuffer(path) });
  before.body.insert(0, "one");
  await before.binding.whenConfirmed();
  await before.until(() => before.app.status.localPosition === 1);
  before.app.goOffline();
  before.body.insert(3, " two");
  await before.binding.whenStored();
  await before.close();

  const after = await writer(gateway, { buffer: fileBuffer(path), online: false });
  assert.equal(after.body.toString(), "one two");
  after.body.insert(7, " three");
  after.app.goOnline();
  await after.binding.whenConfirmed();
  assert.equal(gateway.log.events.length, 3);
  const reader = await writer(gateway);
  await reader.until(() => reader.body.toString() === "one two three");
  await after.close();
  await reader.close();
});

test("the document is published as a snapshot now and then: who comes later reads that and its tail", async () => {
  const gateway = new ModelGateway();
  const key = crypto.getRandomValues(new Uint8Array(32));
  const codec = a256gcm({ key: () => key, sealWith: () => "k1" });
  const ada = await writer(gateway, { codec }, { snapshotEvery: 10 });
  for (let n = 0; n < 25; n++) {
    ada.body.insert(ada.body.length, String(n % 10));
    await ada.binding.whenConfirmed();
    await ada.until(() => ada.app.status.localPosition === n + 1);
  }
  await ada.until(() => (gateway.log.snapshots.get(AGGREGATE)?.version ?? 0) >= 20);
  const bob = await writer(gateway, { codec }, { snapshotEvery: 0 });
  await bob.until(() => bob.body.toString() === ada.body.toString());
  const reads = gateway.callsTo(`/${AGGREGATE}/events`, "GET").map(call => Number(call.query.get("after")));
  assert.ok(reads.at(-1)! >= 20, `${reads.join()}`);
  await ada.close();
  await bob.close();
});

test("a snapshot is published only of what the log has", async () => {
  const gateway = new ModelGateway();
  const ada = await writer(gateway, {}, { snapshotEvery: 0 });
  assert.equal(await ada.binding.publishSnapshot(), false, "nothing is there yet");
  ada.body.insert(0, "x");
  assert.equal(await ada.binding.publishSnapshot(), false, "it is pending");
  await ada.binding.whenConfirmed();
  await ada.until(() => ada.app.status.localPosition === 1);
  assert.equal(await ada.binding.publishSnapshot(), true);
  assert.equal(await ada.binding.publishSnapshot(), false, "there already");
  await ada.close();
});

test("an update that is none is set aside, and the document goes on", async () => {
  const gateway = new ModelGateway();
  const ada = await writer(gateway);
  await ada.app.append({ aggregate: AGGREGATE, type: "yjs-update", data_base64: "/////w==" }).confirmed;
  const bob = await writer(gateway);
  ada.body.insert(0, "fine");
  await ada.binding.whenConfirmed();
  await bob.until(() => bob.body.toString() === "fine");
  const view = await bob.app.open(AGGREGATE);
  assert.deepEqual([...view.quarantined.keys()], [1]);
  await ada.close();
  await bob.close();
});

test("what one tab types shows in the document of the other, offline too", async () => {
  const gateway = new ModelGateway();
  const browser = new TestBrowser(gateway);
  const tabs = [await browser.open({}), await browser.open({})];
  const docs = [new Doc(), new Doc()];
  const bindings = [];
  for (const [n, doc] of docs.entries()) {
    bindings.push(await bindYjs(tabs[n]!.app, { aggregate: AGGREGATE, doc }));
    tabs[n]!.app.goOffline();
  }
  docs[0]!.getText("body").insert(0, "typed here");
  await patiently(() => docs[1]!.getText("body").toString() === "typed here");
  docs[1]!.getText("body").insert(0, "and ");
  await patiently(() => docs[0]!.getText("body").toString() === "and typed here");
  for (const binding of bindings) await binding.close();
  for (const tab of tabs) await tab.app.close();
});

test("cursors go over presence: each sees the other's, until that one leaves", async () => {
  const gateway = new ModelGateway();
  gateway.extension = (call, client) => {
    if (!call.path.endsWith("/presence")) return undefined;
    const { instance, data } = JSON.parse(call.body) as { instance: string; data: unknown };
    gateway.send(`event: presence\ndata: ${JSON.stringify({ aggregate: AGGREGATE, client, instance, data })}\n\n`);
    return new Response(null, { status: 204, headers: { "DPoP-Nonce": gateway.nonce } });
  };
  const people = [];
  for (const name of ["Ada", "Bob"]) {
    const doc = new Doc();
    const awareness = new Awareness(doc);
    awareness.setLocalState({ name });
    const person = await writer(gateway, {}, { doc, awareness });
    await person.until(() => person.app.status.state === "live");
    people.push({ ...person, awareness });
  }
  const [ada, bob] = [people[0]!, people[1]!];
  const names = (awareness: Awareness) => [...awareness.getStates().values()].map(state => state.name as string).sort();
  ada.awareness.setLocalStateField("cursor", 7);
  bob.awareness.setLocalStateField("cursor", 3);
  await ada.until(() => names(ada.awareness).join() === "Ada,Bob");
  await bob.until(() => bob.awareness.getStates().get(ada.awareness.clientID)?.cursor === 7);
  gateway.send(`event: presence\ndata: {"aggregate":"${AGGREGATE}","client":"c","instance":"i","data":"AAECAw=="}\n\n`);
  await bob.close();
  await ada.until(() => names(ada.awareness).join() === "Ada");
  await ada.close();
  for (const { awareness } of people) awareness.destroy();
});
