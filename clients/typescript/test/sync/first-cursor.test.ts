/** Where a client that has never read begins: with the first state, which tells where the log was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway, type Call } from "../support/model-gateway.js";

const TYPE = { "Content-Type": "application/json" };

function append(gateway: ModelGateway, board: string, data: string): void {
  gateway.log.push(data, null, [{ id: data, sequence: 1, events: [painted(board, "1,1", data)] }]);
}

function isStream(call: Call): boolean {
  return call.headers.get("Accept") === "text/event-stream";
}

/** What was asked for of the merged log and of states, in order. */
function reads(gateway: ModelGateway): string[] {
  const read = ({ path, query }: Call) =>
    `${path.split("/").slice(3).join("/")} ${query.get("after") ?? "-"} ${query.get("check")?.split(":")[0] ?? "-"}`;
  return gateway.calls.filter(call => call.method === "GET" && call.headers.get("Authorization")).map(read);
}

/** Answers of states as `change` makes them. */
function changeStates(gateway: ModelGateway, change: (call: Call, body: Record<string, unknown>) => void): void {
  gateway.extension = call => {
    if (!call.path.endsWith("/state")) return undefined;
    const aggregate = call.path.split("/").slice(3, 5).join("/");
    const { position, id: log } = gateway.log;
    const version = gateway.log.version(aggregate);
    const registers = gateway.log.registers(aggregate);
    const head = { position, log, hash: gateway.log.hash(position) };
    const exists = gateway.log.exists(aggregate);
    const body = exists ? { aggregate, version, ...head, registers } : { code: "not-found", status: 404, ...head };
    change(call, body);
    const headers = { ...TYPE, "DPoP-Nonce": gateway.nonce };
    return new Response(JSON.stringify(body), { status: exists ? 200 : 404, headers });
  };
}

test("a client that has never read begins where the first state is of, without asking where the log ends", async () => {
  const gateway = new ModelGateway();
  for (const data of ["a", "b", "c"]) append(gateway, "b", data);
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await app.open("canvas/b");
  await until(() => app.status.state === "live");
  assert.equal(view.registers.get("1,1")?.data, "c");
  assert.deepEqual(reads(gateway), ["canvas/b/state - -", "events 3 3"]);
  await app.close();
});

test("of several states the first says where the stream begins: what came between them is not missed", async () => {
  const gateway = new ModelGateway();
  append(gateway, "one", "before");
  gateway.extension = call => {
    if (call.path.endsWith("canvas/two/state")) {
      append(gateway, "one", "between");
      append(gateway, "two", "there");
    }
    return undefined;
  };
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/one", "canvas/two"] });
  const [one, two] = [await app.open("canvas/one"), await app.open("canvas/two")];
  await until(() => app.status.state === "live");
  assert.deepEqual([one.registers.get("1,1")?.data, two.registers.get("1,1")?.data], ["between", "there"]);
  assert.deepEqual(reads(gateway), ["canvas/one/state - -", "canvas/two/state - 1", "events 1 3"]);
  await app.close();
});

test("what is made while the gateway says that there is no such aggregate is not missed", async () => {
  const gateway = new ModelGateway();
  append(gateway, "other", "elsewhere");
  let asked = 0;
  // It looks first, and says then where the log ends.
  changeStates(gateway, (_, body) => {
    if (asked++ > 0) return;
    append(gateway, "b", "made");
    const { position } = gateway.log;
    Object.assign(body, { position, hash: gateway.log.hash(position) });
  });
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await app.open("canvas/b");
  await until(() => app.status.state === "live");
  assert.equal(view.registers.get("1,1")?.data, "made");
  assert.deepEqual(reads(gateway), ["canvas/b/state - -", "canvas/b/state - 2", "events 2 2"]);
  await app.close();
});

for (const board of ["b", "none"]) {
  const of = board === "b" ? "of a state" : "of what does not exist";
  test(`a gateway that does not tell where the log was ${of} is asked where it ends`, async () => {
    const gateway = new ModelGateway();
    append(gateway, "b", "there");
    changeStates(gateway, (_, body) => {
      append(gateway, "b", `later-${gateway.log.position}`);
      for (const name of ["log", "hash", ...(board === "b" ? [] : ["position"])]) delete body[name];
    });
    const { app, until } = await clientOf(gateway, { aggregates: [`canvas/${board}`] });
    const view = await app.open(`canvas/${board}`);
    await until(() => app.status.state === "live");
    assert.equal(view.registers.get("1,1")?.data, board === "b" ? "later-2" : undefined);
    const state = `canvas/${board}/state -`;
    assert.deepEqual(reads(gateway), [`${state} -`, "events 0 -", "events 2 -", `${state} 2`, "events 2 2"]);
    await app.close();
  });
}

test("a log that was put back and grew again behind the first state is noticed with the next one", async () => {
  const gateway = new ModelGateway();
  append(gateway, "one", "lost");
  let back = false;
  gateway.extension = call => {
    if (!call.path.endsWith("canvas/two/state") || back) return undefined;
    back = true;
    gateway.log.restoreTo(0);
    append(gateway, "one", "kept");
    append(gateway, "two", "more");
    return undefined;
  };
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/one", "canvas/two"] });
  const one = await app.open("canvas/one");
  await until(() => app.status.state === "live");
  assert.equal(back, true);
  assert.equal(one.registers.get("1,1")?.data, "kept");
  await app.close();
});

for (const board of ["b", "none"]) {
  const of = board === "b" ? "a state" : "the answer that there is none";
  test(`no first cursor is kept of ${of} before the log was asked for what landed`, async () => {
    const gateway = new ModelGateway();
    const { app, until } = await clientOf(gateway);
    await app.append(painted("b", "1,1", "own")).confirmed;
    gateway.log.restoreTo(0);
    for (const data of ["x", "y", "z"]) append(gateway, "b", data);
    const asked = gateway.callsTo("/appends").length;
    gateway.fault = call => (call.path.endsWith("/appends") ? { kind: "answer-lost" } : undefined);
    await app.open(`canvas/${board}`);
    await until(() => gateway.callsTo("/appends").length > asked + 2);
    assert.equal(gateway.calls.some(isStream), false);
    assert.equal(app["aggregates"].cursor, null);
    gateway.fault = () => undefined;
    await until(() => gateway.log.events.at(-1)?.data === "own" && app.status.state === "live");
    await app.close();
  });
}
