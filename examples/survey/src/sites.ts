/**
 * The sites of one round. The client follows aggregates by name, so a round is an aggregate, too: with a register for
 * each of its sites, and one for each surveyor's name. Every site is open all the time, and so it is on the device.
 */
import type { AggregateView, Celeriant, EventInput, JsonValue } from "celeriant";
import { showFailure } from "../../shared/src/elements.js";
import { newId, now } from "./clock.js";
import { NAME, writtenOf } from "./fields.js";

const SITE_KEY = /^site\/([A-Za-z0-9_-]{1,64})$/;

export class Sites {
  /** The view of each site, by its id. */
  readonly views = new Map<string, AggregateView>();
  /** Appends that are shown and not durable yet: a moment, unless the storage is slow. */
  storing = 0;
  private readonly opening = new Set<string>();

  private constructor(
    readonly app: Celeriant,
    readonly round: AggregateView,
    private readonly changed: () => void,
  ) {}

  /** Resolves when all that is known on this device is open. */
  static async of(app: Celeriant, round: string, changed: () => void): Promise<Sites> {
    const sites = new Sites(app, await app.open(`round/${round}`), changed);
    sites.round.subscribe(() => void sites.openNew().catch(showFailure));
    await sites.openNew();
    return sites;
  }

  private async openNew(): Promise<void> {
    const ids = [...this.round.registers.keys()].flatMap(key => SITE_KEY.exec(key)?.[1] ?? []);
    const fresh = ids.filter(id => !this.opening.has(id));
    for (const id of fresh) this.opening.add(id);
    const openOne = async (id: string) => {
      const view = await this.app.open(`site/${id}`);
      view.subscribe(this.changed);
      this.views.set(id, view);
    };
    await Promise.all(fresh.map(openOne)).finally(this.changed);
  }

  /** A new site of the round, in one append: it is in the round and has its name, or neither. Returns its id. */
  add(name: string): string {
    const id = newId();
    void this.append([
      { aggregate: this.round.aggregate, type: "site-listed", key: `site/${id}`, data: true },
      { aggregate: `site/${id}`, type: NAME.type, key: NAME.key, data: name },
    ]);
    return id;
  }

  /**
   * Notes something with this device's time, in the place of what was refused before, if it `retries` that; resolves
   * when it is durable. Refused, it takes nothing else along.
   */
  async append(events: readonly EventInput[], retries?: string): Promise<void> {
    const dated = events.map(event => ({ ...event, time: now() }));
    this.storing++;
    try {
      await (retries === undefined ? this.app.append(dated) : this.app.retryRejected(retries, dated)).local;
    } catch (error) {
      showFailure(error);
    }
    this.storing--;
    this.changed();
  }

  nameOf(id: string): string {
    return writtenOf(NAME, this.views.get(id)?.registers.get(NAME.key)?.data) || "A site without a name";
  }

  /** What this device has noted of a site and the log has not settled, in events. */
  pendingOf(id: string): number {
    return this.views.get(id)?.pending.length ?? 0;
  }

  /** Who that is, for people. */
  who(client: string | undefined): string {
    return client === undefined || client === this.app.clientId ? "you" : this.calledOf(client) || client.slice(0, 8);
  }

  /** What a surveyor wants to be called; empty when nothing is known of it. */
  calledOf(client: string): string {
    const called: JsonValue | undefined = this.round.registers.get(`who/${client}`)?.data;
    return typeof called === "string" ? called : "";
  }

  call(me: string): void {
    const key = `who/${this.app.clientId}`;
    void this.append([{ aggregate: this.round.aggregate, type: "surveyor-named", key, data: me || null }]);
  }
}
