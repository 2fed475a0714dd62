/** What every local buffer must do. Each implementation's test file calls this with a way to make and reopen one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeptAppend, LocalBuffer, StoredIdentity } from "../../src/buffer/local-buffer.js";
import { webCryptoKeys } from "../../src/protocol/device-key.js";
import type { EventInput, PendingAppend, RecordedEvent, RejectedAppend } from "../../src/model.js";

export interface BufferUnderTest {
  /** A store of its own for each call; `reopen` opens what the last one left, as after a restart. */
  create(): Promise<{ buffer: LocalBuffer; reopen: (() => LocalBuffer) | undefined }>;
}

const EVENT: EventInput = { aggregate: "canvas/b", type: "cell-painted", key: "1,1", data: "red" };

function draft(id: string, events: readonly EventInput[] = [EVENT]) {
  return { id, events, createdAt: 1000 };
}

function rejectedAppend(id: string, place: number): RejectedAppend {
  const problem = { code: "no", status: 403 };
  return { sequence: place + 1, id, events: [EVENT], createdAt: 1, rejectedAt: 2, problem };
}

function recorded(version: number, position: number, more: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    ...EVENT,
    id: `e${version}`,
    version,
    position,
    client: "c",
    append: `a${version}`,
    recordedAt: "2026-01-01T00:00:00Z",
    ...more,
  };
}

function kept(identity: StoredIdentity, sequence: number, position: number, settledAt = 2000): KeptAppend {
  return {
    client: identity.clientId,
    sequence,
    id: `a${sequence}`,
    events: [EVENT],
    settledAt,
    confirmation: { positions: [position, position], versions: { "canvas/b": position } },
  };
}

