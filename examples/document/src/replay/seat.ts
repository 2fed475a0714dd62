import type { PlayerStart, Report, Standing } from "../messages.js";
import type { Seeded } from "../seeded.js";
import type { CuttingProxy } from "./cutting-proxy.js";
import type { GatewayProcess } from "./gateway-process.js";
import type { Mishap } from "./mishaps.js";
import { type Player, startPlayer } from "./player.js";

/** After one of so many syncs, on average, a person goes offline; after the others they type on where they are. */
const OFFLINE_ODDS = 2;

export interface SeatOptions {
  readonly random: Seeded;
  readonly longestBurst: number;
  readonly mishaps: readonly Mishap[];
  readonly progress: (standing: Standing) => void;
  readonly say: (text: string) => void;
}

/**
 * Where one person sits: their player, started anew whenever it was killed, and the proxy through which it reaches the
 * gateway. Plays the person's part from the first step to the text with everybody's updates in it.
 */
export class Seat {
  offlineBursts = 0;
  syncs = 0;
  /** Until what was typed was durable in the buffer, and from there until it was confirmed and there was more to do. */
  msTyping = 0;
  msSyncing = 0;
  unreadAnswers = 0;
  readonly happened: Mishap[] = [];
  private player: Player | undefined;
  private isDone = false;
  private readonly mishaps: Mishap[];

  constructor(
    private readonly start: PlayerStart,
    private readonly gateway: GatewayProcess,
    private readonly proxy: CuttingProxy,
    private readonly options: SeatOptions,
  ) {
    this.mishaps = [...options.mishaps];
  }

  get client(): string {
    return this.seated.ready.client;
  }

  async sitDown(): Promise<void> {
    this.player = await startPlayer(this.start, this.options.progress);
  }

  /** Returns the text that the person ends with. */
  async play(clients: readonly string[]): Promise<string> {
    const { random, longestBurst, progress } = this.options;
    this.seated.begin(clients);
    for (let offline = true; ; offline = random.below(OFFLINE_ODDS) === 0) {
      const begun = performance.now();
      const typed = await this.seated.type(1 + random.below(longestBurst), offline);
      this.msTyping += performance.now() - begun;
      if (offline && typed.pending > 0) this.offlineBursts++;
      const mishap = offline ? this.due(typed) : undefined;
      if (mishap !== undefined) {
        await this.suffer(mishap, typed, clients);
        continue;
      }
      const typedAt = performance.now();
      const synced = await this.seated.sync();
      this.msSyncing += performance.now() - typedAt;
      this.syncs++;
      progress(synced);
      if (synced.content === undefined) continue;
      this.isDone = true;
      return synced.content;
    }
  }

  /** Ends the player; one that is not done may be waiting for what never comes, and is killed. */
  async leave(): Promise<void> {
    if (this.isDone) await this.player?.stop();
    else await this.player?.kill();
    await this.proxy.close();
  }

  private get seated(): Player {
    if (this.player === undefined) throw new Error(`nobody sits on seat ${this.start.person}`);
    return this.player;
  }

  /** The next mishap, if its time has come. What is pending was typed offline, so that none of it is on its way. */
  private due({ taken, pending }: Standing): Mishap | undefined {
    const [next] = this.mishaps;
    return next !== undefined && taken >= next.steps && pending > 0 ? this.mishaps.shift() : undefined;
  }

  private async suffer(mishap: Mishap, typed: Standing, clients: readonly string[]): Promise<void> {
    this.options.say(`person ${mishap.person}: ${mishap.kind} at step ${typed.taken}, ${typed.pending} pending\n`);
    switch (mishap.kind) {
      case "killed-offline": {
        const ready = await this.killAndRestart(typed, clients);
        if (ready.pending !== typed.pending) {
          throw new Error(`person ${mishap.person} had ${typed.pending} pending, and ${ready.pending} after the kill`);
        }
        break;
      }
      case "killed-pushing":
        await this.killAt("requested", typed, clients);
        break;
      case "killed-unanswered":
        this.unreadAnswers += await this.killAt("answered", typed, clients);
        break;
      case "gateway-killed": {
        const synced = this.seated.sync();
        await this.gateway.killAndRestart();
        await synced;
        this.syncs++;
        break;
      }
    }
    this.happened.push(mishap);
  }

  /** Sends the person online and kills their process at this moment of its next push. */
  private async killAt(moment: "requested" | "answered", typed: Standing, clients: readonly string[]): Promise<number> {
    const seen = this.proxy.nextPush(moment);
    let killed = false;
    const interrupted = this.seated.sync().then(
      () => Promise.reject(new Error("a push went by that was to be cut")),
      (error: unknown) => (killed ? undefined : Promise.reject(error as Error)),
    );
    const { sequences } = await Promise.race([seen, interrupted.then(() => seen)]);
    killed = true;
    await this.killAndRestart(typed, clients);
    await interrupted;
    return sequences.length;
  }

  private async killAndRestart(typed: Standing, clients: readonly string[]): Promise<Extract<Report, { is: "ready" }>> {
    await this.seated.kill();
    await this.sitDown();
    const { ready } = this.seated;
    if (ready.recorded !== typed.taken || ready.client !== clients[this.start.person]) {
      throw new Error(
        `person ${this.start.person} had taken ${typed.taken} steps as ${clients[this.start.person]}, and came back ` +
          `with ${ready.recorded} as ${ready.client}`,
      );
    }
    this.seated.begin(clients);
    return ready;
  }
}
