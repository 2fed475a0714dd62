import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryBuffer } from "../../src/buffer/memory.js";
import type { Confirmation, EventInput, RecordedEvent, RegisterValue } from "../../src/model.js";
import { webCryptoKeys } from "../../src/protocol/device-key.js";
import type { AggregateState } from "../../src/protocol/requests.js";
import { OpenAggregates } from "../../src/state/open-aggregates.js";
import { Overlay } from "../../src/state/overlay.js";
import { Reading } from "../../src/state/reading.js";
import { Projection } from "../../src/state/projection.js";
import { conformance } from "../support/conformance.js";

interface Expectation {
  readonly version: number;
  readonly registers: Record<string, Partial<RegisterValue>>;
  readonly applied?: readonly (readonly [unknown, boolean])[];
}

interface Step {
  readonly confirmed?: readonly RecordedEvent[];
  readonly upTo?: number;
  readonly gap?: boolean;
  readonly state?: AggregateState;
  readonly append?: { readonly id: string; readonly events: readonly EventInput[] };
  readonly settled?: Confirmation & { readonly id: string };
  readonly rejected?: string;
  readonly expect?: Expectation;
}

interface Cases {
  readonly aggregate: string;
  readonly client: string;
  readonly cases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

class World {
  private readonly appended = new Map<string, readonly EventInput[]>();

  private constructor(
    readonly name: string,
    readonly overlay: Overlay,
    readonly all: OpenAggregates,
    readonly projection: Projection<readonly (readonly [unknown, boolean])[]>,
  ) {}

  static async of(name: string, client: string): Promise<World> {
    const buffer = memoryBuffer();
    const contents = await buffer.open(() => webCryptoKeys.create("jwk"));
    const overlay = new Overlay();
    const reading = new Reading(undefined, undefined);
    const all = new OpenAggregates(
      buffer,
      contents,
      overlay,
      () => client,
      reading,
      () => undefined,
    );
    const open = await all.open(name);
    open.want("all");
    const start = { aggregate: name, version: 0, position: 0, registers: [], historyAfter: 0, history: [] };
    await all.replace(start);
    await all.follow([name], { position: 0 });
    const initial: readonly (readonly [unknown, boolean])[] = [];
    const projection = new Projection(
      open,
      {
        initial,
        apply: (seen, event) => [...seen, [event.data, event.pending] as const],
      },
      () => undefined,
    );
    await projection.ready;
    return new World(name, overlay, all, projection);
  }

  async take(step: Step): Promise<void> {
    const { append, settled, rejected } = step;
    if (step.confirmed !== undefined) {
      const { name } = this.open;
      const followed = this.all["follows"].has(name);
      await this.all.advance(step.confirmed, step.upTo ?? 0);
      assert.equal(followed && !this.all["follows"].has(name), step.gap ?? false, "gap");
    }
    if (step.state !== undefined) await this.all.replace(this.open.confirmed.replacedBy(step.state, 0));
    if (append !== undefined) {
      this.appended.set(append.id, append.events);
      this.overlay.add(append.id, append.events);
    }
    const readUpTo = (name: string) => this.all.readUpTo(name);
    if (settled !== undefined) this.overlay.confirm(settled.id, this.appended.get(settled.id)!, settled, readUpTo);
    if (rejected !== undefined) this.overlay.remove(rejected, this.appended.get(rejected)!);
    if (step.expect !== undefined) this.check(step.expect);
  }

  private get open() {
    return this.all.get(this.name)!;
  }

  private check(expected: Expectation): void {
    assert.equal(this.open.confirmed.version, expected.version);
    const shown = this.open.layered;
    assert.deepEqual([...shown.keys()].sort(), Object.keys(expected.registers).sort());
    assert.equal(shown.size, Object.keys(expected.registers).length);
    for (const [key, fields] of Object.entries(expected.registers)) {
      for (const [field, value] of Object.entries(fields)) {
        assert.deepEqual(shown.get(key)?.[field as keyof RegisterValue], value, `${key}: ${field}`);
      }
    }
    if (expected.applied !== undefined) assert.deepEqual(this.projection.state, expected.applied);
  }
}

for (const file of ["last-write-wins", "pending-on-top"]) {
  const { aggregate, client, cases } = await conformance<Cases>(`folds/${file}.json`);
  for (const { name, steps } of cases) {
    test(`${file}: ${name}`, async () => {
      const world = await World.of(aggregate, client);
      for (const [place, step] of steps.entries()) {
        try {
          await world.take(step);
        } catch (error) {
          if (error instanceof assert.AssertionError) error.message = `step ${place}: ${error.message}`;
          throw error;
        }
      }
    });
  }
}
