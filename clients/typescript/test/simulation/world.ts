/**
 * A simulated world: one log behind one gateway, devices with the real client on simulated storage, network and time,
 * and a script of things that happen, all decided by one seed. After every step the invariants are looked at; at the
 * end everything is healed, and all must come to rest and show the same.
 */
import type { Keys } from "../../src/protocol/device-key.js";
import { Chance } from "./chance.js";
import { Device, simulatedKeys, type Tracked } from "./device.js";
import { Disk } from "./disk.js";
import { Gateway } from "./gateway.js";
import { inspect, inspectAtRest, inspectThoroughly } from "./invariants.js";
import type { OrgLog } from "./org-log.js";
import { Scheduler } from "./scheduler.js";
import { Script } from "./script.js";

const HEALING_MS = 15 * 60_000;
const STEPS_MAX = 60_000;
/** At rest is looked for once in so many steps. */
const REST_STEPS = 10;
/** How often a device is looked at thoroughly. */
const INSPECTION_STEPS = 7;

/** What happened in a world, by name. */
export type Counts = Map<string, number>;

export class World {
  readonly chance: Chance;
  readonly scheduler = new Scheduler();
  readonly gateway: Gateway;
  gatewayIsUp = true;
  readonly devices: Device[] = [];
  readonly tracked = new Map<string, Tracked>();
  /** Logs that were, before an older backup took their place. */
  readonly formerLogs: OrgLog[] = [];
  readonly keys: Keys;
  readonly counts: Counts = new Map();
  private identities = 0;
  private failure: string | undefined;

  constructor(readonly seed: number) {
    this.chance = new Chance(seed);
    this.gateway = new Gateway(this.scheduler, this.chance);
    this.keys = simulatedKeys(() => `client-${++this.identities}`);
  }

  get log(): OrgLog {
    return this.gateway.log;
  }

  /** Every log that there was, the present one first. */
  get logs(): readonly OrgLog[] {
    return [this.log, ...this.formerLogs];
  }

  addDevice(disk = new Disk(this.scheduler, this.chance)): Device {
    const device = new Device(this, `device ${this.devices.length + 1}`, disk);
    this.devices.push(device);
    return device;
  }

  fail(what: string): void {
    this.failure ??= `step ${this.scheduler.steps}: ${what}`;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** A client told its application what became of an append. */
  judged(tracked: Tracked, verdict: "confirmed" | "rejected", position?: number): void {
    if (tracked.verdict !== undefined) this.fail(`${tracked.id} was judged twice`);
    tracked.verdict = verdict;
    const places = this.logs.map(log => log.landed.get(tracked.id));
    if (verdict === "confirmed" && !places.includes(position)) this.fail(`${tracked.id} is not at ${position}`);
    if (verdict === "rejected" && places[0] !== undefined) this.fail(`${tracked.id} is in the log and was rejected`);
  }

  async run(): Promise<void> {
    const script = new Script(this);
    const unhandled = (error: unknown) => this.fail(`nobody waited for ${String((error as Error).stack ?? error)}`);
    process.on("unhandledRejection", unhandled);
    try {
      script.begin();
      while (!script.over) await this.step();
      this.scheduler.in(0, () => script.heal());
      const end = this.scheduler.now + HEALING_MS;
      for (let steps = 1; !(steps % REST_STEPS === 0 && this.isAtRest()); steps++) {
        if (this.scheduler.now > end) this.fail(`no rest after ${HEALING_MS} ms: ${this.unrest()}`);
        if (!(await this.step()) && this.isAtRest()) break;
      }
      inspectAtRest(this);
      await new Promise(setImmediate);
      this.throwFailure();
    } finally {
      process.off("unhandledRejection", unhandled);
    }
  }

  private async step(): Promise<boolean> {
    const stepped = await this.scheduler.step();
    if (!stepped && !this.isAtRest()) this.fail(`nothing is planned any more: ${this.unrest()}`);
    if (this.scheduler.steps > STEPS_MAX) this.fail(`more than ${STEPS_MAX} steps: ${this.unrest()}`);
    const look = this.scheduler.steps % INSPECTION_STEPS === 0 ? inspectThoroughly : inspect;
    look(this, this.chance.of(this.devices));
    this.throwFailure();
    return stepped;
  }

  private throwFailure(): void {
    if (this.failure !== undefined) throw new Error(this.failure);
  }

  private isAtRest(): boolean {
    return this.devices.every(({ app, innards, views }) => {
      if (app === undefined || innards.aggregates.toRead().length > 0) return false;
      const { state, pending, localPosition } = app.status;
      if (state !== "live" || pending > 0) return false;
      const { check } = innards.aggregates.cursor ?? {};
      // One whose long-poll was cut off from a log that is no more finds out when its time is over.
      const agrees = check === undefined || this.log.hash(check.position) === check.hash;
      // So does one whose stream fell silent: until then it may show what the log lost meanwhile.
      const onTop = [...views.keys()].some(name => [...views.get(name)!.open.overlay.entries(name)].length > 0);
      return views.size === 0 || (agrees && !onTop && localPosition === this.log.position);
    });
  }

  private unrest(): string {
    return this.devices
      .map(({ name, app }) => `${name}: ${app === undefined ? "off" : JSON.stringify(app.status)}`)
      .join("; ");
  }
}
