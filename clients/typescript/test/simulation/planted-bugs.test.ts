/** A simulation is worth what it finds: each of these bugs, planted into the client, must be caught. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BufferTables } from "../../src/buffer/tables.js";
import { SseParser } from "../../src/protocol/sse.js";
import { Transport } from "../../src/protocol/transport.js";
import { ConfirmedAggregate } from "../../src/state/confirmed-aggregate.js";
import { OpenAggregate } from "../../src/state/open-aggregate.js";
import { OpenAggregates } from "../../src/state/open-aggregates.js";
import { Overlay } from "../../src/state/overlay.js";
import { Projection } from "../../src/state/projection.js";
import { Follower } from "../../src/sync/follower.js";
import { Outbox } from "../../src/sync/outbox.js";
import { Pusher } from "../../src/sync/pusher.js";
import { SyncLoop } from "../../src/sync/sync-loop.js";
import { simulate } from "./simulation.js";

/** So many seeds at most until a planted bug is seen. */
const SEEDS_MAX = 400;

// Private parts are replaced here, whatever their types say.
type Any = any;

interface Bug {
  readonly name: string;
  /** One that catches it; if it does not any more, those behind it are tried. */
  readonly seed: number;
  readonly of: { readonly prototype: object };
  readonly method: string;
  /** The faulty method, made of the right one. */
  readonly fault: (right: (...args: Any[]) => Any) => (this: Any, ...args: Any[]) => Any;
}

