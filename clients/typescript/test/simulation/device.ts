/**
 * A device in a simulated world: its storage, its way to the gateway, and, while it is switched on, the real client
 * on both, with an application that remembers what it had open.
 */
import { JournaledBuffer } from "../../src/buffer/journaled-buffer.js";
import type { StoredIdentity } from "../../src/buffer/local-buffer.js";
import type { Celeriant } from "../../src/celeriant.js";
import type { Clock } from "../../src/clock.js";
import { connect } from "../../src/connect.js";
import type { EventInput } from "../../src/model.js";
import type { Keys } from "../../src/protocol/device-key.js";
import type { OpenAggregates } from "../../src/state/open-aggregates.js";
import type { Projection } from "../../src/state/projection.js";
import type { AppendHandle } from "../../src/sync/append-handle.js";
import type { Outbox } from "../../src/sync/outbox.js";
import type { AggregateView } from "../../src/view.js";
import type { Disk } from "./disk.js";
import { Link } from "./link.js";
import type { World } from "./world.js";

/** An append that an application made, and what it was told of it. */
export interface Tracked {
  readonly id: string;
  readonly device: Device;
  readonly events: readonly EventInput[];
  /** Its place among those of its device. */
  readonly place: number;
  durable: boolean;
  verdict: "confirmed" | "rejected" | undefined;
  /** The user took it off the rejected list, or why nobody can expect it to be kept. */
  excused: string | undefined;
}

/** What a projection of events shows: version and id of each. */
export type Shown = readonly (readonly [version: number, id: string])[];

export const PUT_BACK = "its storage was put back";

export type Wanted = "registers" | "events" | "snapshot";

interface Process {
  alive: boolean;
}

/** The parts of a client that an invariant looks into. */
export interface Innards {
  readonly outbox: Outbox;
  readonly aggregates: OpenAggregates;
}

export class Device {
  readonly link: Link;
  app: Celeriant | undefined;
  buffer: JournaledBuffer | undefined;
  readonly wanted = new Map<string, Wanted>();
  readonly views = new Map<string, AggregateView>();
  readonly projections = new Map<string, Projection<Shown>>();
  readonly tracked: Tracked[] = [];
  /** Who it was when it was last on. */
  clientId: string | undefined;
  private wasCovered = true;
  private process: Process = { alive: false };
  private readonly skewMs: number;

  constructor(
    private readonly world: World,
    readonly name: string,
    public disk: Disk,
  ) {
    this.link = new Link(world.scheduler, world.chance, world.gateway, () => world.gatewayIsUp);
    this.skewMs = world.chance.between(-1_000_000, 1_000_000);
  }

  get isOn(): boolean {
    return this.process.alive;
  }

  get innards(): Innards {
    return this.app as unknown as Innards;
  }

  /** All that it knows of the log stands at or before a place whose hash it knows. */
  get isCovered(): boolean {
    if (this.app === undefined) return this.wasCovered;
    const { aggregates } = this.innards;
    const { check, position = 0 } = aggregates.cursor ?? {};
    const checked = check?.position ?? 0;
    return position <= checked && aggregates.names().every(name => aggregates.get(name)!.confirmed.position <= checked);
  }

  switchOn(): void {
    if (this.process.alive) return;
    const process = { alive: true };
    this.process = process;
    const alive = () => process.alive;
    const buffer = new JournaledBuffer(this.disk.journal(alive));
    connect({
      url: "http://gateway",
      org: "org",
      buffer,
      clock: this.clock(alive),
      fetch: this.link.fetchOf(alive),
      random: this.world.chance.next,
      keys: this.world.keys,
    }).then(
      app => {
        if (!process.alive) return;
        this.app = app;
        this.buffer = buffer;
        this.clientId = app.clientId;
        app.onNotice(({ kind }) => {
          this.clientId = app.clientId;
          this.world.count(kind);
        });
        for (const [name, wanted] of this.wanted) this.open(name, wanted);
      },
      (error: unknown) => {
        // No identity could be stored: the application is started again later.
        if (!this.disk.full) this.world.fail(`${this.name} did not start: ${String(error)}`);
        this.ended(process);
      },
    );
  }

