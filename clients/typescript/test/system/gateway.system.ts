/** What the client does against the gateway itself, beyond what the examples' tests show. */
import assert from "node:assert/strict";
import { cp, rm } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessOf, redeem } from "../../src/access.js";
import type { Celeriant } from "../../src/celeriant.js";
import type { Problem } from "../../src/model.js";
import { schemasOf } from "../../src/schemas.js";
import { RejectedError } from "../../src/protocol/errors.js";
import type { PresenceMessage } from "../../src/protocol/subscription.js";
import type { Notice } from "../../src/sync/notice.js";
import { operate, RealGateway } from "../support/real-gateway.js";
import { everybodyLeaves, painted, person, until } from "./people.js";
import { temporaryFolder } from "../support/temporary-folder.js";

let gateway: RealGateway;
let data: string;
let orgs = 0;

before(async () => {
  data = await temporaryFolder("system");
  gateway = await RealGateway.start(data);
});
after(async () => {
  await everybodyLeaves();
  await gateway.kill();
  await rm(data, { recursive: true, force: true });
});

const org = () => `org-${++orgs}`;

async function others(app: Celeriant, key: string, value: string): Promise<void> {
  await app.append(painted(key, value)).confirmed;
}

const refusedAs = (code: string) => (error: unknown) => (error as { problem?: Problem }).problem?.code === code;

const LIST = {
  initial: [] as readonly unknown[],
  apply: (list: readonly unknown[], { data }: { data?: unknown }) => [...list, data],
  fromSnapshot: ({ data }: { data?: unknown }) => data as readonly unknown[],
};

test("first sync reads the published snapshot and its tail, and goes on live", async () => {
  const name = org();
  const ada = await person(gateway.url, name);
  const list = (await ada.open("list/l")).project(LIST);
  for (let n = 1; n <= 5; n++) await ada.append({ aggregate: "list/l", type: "added", data: n }).confirmed;
  await until(() => list.version === 5);
  assert.equal(await ada.publishSnapshot("list/l", { version: 5, data: list.confirmed as number[] }), true);
  await accessOf(ada, "list/l").setPublic("contributor");
  await ada.append({ aggregate: "list/l", type: "added", data: 6 }).confirmed;
  const ben = await person(gateway.url, name);
  const seen = (await ben.open("list/l")).project(LIST);
  await until(() => seen.state.length === 6);
  await ada.append({ aggregate: "list/l", type: "added", data: 7 }).confirmed;
  await until(() => seen.state.length === 7);
  assert.deepEqual(seen.state, [1, 2, 3, 4, 5, 6, 7]);
});

test("presence reaches those who read the same aggregate, and goes when it is taken away", async () => {
  const name = org();
  const ada = await person(gateway.url, name, { aggregates: ["canvas/b"] });
  await others(ada, "1,1", "red");
  await accessOf(ada, "canvas/b").setPublic("contributor");
  const ben = await person(gateway.url, name, { aggregates: ["canvas/b"] });
  await ben.whenLive();
  const heard: PresenceMessage[] = [];
  ben.onPresence(message => heard.push(message));
  await ada.putPresence("canvas/b", { name: "Ada" });
  await until(() => heard.length === 1);
  await ada.putPresence("canvas/b", null);
  await until(() => heard.length === 2);
  const { clientId: client, instance } = ada;
  assert.deepEqual(heard, [
    { aggregate: "canvas/b", client, instance, data: { name: "Ada" } },
    { aggregate: "canvas/b", client, instance, data: null },
  ]);
});

test("a share is redeemed once and gives what it says; a revocation reaches the open stream", async () => {
  const name = org();
  const ada = await person(gateway.url, name);
  await others(ada, "1,1", "red");
  const access = accessOf(ada, "canvas/b");
  const ben = await person(gateway.url, name);
  const view = await ben.open("canvas/b");
  await until(() => !view.readable);
  await assert.rejects(ben.append(painted("2,2", "blue")).confirmed, RejectedError);
  const [refused] = await ben.rejected();
  assert.equal(refused!.problem.code, "access-denied");
  const { secret } = await access.share({ level: "contributor", uses: 1 });
  assert.deepEqual(await redeem(ben, secret), { aggregate: "canvas/b", level: "contributor" });
  await until(() => view.registers.size === 1);
  await ben.retryRejected(refused!.id).confirmed;
  const cid = await person(gateway.url, name);
  await assert.rejects(redeem(cid, secret), refusedAs("gone"));
  const notices: Notice[] = [];
  ben.onNotice(notice => notices.push(notice));
  await access.revoke({ client: ben.clientId });
  await until(() => notices.some(({ kind }) => kind === "revoked") && view.registers.size === 0);
  assert.equal(view.readable, false);
});