export function bufferContract(name: string, under: BufferUnderTest): void {
  const opened = async () => {
    const made = await under.create();
    const contents = await made.buffer.open(() => webCryptoKeys.create(made.buffer.keyForm));
    return { ...made, contents, identity: contents.identity };
  };
  const reopened = async (reopen: () => LocalBuffer) => {
    const buffer = reopen();
    const contents = await buffer.open(() => Promise.reject(new Error("a known identity was made again")));
    return { buffer, contents };
  };

  test(`${name}: a new buffer has a new identity and nothing else`, async () => {
    const { buffer, contents } = await opened();
    assert.match(contents.identity.clientId, /^[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(
      { ...contents, identity: null },
      { identity: null, settled: null, pending: [], rejected: [], cursor: null, follows: [] },
    );
    await buffer.close();
  });

  test(`${name}: appends are numbered from 1 without a gap, in the order they were asked for`, async () => {
    const { buffer } = await opened();
    const several = await Promise.all([
      buffer.append([draft("a"), draft("b")]),
      buffer.append([draft("c")]),
      buffer.append([draft("d")]),
    ]);
    assert.deepEqual(
      several.flat().map(append => [append.sequence, append.id]),
      [
        [1, "a"],
        [2, "b"],
        [3, "c"],
        [4, "d"],
      ],
    );
    const { pending } = await buffer.contents();
    assert.deepEqual(
      pending.map(append => append.sequence),
      [1, 2, 3, 4],
    );
    await buffer.close();
  });

  test(`${name}: identity, numbers, pending and rejected appends survive a restart together`, async () => {
    const { buffer, reopen, identity } = await opened();
    if (reopen === undefined) return;
    await buffer.append([draft("a1"), draft("a2"), draft("a3")]);
    const rejected = {
      sequence: 2,
      id: "a2",
      events: [EVENT],
      createdAt: 1000,
      rejectedAt: 2000,
      problem: { code: "no", status: 403 },
    };
    const settled = { sequence: 2, id: "a2" };
    await buffer.settle({ client: identity.clientId, settled, kept: [kept(identity, 1, 7)], rejected: [rejected] });
    await buffer.close();
    const { buffer: again, contents } = await reopened(reopen);
    assert.equal(contents.identity.clientId, identity.clientId);
    assert.deepEqual(contents.settled, settled);
    assert.deepEqual(
      contents.pending.map(append => [append.sequence, append.id, append.events]),
      [[3, "a3", [EVENT]]],
    );
    assert.deepEqual(contents.rejected, [rejected]);
    assert.deepEqual(
      (await again.append([draft("a4")])).map(append => append.sequence),
      [4],
    );
    const bytes = new Uint8Array([1, 2, 3]);
    assert.equal((await webCryptoKeys.sign(contents.identity, bytes)).length, 64);
    await again.close();
  });

  test(`${name}: a settlement under another identity changes nothing`, async () => {
    const { buffer } = await opened();
    await buffer.append([draft("a1")]);
    const settlement = { client: "another", settled: { sequence: 1, id: "a1" }, kept: [], rejected: [] };
    await assert.rejects(buffer.settle(settlement), /new identity/);
    const { pending, settled } = await buffer.contents();
    assert.equal(pending.length, 1);
    assert.equal(settled, null);
    await buffer.close();
  });

  test(`${name}: an append given up keeps its place and its reason`, async () => {
    const { buffer } = await opened();
    await buffer.append([draft("a1"), draft("a2")]);
    await buffer.giveUp(1, { code: "too-large", status: 413 });
    const { pending } = await buffer.contents();
    assert.deepEqual(
      pending.map(append => [append.sequence, append.givenUp?.code]),
      [
        [1, "too-large"],
        [2, undefined],
      ],
    );
    await buffer.close();
  });

  test(`${name}: retrying a rejected append takes it off the list in the same step`, async () => {
    const { buffer, identity } = await opened();
    await buffer.append([draft("a1"), draft("a2")]);
    const rejected = ["a1", "a2"].map(rejectedAppend);
    await buffer.settle({ client: identity.clientId, settled: { sequence: 2, id: "a2" }, kept: [], rejected });
    const [again] = await buffer.append([{ ...draft("a3"), retries: "a1" }]);
    assert.equal(again?.sequence, 3);
    assert.deepEqual(
      (await buffer.contents()).rejected.map(append => append.id),
      ["a2"],
    );
    assert.equal(await buffer.discardRejected("a2"), true);
    assert.deepEqual((await buffer.contents()).rejected, []);
    await buffer.close();
  });

  test(`${name}: a rejected append is taken off the list once, by whoever is first; the others are told`, async () => {
    const { buffer, identity } = await opened();
    const rejected = ["a1", "a2", "a3"].map(rejectedAppend);
    await buffer.settle({ client: identity.clientId, settled: { sequence: 3, id: "a3" }, kept: [], rejected });
    const retried = (id: string, retries: string) => ({ ...draft(id), retries });
    const [first, second, third, discarded, again, alone] = await Promise.all([
      buffer.append([retried("b1", "a1"), draft("b2")]),
      buffer.append([draft("b3"), retried("b4", "a1"), draft("b5")]),
      buffer.append([retried("b6", "a2"), retried("b7", "a2")]),
      buffer.discardRejected("a3"),
      buffer.discardRejected("a3"),
      buffer.append([retried("b8", "a3")]),
    ]);
    const names = (appends: readonly PendingAppend[]) => appends.map(({ id, sequence }) => `${sequence} ${id}`);
    assert.deepEqual([first, second, third, alone].map(names), [["4 b1", "5 b2"], ["6 b3", "7 b5"], ["8 b6"], []]);
    assert.deepEqual([discarded, again], [true, false]);
    const contents = await buffer.contents();
    assert.deepEqual(contents.rejected, []);
    assert.deepEqual(names(contents.pending), ["4 b1", "5 b2", "6 b3", "7 b5", "8 b6"]);
    const [next] = await buffer.append([draft("c1")]);
    assert.equal(next?.sequence, 9);
    await buffer.close();
  });

  test(`${name}: a rewind puts what the log lost before what is pending, under the old numbers`, async () => {
    const { buffer, identity } = await opened();
    await buffer.append([draft("a1"), draft("a2"), draft("a3"), draft("a4")]);
    const lostRejection = { client: identity.clientId, sequence: 3, id: "a3", events: [], settledAt: 2000 };
    await buffer.settle({
      client: identity.clientId,
      settled: { sequence: 3, id: "a3" },
      kept: [kept(identity, 1, 5), kept(identity, 2, 6), lostRejection],
      rejected: [],
    });
    const contents = await buffer.rewind({ sequence: 1, id: "a1" });
    assert.deepEqual(contents.settled, { sequence: 1, id: "a1" });
    assert.deepEqual(
      contents.pending.map(append => [append.sequence, append.id, append.givenUp?.code]),
      [
        [2, "a2", undefined],
        [3, "a3", "void"],
        [4, "a4", undefined],
      ],
    );
    assert.deepEqual(
      (await buffer.append([draft("a5")])).map(append => append.sequence),
      [5],
    );
    assert.deepEqual(
      (await buffer.loadKept(0)).map(append => append.sequence),
      [1],
    );
    await buffer.close();
  });

  test(`${name}: of many that were stored at once, each is pending or settled for itself`, async () => {
    const { buffer, identity, reopen } = await opened();
    const { clientId: client } = identity;
    const numbers = (appends: readonly { sequence: number }[]) => appends.map(append => append.sequence);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, place) => from + place);
    await buffer.append(range(1, 250).map(number => draft(`a${number}`)));
    const settled = { sequence: 120, id: "a120" };
    await buffer.settle({ client, settled, kept: range(1, 120).map(at => kept(identity, at, at)), rejected: [] });
    await buffer.giveUp(130, { code: "too-large", status: 413 });
    assert.deepEqual(numbers(await buffer.loadKept(90)), range(91, 120));
    await buffer.close();
    const { buffer: again, contents } = reopen === undefined ? { buffer, contents: undefined } : await reopened(reopen);
    if (contents === undefined) return;
    assert.deepEqual(numbers(contents.pending), range(121, 250));
    const { pending } = await again.rewind({ sequence: 60, id: "a60" });
    assert.deepEqual(numbers(pending), range(61, 250));
    assert.deepEqual(
      pending.filter(append => append.givenUp !== undefined).map(append => append.sequence),
      [130],
    );
    assert.deepEqual(numbers(await again.loadKept(0)), range(1, 60));
    assert.deepEqual(numbers(await again.append([draft("b")])), [251]);
    const restamped = await again.restamp(await webCryptoKeys.create(again.keyForm));
    assert.deepEqual(
      restamped.pending.map(({ id }) => id),
      [...range(61, 250).map(number => `a${number}`), "b"],
    );
    assert.deepEqual(numbers(restamped.pending), range(1, 191));
    await again.close();
  });

  test(`${name}: a new identity numbers everything unsettled again from 1, in its order`, async () => {
    const { buffer, reopen, identity } = await opened();
    await buffer.append([draft("a1"), draft("a2"), draft("a3")]);
    const settled = { sequence: 1, id: "a1" };
    await buffer.settle({ client: identity.clientId, settled, kept: [kept(identity, 1, 5)], rejected: [] });
    const other = await webCryptoKeys.create(buffer.keyForm);
    await buffer.confirm({ cursor: { position: 5 }, follows: ["canvas/b"], aggregates: [] });
    const contents = await buffer.restamp(other);
    assert.deepEqual([contents.cursor, contents.follows], [{ position: 5 }, []]);
    assert.equal(contents.identity.clientId, other.clientId);
    assert.equal(contents.settled, null);
    assert.deepEqual(
      contents.pending.map(append => [append.sequence, append.id]),
      [
        [1, "a2"],
        [2, "a3"],
      ],
    );
    assert.deepEqual(
      (await buffer.append([draft("a4")])).map(append => append.sequence),
      [3],
    );
    await buffer.close();
    if (reopen === undefined) return;
    const again = await reopened(reopen);
    assert.equal(again.contents.identity.clientId, other.clientId);
    assert.deepEqual(
      again.contents.pending.map(append => append.sequence),
      [1, 2, 3],
    );
    await again.buffer.close();
  });

  test(`${name}: confirmed registers, events and cursor move on together and are there after a restart`, async () => {
    const { buffer, reopen } = await opened();
    const register = { type: "cell-painted", data: "red", client: "c", version: 1, position: 3 };
    await buffer.confirm({
      cursor: { position: 4, log: "l", check: { position: 4, hash: "h" } },
      follows: ["canvas/b"],
      aggregates: [
        {
          aggregate: "canvas/b",
          version: 2,
          position: 4,
          registers: [
            ["1,1", register],
            ["2,2", register],
          ],
          historyAfter: 0,
          history: [recorded(1, 3), recorded(2, 4)],
        },
      ],
    });
    await buffer.confirm({
      cursor: { position: 6 },
      aggregates: [
        {
          aggregate: "canvas/b",
          version: 3,
          position: 6,
          registers: [["1,1", null]],
          historyAfter: 1,
          history: [recorded(3, 6)],
        },
      ],
    });
    await buffer.close();
    const store = reopen === undefined ? undefined : await reopened(reopen);
    if (store === undefined) return;
    assert.deepEqual(store.contents.cursor, { position: 6 });
    assert.deepEqual(store.contents.follows, ["canvas/b"]);
    const aggregate = await store.buffer.loadAggregate("canvas/b");
    assert.deepEqual(aggregate && { ...aggregate, registers: new Map(aggregate.registers) }, {
      aggregate: "canvas/b",
      version: 3,
      position: 6,
      historyAfter: 1,
      registers: new Map([["2,2", register]]),
    });
    assert.equal(await store.buffer.loadAggregate("canvas/other"), undefined);
    const history = await store.buffer.loadHistory("canvas/b", 0, 10);
    assert.deepEqual(
      history.map(event => event.version),
      [2, 3],
    );
    assert.deepEqual(
      (await store.buffer.loadHistory("canvas/b", 2, 1)).map(event => event.version),
      [3],
    );
    await store.buffer.close();
  });

  test(`${name}: what is replaced or forgotten leaves nothing behind`, async () => {
    const { buffer } = await opened();
    const register = { type: "t", data: 1, client: "c", version: 1, position: 1 };
    const both = ["canvas/a", "canvas/b"].map(aggregate => ({
      aggregate,
      version: 1,
      position: 1,
      registers: [["k", register]] as const,
      historyAfter: 0,
      history: [recorded(1, 1)],
    }));
    await buffer.confirm({ cursor: { position: 1 }, aggregates: both });
    await buffer.confirm({
      aggregates: [
        {
          aggregate: "canvas/a",
          version: 5,
          position: 9,
          resetRegisters: true,
          registers: [["new", register]],
          history: [],
        },
      ],
    });
    assert.deepEqual([...(await buffer.loadAggregate("canvas/a"))!.registers.keys()], ["new"]);
    const forget = { aggregate: "canvas/a", version: 0, position: 0, registers: [], history: [], forget: true };
    await buffer.confirm({ aggregates: [forget] });
    assert.equal(await buffer.loadAggregate("canvas/a"), undefined);
    assert.equal((await buffer.loadAggregate("canvas/b"))?.version, 1);
    await buffer.confirm({ cursor: null, forgetAll: true, aggregates: [] });
    assert.equal(await buffer.loadAggregate("canvas/b"), undefined);
    assert.deepEqual(await buffer.loadHistory("canvas/b", 0, 10), []);
    assert.equal((await buffer.contents()).cursor, null);
    await buffer.close();
  });

  test(`${name}: settled appends are kept until they are pruned, and found by their place`, async () => {
    const { buffer, identity } = await opened();
    await buffer.append([draft("a1"), draft("a2"), draft("a3")]);
    for (const old of [kept(identity, 1, 5, 1000), kept(identity, 2, 8, 2000), kept(identity, 3, 9, 3000)]) {
      const { client, sequence, id } = old;
      await buffer.settle({ client, settled: { sequence, id }, kept: [old], rejected: [] });
    }
    assert.deepEqual(
      (await buffer.loadKept(5)).map(append => append.sequence),
      [2, 3],
    );
    await buffer.pruneKept(2500);
    assert.deepEqual(
      (await buffer.loadKept(0)).map(append => append.sequence),
      [3],
    );
    await buffer.close();
  });
}