  /** The power goes. */
  crash(): void {
    this.ended(this.process);
    this.wasCovered = false;
    this.disk.crash();
  }

  /** The process is killed; what it wrote is on its way to the disk. */
  kill(): void {
    this.ended(this.process);
    this.disk.unplug();
  }

  private ended(process: Process): void {
    if (this.process !== process) return;
    this.wasCovered = this.isCovered;
    process.alive = false;
    this.app = undefined;
    this.buffer = undefined;
    this.views.clear();
    this.projections.clear();
    this.link.cut();
  }

  /** An older copy of the storage takes the place of what is there; what was only there is gone. */
  putBack(disk: Disk): void {
    this.kill();
    this.disk = disk;
    for (const tracked of this.tracked) tracked.excused ??= PUT_BACK;
  }

  open(name: string, wanted: Wanted): void {
    this.wanted.set(name, wanted);
    const { process } = this;
    if (this.app === undefined || this.views.has(name)) return;
    void this.app.open(name).then(view => {
      if (!process.alive || this.views.has(name)) return;
      this.views.set(name, view);
      if (wanted === "registers") return;
      const of = { initial: [] as Shown, apply: (shown: Shown, event: EventInput) => [...shown, entryOf(event)] };
      const fromSnapshot = { fromSnapshot: ({ data }: { data?: unknown }) => data as Shown };
      this.projections.set(name, view.project(wanted === "snapshot" ? { ...of, ...fromSnapshot } : of));
    });
  }

  close(name: string): void {
    this.wanted.delete(name);
    this.views.get(name)?.close();
    this.views.delete(name);
    this.projections.delete(name);
  }

  append(events: readonly EventInput[]): void {
    if (this.app !== undefined) this.track(this.app.append(events), events);
  }

  retryRejected(id: string): void {
    const rejected = this.app?.["outbox"].rejected.find(append => append.id === id);
    if (this.app === undefined || rejected === undefined) return;
    try {
      this.track(this.app.retryRejected(id), rejected.events);
    } catch (error) {
      // It is on its way already.
      if (error instanceof RangeError) return;
      throw error;
    }
    this.excuse(id, "retried");
  }

  discardRejected(id: string): void {
    this.excuse(id, "discarded");
    this.app?.discardRejected(id).catch(() => undefined);
  }

  private excuse(id: string, why: string): void {
    const tracked = this.world.tracked.get(id);
    if (tracked !== undefined) tracked.excused ??= why;
  }

  private track(handle: AppendHandle, events: readonly EventInput[]): void {
    const { id } = handle;
    const place = this.tracked.length;
    const tracked: Tracked = {
      id,
      device: this,
      events,
      place,
      durable: false,
      verdict: undefined,
      excused: undefined,
    };
    this.tracked.push(tracked);
    this.world.tracked.set(id, tracked);
    handle.local.then(
      () => (tracked.durable = true),
      () => (tracked.excused ??= "refused by the store"),
    );
    handle.confirmed.then(
      ({ positions }) => this.world.judged(tracked, "confirmed", positions[0]),
      () => tracked.durable && this.world.judged(tracked, "rejected"),
    );
  }

  private clock(alive: () => boolean): Clock {
    const { scheduler } = this.world;
    return {
      now: () => scheduler.now + this.skewMs,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason as Error);
          const task = scheduler.in(ms, () => {
            signal?.removeEventListener("abort", abort);
            if (alive()) resolve();
          });
          const abort = () => {
            task.cancelled = true;
            reject(signal?.reason as Error);
          };
          signal?.addEventListener("abort", abort, { once: true });
        }),
    };
  }
}

function entryOf(event: EventInput & { version?: number }): readonly [number, string] {
  return [event.version ?? 0, event.id ?? ""];
}

/** Keys that need no cryptography: the gateway of the simulation believes the public part. */
export function simulatedKeys(nextName: () => string): Keys {
  return {
    create: () => {
      const clientId = nextName();
      const publicJwk = { kty: "EC", crv: "P-256", x: clientId, y: "" } as const;
      return Promise.resolve({ clientId, publicJwk, privateKey: {} } satisfies StoredIdentity);
    },
    sign: () => Promise.resolve(new Uint8Array(1)),
    sha256: () => Promise.resolve(new Uint8Array(1)),
  };
}