test("an append that breaks its schema is listed with the reason, and what comes behind it lands", async () => {
  const name = org();
  const ada = await person(gateway.url, name);
  const [schemas, painting] = [schemasOf(ada), { eventType: "cell-painted", typeVersion: "1.0" }];
  for (let time = 0; time < 2; time++) await schemas.put(painting, { type: "string" });
  await assert.rejects(schemas.put(painting, { type: "number" }), refusedAs("schema-conflict"));
  assert.deepEqual([await schemas.list(), await schemas.read(painting)], [[painting], { type: "string" }]);
  await assert.rejects(schemas.read({ ...painting, typeVersion: "2.0" }), refusedAs("not-found"));
  const bad = ada.append({ aggregate: "canvas/b", type: "cell-painted", key: "1,1", data: 5 });
  const good = ada.append(painted("2,2", "blue"));
  await assert.rejects(bad.confirmed, refusedAs("schema-violation"));
  assert.deepEqual((await good.confirmed).versions, { "canvas/b": 1 });
});

test("a server that was restored from an old backup is noticed, and what it lost is sent again", async () => {
  const folder = await temporaryFolder("restored");
  const first = await RealGateway.start(folder);
  const { port, url } = first;
  const ada = await person(url, "demo");
  const view = await ada.open("canvas/b");
  await others(ada, "1,1", "red");
  await until(() => view.version === 1);
  ada.goOffline();
  await first.kill("SIGTERM");
  const backup = `${folder}-backup`;
  await cp(folder, backup, { recursive: true });
  const second = await RealGateway.start(folder, ["--port", String(port)]);
  ada.goOnline();
  await others(ada, "2,2", "blue");
  await until(() => view.version === 2);
  await second.kill();
  await rm(folder, { recursive: true });
  await cp(backup, folder, { recursive: true });
  const notices: Notice[] = [];
  ada.onNotice(notice => notices.push(notice));
  const third = await RealGateway.start(folder, ["--port", String(port)]);
  ada.networkIsBack();
  await until(() => notices.length > 0 && ada.status.pending === 0 && view.registers.size === 2);
  assert.deepEqual(notices, [{ kind: "log-diverged", resent: 1 }]);
  await ada.close();
  await third.kill();
  for (const path of [folder, backup]) await rm(path, { recursive: true, force: true });
});

test("who is no member creates nothing until he is invited; an unknown key keeps what was appended", async () => {
  const folder = await temporaryFolder("members");
  await operate("org", "create", "--data", folder, "--admission", "members", "club");
  const key = await operate("key", "create", "--data", folder, "--org", "club", "--name", "admin", "--scope", "admin");
  const apiKey = /cel_\S+/.exec(key)![0];
  const closed = await RealGateway.start(folder);
  const admin = await person(closed.url, "club", { apiKey, online: false });
  const ben = await person(closed.url, "club");
  const early = ben.append(painted("1,1", "red"));
  await assert.rejects(early.confirmed, refusedAs("access-denied"));
  const { secret } = await admin.requests.call<{ secret: string }>("POST", "/shares", { role: "member" });
  assert.deepEqual(await redeem(ben, secret), { role: "member" });
  const [refused] = await ben.rejected();
  assert.deepEqual((await ben.retryRejected(refused!.id).confirmed).versions, { "canvas/b": 1 });
  const { members } = await admin.requests.call<{ members: unknown[] }>("GET", "/members");
  assert.deepEqual(members, [{ client: ben.clientId, role: "member" }]);
  const stranger = await person(closed.url, "club", { apiKey: "cel_unknown_secret" });
  stranger.append(painted("1,1", "red"));
  await until(() => stranger.status.state === "needs-auth");
  assert.equal(stranger.status.pending, 1);
  await everybodyLeaves();
  await closed.kill();
  await rm(folder, { recursive: true, force: true });
});
