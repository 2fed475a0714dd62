import assert from "node:assert/strict";
import { test } from "node:test";
import { BufferWriteError } from "../../src/buffer/local-buffer.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import type { Celeriant } from "../../src/celeriant.js";
import { RejectedError } from "../../src/protocol/errors.js";
import type { EventInput } from "../../src/model.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

const NOT_ALLOWED = { code: "access-denied", status: 403, done: "settled" } as const;

function refusing(data: string): ModelGateway {
  const gateway = new ModelGateway();
  gateway.log.admission = (_client, event: EventInput) => (event.data === data ? NOT_ALLOWED : undefined);
  return gateway;
}

test("a rejected append goes to the rejected list with its reason, and the rest of the queue goes on", async () => {
  const gateway = refusing("poison");
  const { app, until } = await clientOf(gateway, { online: false });
  const view = await app.open("canvas/b");
  const handles = ["a", "poison", "c"].map((data, n) => app.append(painted("b", `${n},0`, data)));
  assert.equal(view.registers.get("1,0")?.data, "poison");
  app.goOnline();
  await app.whenSettled();
  await assert.rejects(
    handles[1]!.confirmed,
    (error: Error) => error instanceof RejectedError && error.problem.code === "access-denied",
  );
  assert.deepEqual((await handles[2]!.confirmed).positions, [2, 2]);
  await until(() => view.version === 2);
  assert.equal(view.registers.has("1,0"), false, "what was rejected is no longer shown");
  const [rejected, ...more] = await app.rejected();
  assert.equal(more.length, 0);
  assert.equal(rejected?.events[0]?.data, "poison");
  assert.equal(rejected?.problem.code, "access-denied");
  assert.equal(app.status.rejected, 1);
  await app.close();
});

test("a rejected append can be retried, under a new sequence, or discarded", async () => {
  const gateway = refusing("poison");
  const { app } = await clientOf(gateway);
  for (const key of ["1,0", "2,0"]) await app.append(painted("b", key, "poison")).confirmed.catch(() => undefined);
  const [first, second] = await app.rejected();
  gateway.log.admission = () => undefined;
  await app.retryRejected(first!.id).confirmed;
  assert.deepEqual(
    (await app.rejected()).map(append => append.id),
    [second!.id],
  );
  await app.discardRejected(second!.id);
  assert.deepEqual(await app.rejected(), []);
  assert.deepEqual(
    gateway.log.events.map(event => [event.key, event.sequence]),
    [["1,0", 3]],
  );
  assert.throws(() => app.retryRejected(first!.id), /no rejected append/);
  await app.close();
});

test("a rejected append is corrected and retried once, however often that is asked for", async () => {
  const gateway = refusing("poison");
  const { app } = await clientOf(gateway);
  await app.append(painted("b", "1,0", "poison")).confirmed.catch(() => undefined);
  const [{ id } = { id: "" }] = await app.rejected();
  assert.throws(() => app.retryRejected(id, painted("b", "", "red")), /1 to 512 bytes/);
  const corrected = app.retryRejected(id, painted("b", "1,0", "red"));
  assert.throws(() => app.retryRejected(id, painted("b", "1,0", "red")), /no rejected append/);
  await corrected.confirmed;
  assert.deepEqual(await app.rejected(), []);
  assert.deepEqual(
    gateway.log.events.map(({ data }) => data),
    ["red"],
  );
  await app.close();
});

test("a rejected append that could not be retried is still there", async () => {
  const gateway = refusing("poison");
  const buffer = memoryBuffer();
  const { app } = await clientOf(gateway, { buffer });
  await app.append(painted("b", "1,0", "poison")).confirmed.catch(() => undefined);
  const { append } = buffer;
  buffer.append = () => Promise.reject(new BufferWriteError("full"));
  const [{ id } = { id: "" }] = await app.rejected();
  await assert.rejects(app.retryRejected(id).local, BufferWriteError);
  assert.equal(app.status.rejected, 1);
  buffer.append = append;
  gateway.log.admission = () => undefined;
  await app.retryRejected(id).confirmed;
  assert.equal(app.status.rejected, 0);
  await app.close();
});

for (const [what, done] of Object.entries({
  "still listed": (app: Celeriant) => app.rejected(),
  discarded: (app: Celeriant, id: string) => app.discardRejected(id),
})) {
  test(`a rejection that the log lost changes nothing of what is ${what}`, async () => {
    const gateway = refusing("poison");
    const { app, until } = await clientOf(gateway);
    await app.append(painted("b", "1,0", "red")).confirmed;
    await app.append(painted("b", "2,0", "blue")).confirmed;
    await app.append(painted("b", "3,0", "poison")).confirmed.catch(() => undefined);
    const [{ id } = { id: "" }] = await app.rejected();
    await done(app, id);
    const before = await app.rejected();
    gateway.log.restoreTo(1);
    await app.append(painted("b", "4,0", "green")).confirmed;
    await until(() => app.status.pending === 0);
    assert.deepEqual(await app.rejected(), before);
    await app.close();
  });
}

test("an append that makes the gateway refuse the whole request is found and listed; the others land", async () => {
  const gateway = new ModelGateway();
  const problem = { code: "too-large", status: 413, done: "nothing", limit: 8, unit: "bytes" };
  const tooLarge = () =>
    new Response(JSON.stringify(problem), {
      status: 413,
      headers: { "Content-Type": "application/problem+json" },
    });
  gateway.fault = call => (call.body.includes("huge") ? { kind: "answer", response: tooLarge } : undefined);
  const { app, until } = await clientOf(gateway, { online: false });
  for (let n = 0; n < 20; n++) app.append(painted("b", `${n},0`, n === 13 ? "huge" : `c${n}`));
  app.goOnline();
  await until(() => app.status.pending === 0);
  assert.equal(gateway.log.events.length, 19);
  const [rejected] = await app.rejected();
  assert.equal(rejected?.sequence, 14);
  assert.equal(rejected?.problem.code, "too-large");
  assert.equal(rejected?.events[0]?.data, "huge");
  await app.close();
});

test("an append that no log could take is refused where it is made, and nothing of it is kept", async () => {
  const { app } = await clientOf(new ModelGateway(), { online: false });
  const faulty: [Record<string, unknown>, RegExp][] = [
    [{ aggregate: "canvas" }, /must be type\/id/],
    [{ aggregate: "$access.canvas/b" }, /the system's own/],
    [{ type: "not a name" }, /outside the letters/],
    [{ data: undefined }, /exactly one of/],
    [{ data_base64: "AAAA" }, /exactly one of/],
    [{ key: "" }, /1 to 512 bytes/],
    [{ key: "a\u0000" }, /control characters/],
    [{ data: "x".repeat(1024 * 1024) }, /at most 1048576/],
  ];
  for (const [fields, message] of faulty) {
    assert.throws(() => app.append({ ...painted("b", "1,1", "red"), ...fields } as EventInput), message);
  }
  assert.throws(() => app.append([]), /at least one event/);
  assert.throws(() => app.append(Array.from({ length: 1001 }, () => painted("b", "1,1", "red"))), /at most 1000/);
  assert.equal(app.status.pending, 0);
  await app.close();
});