const BUGS: readonly Bug[] = [
  {
    name: "a new identity for every push that got no answer, with everything numbered anew",
    seed: 12,
    of: Pusher,
    method: "stepOnce",
    fault: right =>
      async function (signal) {
        await right.call(this, signal).catch(async (error: Error) => {
          if (error.name === "NoAnswerError") await this.takeNewIdentity();
          throw error;
        });
      },
  },
  {
    name: "an answer that was cut counts as an answer",
    seed: 199,
    of: Transport,
    method: "body",
    fault: right =>
      async function (response, signal) {
        return await right
          .call(this, response, signal)
          .catch(() => ({ results: [], events: [], next: null, position: 20, version: 20, registers: {} }));
      },
  },
  {
    name: "what is settled leaves the queue one too far",
    seed: 30,
    of: BufferTables,
    method: "settle",
    fault: right =>
      function (settlement) {
        right.call(this, settlement);
        this.pending.delete(settlement.settled.sequence + 1);
      },
  },
  {
    name: "a rejected append is not listed",
    seed: 6,
    of: BufferTables,
    method: "settle",
    fault: right =>
      function (settlement) {
        right.call(this, { ...settlement, rejected: [] });
      },
  },
  {
    name: "a healed fork forgets the first that is pending",
    seed: 6,
    of: BufferTables,
    method: "restamp",
    fault: right =>
      function (identity) {
        const [first] = this.pending.keys();
        if (first !== undefined) this.pending.delete(first);
        right.call(this, identity);
      },
  },
  {
    name: "what the log lost is not queued again",
    seed: 14,
    of: BufferTables,
    method: "rewind",
    fault: right =>
      function (settled) {
        this.kept = [];
        right.call(this, settled);
      },
  },
  {
    name: "the cursor moves before the state does",
    seed: 5,
    of: OpenAggregates,
    method: "advance",
    fault: right =>
      async function (events, position, hash) {
        await this.store({ cursor: { ...this.cursor, position }, aggregates: [] });
        return await right.call(this, events, position, hash);
      },
  },
  {
    name: "a gap between versions is passed over",
    seed: 123,
    of: ConfirmedAggregate,
    method: "advance",
    fault: right =>
      function (events) {
        const first = events.find((event: Any) => event.version > this.version);
        if (first !== undefined) this.version = first.version - 1;
        return right.call(this, events);
      },
  },
  {
    name: "a deleted aggregate keeps its registers",
    seed: 17,
    of: ConfirmedAggregate,
    method: "apply",
    fault: right =>
      function (change) {
        right.call(this, { ...change, resetRegisters: false });
      },
  },
  {
    name: "an aggregate that was closed counts as read",
    seed: 28,
    of: OpenAggregates,
    method: "withoutClosed",
    fault: () => change => change,
  },
  {
    name: "what a revoked aggregate held stays to be seen",
    seed: 83,
    of: OpenAggregates,
    method: "forget",
    fault: () =>
      async function (this: Any, _name, position) {
        await this.store({ ...this.moveTo(position), aggregates: [] });
      },
  },
  {
    name: "of a log that lost its end the old state is kept",
    seed: 14,
    of: OpenAggregate,
    method: "distrust",
    fault: () => () => undefined,
  },
  {
    name: "a hash is kept before the log was asked for what landed behind the last one",
    seed: 164,
    of: Follower,
    method: "prove",
    fault: () => () => Promise.resolve(),
  },
  {
    name: "reading begins where the last state is of, and not the first",
    seed: 1,
    of: OpenAggregates,
    method: "replace",
    fault: right =>
      function (change, cursor) {
        return right.call(this, change, { ...cursor, position: cursor.check?.position ?? cursor.position });
      },
  },
  {
    name: "a projection goes on behind a gap",
    seed: 19,
    of: Projection,
    method: "startFromSnapshot",
    fault: () => () => Promise.resolve(),
  },
  {
    name: "a block of the stream that comes in two parts is lost",
    seed: 2,
    of: SseParser,
    method: "push",
    fault: right =>
      function (bytes) {
        const blocks = right.call(this, bytes);
        this.rest = "";
        return blocks;
      },
  },
  {
    name: "a wait after a failure never ends by itself",
    seed: 5,
    of: SyncLoop,
    method: "wait",
    fault: () =>
      function (this: Any) {
        return this.changed.until(() => this.state !== "backing-off");
      },
  },
  {
    name: "a log that differs from what was read is taken for the same",
    seed: 48,
    of: Follower,
    method: "recover",
    fault: right =>
      async function (error, part, session) {
        if (error.problem?.code !== "log-diverged") await right.call(this, error, part, session);
        else await this.of.open.follow(this.of.open.names(), { position: 0 });
      },
  },
  {
    name: "an append that the store refused is pending all the same",
    seed: 3,
    of: Outbox,
    method: "unstored",
    fault: () =>
      function (this: Any, draft, handle) {
        handle.isLocal({ sequence: 0, id: draft.id });
      },
  },
  {
    name: "what may not be seen is read again and again, since its events are wanted",
    seed: 6,
    of: OpenAggregates,
    method: "toRead",
    fault: () =>
      function (this: Any) {
        return [...this.byName.values()].filter(open => !this.follows.has(open.name) || !open.has(open.wanted));
      },
  },
  {
    name: "what was settled and may not be seen any more stays on top",
    seed: 102045,
    of: OpenAggregates,
    method: "stand",
    fault: () =>
      function (this: Any, { cursor, follows }) {
        if (follows !== undefined) this.follows = new Set(follows);
        if (cursor !== undefined) this.cursor = cursor;
      },
  },
  {
    name: "what the log lost is shown over what came later",
    seed: 2,
    of: Overlay,
    method: "remove",
    fault: right =>
      function (id, events) {
        if (new Error().stack?.includes("Outbox.take") !== true) right.call(this, id, events);
      },
  },
  {
    name: "after a fork was healed, reading goes on with the rights of the former identity",
    seed: 3655,
    of: Follower,
    method: "readAsAnother",
    fault: () => () => Promise.resolve(),
  },
];

for (const { name, seed: first, of, method, fault } of BUGS) {
  test(`the simulation catches: ${name}`, async t => {
    const prototype = of.prototype as Record<string, Any>;
    const right = prototype[method] as (...args: Any[]) => Any;
    assert.equal(typeof right, "function", method);
    prototype[method] = fault(right);
    try {
      for (let seed = first; seed < first + SEEDS_MAX; seed++) {
        const caught = await simulate(seed).then(
          () => undefined,
          (error: Error) => error.message,
        );
        if (caught === undefined) continue;
        t.diagnostic(`seed ${seed}: ${caught.slice(0, 200)}`);
        return;
      }
    } finally {
      prototype[method] = right;
    }
    assert.fail(`not caught in ${SEEDS_MAX} seeds`);
  });
}
