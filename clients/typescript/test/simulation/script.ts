/** What happens in a simulated world: who does what when, and what goes wrong. Each seed has a mixture of its own. */
import type { EventInput } from "../../src/model.js";
import type { Device, Wanted } from "./device.js";
import type { Disk } from "./disk.js";
import type { Weather } from "./link.js";
import type { OrgLog } from "./org-log.js";
import type { World } from "./world.js";

const WEEK_MS = 7 * 24 * 3_600_000;
const LET_IN_MS = 30_000;
const WEATHERS: readonly Weather[] = ["fair", "down", "hole", "portal", "held-back"];

/** Everything that may be part of a world's mixture, with how often it happens beside the rest. */
const TROUBLES = {
  weather: 6,
  cuts: 4,
  crash: 3,
  kill: 3,
  clone: 1,
  putBack: 1,
  fullDisk: 2,
  refusals: 3,
  shutOut: 2,
  restart: 2,
  restore: 4,
  trim: 2,
  remove: 1,
  rights: 3,
  week: 1,
  offline: 3,
} as const;

type Trouble = keyof typeof TROUBLES;

export class Script {
  over = false;
  private readonly names: readonly string[];
  private readonly mixture: readonly Trouble[];
  private readonly loss: number;
  private backups: OrgLog[] = [];
  private copies: { readonly device: Device; readonly client: string | undefined; readonly disk: Disk }[] = [];
  private readonly copied = new Set<Device>();
  private readonly wasPutBack = new Set<Device>();
  private steps = 0;
  private weeks = 0;

  constructor(private readonly world: World) {
    const { chance } = world;
    this.names = Array.from({ length: chance.between(1, 4) }, (_, place) => `board/${place}`);
    const enabled = (Object.keys(TROUBLES) as Trouble[]).filter(() => chance.happens(0.4));
    this.mixture = enabled.flatMap(trouble => Array.from({ length: TROUBLES[trouble] }, () => trouble));
    this.loss = chance.happens(0.7) ? chance.next() * 0.3 : 0;
  }

  begin(): void {
    const { chance, scheduler, log } = this.world;
    for (const name of this.names) if (chance.happens(0.8)) log.changeAccess(name, "public", "given", this.id());
    const clients = chance.happens(0.02) ? chance.between(6, 50) : chance.of([2, 2, 2, 2, 3, 3, 4, 5]);
    for (let count = 0; count < clients; count++) {
      const device = this.world.addDevice();
      for (const name of this.names) if (chance.happens(0.7)) device.wanted.set(name, this.wanted());
      scheduler.in(chance.between(0, 2_000), () => device.switchOn());
      device.link.loss = this.loss;
    }
    const actions = chance.happens(0.1) ? 80 : chance.between(10, 35);
    const span = actions * chance.between(50, 1_500);
    for (let count = 0; count < actions; count++) scheduler.in(chance.between(0, span), () => this.act());
    scheduler.in(span, () => (this.over = true));
  }

  /** Everything works again, and everybody wants to be online. */
  heal(): void {
    const { world } = this;
    world.gatewayIsUp = true;
    world.gateway.trouble = 0;
    world.gateway.shutOut.clear();
    for (const device of world.devices) {
      device.link.weather = "fair";
      device.link.loss = 0;
      device.disk.full = false;
      device.switchOn();
      this.wake(device);
    }
    this.letIn();
  }

  /** Whoever heard late that he is not let in tries again, as his user would. */
  private letIn(): void {
    for (const { app } of this.world.devices) if (app?.status.state === "needs-auth") app.authorized();
    this.world.scheduler.in(LET_IN_MS, () => this.letIn());
  }

  /** An application that is started later, and one that was told to be offline, come online. */
  private wake(device: Device): void {
    if (device.app === undefined) {
      device.switchOn();
      this.world.scheduler.in(100, () => this.wake(device));
      return;
    }
    // One that reads nothing has no connection: it finds out with its next session that the log lost some.
    if (device.wanted.size === 0 && device.app.status.state === "live") device.app.goOffline();
    device.app.goOnline();
    device.app.authorized();
  }

  private act(): void {
    const { chance } = this.world;
    const device = chance.of(this.world.devices);
    this.steps++;
    if (this.mixture.length > 0 && chance.happens(0.35)) {
      const trouble = chance.of(this.mixture);
      this.world.count(trouble);
      this.cause(trouble, device);
    } else {
      this.work(device);
    }
  }

  /** What people do. */
  private work(device: Device): void {
    const { chance } = this.world;
    if (!device.isOn) return device.switchOn();
    const what = chance.below(20);
    if (what < 15) {
      for (let count = chance.of([1, 1, 1, 2, 5]); count > 0; count--) device.append(this.events());
    } else if (what === 15) {
      device.open(chance.of(this.names), this.wanted());
    } else if (what === 16) {
      device.close(chance.of(this.names));
    } else if (what === 17) {
      void this.publish(device);
    } else {
      this.clearRejected(device);
    }
  }

  private events(): readonly EventInput[] {
    const { chance } = this.world;
    return Array.from({ length: chance.of([1, 1, 1, 2, 3]) }, () => {
      const type = chance.happens(0.03) ? "bad" : chance.happens(0.01) ? "poison" : "set";
      const key = chance.happens(0.85) ? { key: `k${chance.below(4)}` } : {};
      const data = chance.happens(0.1) ? null : chance.below(1_000);
      return { aggregate: chance.of(this.names), type, ...key, data };
    });
  }

  private wanted(): Wanted {
    return this.world.chance.of(["registers", "registers", "events", "snapshot"]);
  }

  private async publish(device: Device): Promise<void> {
    const name = this.world.chance.of([...device.projections.keys()]);
    const shown = name === undefined ? undefined : device.projections.get(name);
    // A client that has not found out yet that the log lost its end would publish what the log never said.
    if (shown === undefined || shown.version === 0 || this.world.formerLogs.length > 0) return;
    const { version, confirmed: data } = shown;
    await device.app?.publishSnapshot(name!, { version, data }).catch(() => undefined);
  }

  private clearRejected(device: Device): void {
    const rejected = device.app === undefined ? [] : device.innards.outbox.rejected;
    for (const { id, problem } of rejected) {
      if (this.world.chance.happens(0.5) && problem.code === "access-denied") device.retryRejected(id);
      else device.discardRejected(id);
    }
  }

  private cause(trouble: Trouble, device: Device): void {
    const { chance, gateway, scheduler } = this.world;
    const name = chance.of(this.names);
    switch (trouble) {
      case "weather":
        device.link.weather = chance.of(WEATHERS);
        if (chance.happens(0.3)) device.app?.networkIsBack();
        return;
      case "cuts":
        if (chance.happens(0.5)) device.link.cut();
        else gateway.cutStreams();
        return;
      case "crash":
        device.crash();
        return;
      case "kill":
        device.kill();
        return;
      case "clone":
        this.clone(device);
        return;
      case "putBack":
        this.putBack(device);
        return;
      case "fullDisk":
        device.disk.full = !device.disk.full;
        return;
      case "refusals":
        gateway.trouble = chance.of([0, 0.1, 0.5]);
        return;
      case "shutOut":
        this.shutOut(device);
        return;
      case "restart":
        gateway.restart();
        this.world.gatewayIsUp = false;
        scheduler.in(chance.between(0, 5_000), () => (this.world.gatewayIsUp = true));
        return;
      case "restore":
        this.restore();
        return;
      case "week":
        this.week();
        return;
      case "offline":
        if (chance.happens(0.5)) device.app?.goOffline();
        else device.app?.goOnline();
        return;
      default:
        this.operate(trouble, device, name);
    }
  }

  /** What the operator does to the log. */
  private operate(trouble: "trim" | "remove" | "rights", device: Device, name: string): void {
    const { chance, gateway, log } = this.world;
    if (trouble === "trim") log.trim(name, chance.between(1, (log.book(name)?.version ?? 0) + 1), this.id());
    if (trouble === "remove") log.remove(name, this.id());
    if (trouble === "rights") {
      const who = chance.happens(0.3) ? "public" : (device.app?.clientId ?? "public");
      log.changeAccess(name, who, chance.of(["given", "given", "taken", "revoked"]), this.id());
    }
    gateway.changed();
  }

  /**
   * At most two hold the same key: of three that hold the same pending append, two forked ones would append it. What a
   * log lost of two that share a key neither can tell from what the other one lost.
   */
  private clone(device: Device): void {
    if (this.copied.has(device) || this.wasPutBack.has(device) || this.world.formerLogs.length > 0) return;
    const clone = this.world.addDevice(device.disk.copy());
    for (const [name, wanted] of device.wanted) clone.wanted.set(name, wanted);
    clone.link.loss = this.loss;
    clone.switchOn();
    this.copied.add(device).add(clone);
  }

  /** A copy of a device's storage is made; later it is put back in its place. */
  private putBack(device: Device): void {
    if (this.copied.has(device)) return;
    const copy = this.copies.find(each => each.device === device);
    if (copy === undefined) {
      this.copies.push({ device, client: device.clientId, disk: device.disk.copy() });
      return;
    }
    this.copies = this.copies.filter(each => each !== copy);
    // A copy that is older than a new identity holds appends that went out under that one.
    if (copy.client !== device.clientId) return;
    device.putBack(copy.disk);
    device.switchOn();
    // What it held before may have appended: a clone would be the third.
    this.wasPutBack.add(device);
  }

  private shutOut(device: Device): void {
    const { chance, gateway } = this.world;
    const client = device.app?.clientId;
    if (client === undefined) return;
    if (!gateway.shutOut.delete(client)) gateway.shutOut.set(client, chance.of(["org", "token"]));
    else device.app?.authorized();
  }

  /** A backup of the log is made; later the server is restored from it. */
  private restore(): void {
    const { chance, gateway, log } = this.world;
    const backup = this.backups.pop();
    if (backup === undefined) {
      this.backups.push(log.copy(log.id));
      return;
    }
    // What was just read and not compared with the log yet cannot be told from what it says later.
    if (!this.world.devices.every(device => device.isCovered) || this.copied.size > 0) return;
    for (const { disk } of this.world.devices) disk.sync();
    this.world.formerLogs.unshift(log);
    this.excuseForgotten(log, backup);
    const id = chance.happens(0.3) ? `log-${this.steps}` : log.id;
    gateway.restart(backup.copy(id));
  }

  /** What was settled under an identity that its device has given up, or shares with a clone, nobody sends again. */
  private excuseForgotten(log: OrgLog, backup: OrgLog): void {
    for (const event of log.events.slice(backup.position)) {
      const tracked = this.world.tracked.get(event.append);
      if (tracked === undefined) continue;
      const holders = this.world.devices.filter(device => device.clientId === event.client);
      if (holders.length !== 1 || holders[0] !== tracked.device) {
        tracked.excused ??= "its identity is not its device's alone";
      }
    }
  }

  private week(): void {
    if (this.weeks++ > 1) return;
    this.world.gateway.cutStreams();
    for (const device of this.world.devices) device.link.cut();
    this.world.scheduler.oversleep(WEEK_MS);
  }

  private id(): string {
    return `operator-${this.world.scheduler.steps}-${this.steps}`;
  }
}
