import { connect } from "celeriant";
import type { AggregateView, AppendHandle, AppliedEvent, Celeriant, LocalBuffer } from "celeriant";
import { areSame, fromBase64, toBase64 } from "./bytes.js";
import type { History } from "./history.js";
import type { Command, PersonStart, Report, Standing } from "./messages.js";
import { Person } from "./person.js";
import { newYjsClient, preparedYjsClient } from "./text.js";

/** A burst is appended in groups of this size, each durable before the next, so that memory stays bounded. */
const STEPS_PER_GROUP = 1_000;
const EVENT_TYPE = "updated";

/** The events that a client knows of, newest first: a fold that neither copies nor changes what it was given. */
type Recalled = { readonly event: AppliedEvent; readonly before: Recalled } | undefined;

/**
 * A person and their client. Every step is one append of one event with the Yjs update as its data, so that the n-th
 * append of a client is the n-th step of its person. Where a person stands after a crash is therefore the number of
 * appends in the client's own record, which no file beside it can contradict: those read back from the log, those that
 * are settled and not read back, and those that are pending, all of them as a projection shows them.
 *
 * Confined to one thread.
 */
export class Writer {
  private clients: readonly string[] = [];
  private fault: Error | undefined;
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly app: Celeriant,
    private readonly view: AggregateView,
    private readonly person: Person,
    private readonly prepared: readonly Uint8Array[] | undefined,
    private readonly recalled: readonly AppliedEvent[],
    readonly recorded: number,
  ) {
    app.onStatus(() => this.lookAgain());
    app.onNotice(notice => this.fail(new Error(`a notice that should not come: ${JSON.stringify(notice)}`)));
  }

  /**
   * Opens the buffer, offline, and finds out where this person stands. `prepared` is what this person was to write,
   * where that was worked out beforehand.
   */
  static async open(
    start: PersonStart,
    history: History,
    buffer: LocalBuffer,
    prepared?: readonly Uint8Array[],
  ): Promise<Writer> {
    const { url, org, aggregate, through } = start;
    const app = await connect({
      url,
      org,
      buffer,
      online: false,
      aggregates: [aggregate],
      ...(through === undefined ? {} : { fetch: (at, init) => fetch(at.replace(url, through), init) }),
    });
    const view = await app.open(aggregate);
    const projection = view.project<Recalled>({ initial: undefined, apply: (before, event) => ({ event, before }) });
    await projection.ready;
    const recalled = oldestFirst(projection.state);
    projection.close();
    const recorded = recalled.filter(event => event.pending || event.client === app.clientId).length;
    const yjsClient = prepared === undefined ? newYjsClient(start.person) : preparedYjsClient(start.person);
    const person = new Person(history, start.person, recorded, yjsClient);
    return new Writer(app, view, person, prepared, recalled, recorded);
  }

  get client(): string {
    return this.app.clientId;
  }

  get standing(): Standing {
    return { taken: this.person.taken, pending: this.app.status.pending };
  }

  /** The text, once every update of everybody is in it. */
  get content(): string | undefined {
    if (!this.isDone) return undefined;
    this.person.letAllIn();
    return this.person.content;
  }

  /** Says where this person stands. */
  get ready(): Report {
    return { is: "ready", client: this.client, recorded: this.recorded, pending: this.standing.pending };
  }

  /** Does what it is told; the answer, and what shows how far it is, goes to `report`. */
  async take(command: Command, report: (message: Report) => void): Promise<void> {
    switch (command.do) {
      case "begin":
        this.begin(command.clients);
        return;
      case "type":
        await this.type(command.steps, command.offline, () => report({ is: "progress", ...this.standing }));
        report({ is: "typed", ...this.standing });
        return;
      case "sync": {
        await this.sync();
        const { content } = this;
        report({ is: "synced", ...this.standing, ...(content === undefined ? {} : { content }) });
        return;
      }
    }
  }

  /** Tells whose appends are whose; from now on events are taken in, first those that are known here already. */
  begin(clients: readonly string[]): void {
    this.clients = clients;
    let own = 0;
    let version = 0;
    for (const event of this.recalled) {
      if (!event.pending) version = event.version;
      const client = event.pending ? this.client : event.client;
      const sequence = client === this.client ? ++own : event.pending ? undefined : event.sequence;
      this.receive(client, sequence, event.data_base64);
    }
    this.follow(version).catch((error: unknown) => this.fail(error as Error));
  }

  /** Takes steps as far as their ancestors are here. When this resolves they are durable in the buffer. */
  async type(steps: number, offline: boolean, progress: () => void): Promise<void> {
    if (offline) this.app.goOffline();
    for (let left = steps; left > 0 && this.person.canStep;) {
      let last: AppendHandle | undefined;
      for (let group = 0; group < STEPS_PER_GROUP && left > 0 && this.person.canStep; group++) {
        const update = this.person.step();
        if (update === undefined) continue;
        this.checkPrepared(update);
        last = this.append(update);
        left--;
      }
      if (last !== undefined) this.checkSequence((await last.local).sequence);
      progress();
    }
  }

  /** Goes online and resolves when nothing is pending and there is a next step, or nothing any more. */
  async sync(): Promise<void> {
    this.app.goOnline();
    await this.until(() => this.app.status.pending === 0 && (this.person.canStep || this.isDone));
  }

  async close(): Promise<void> {
    await this.app.close();
  }

  private get isDone(): boolean {
    return this.person.isFinished && this.person.hasEverything;
  }

  private append(update: Uint8Array): AppendHandle {
    return this.app.append({ aggregate: this.view.aggregate, type: EVENT_TYPE, data_base64: toBase64(update) });
  }

  /** What others were told beforehand of this person's steps must be what this person does. */
  private checkPrepared(update: Uint8Array): void {
    if (this.prepared === undefined) return;
    const { taken } = this.person;
    const prepared = this.prepared[taken - 1];
    if (prepared === undefined || !areSame(prepared, update)) {
      throw new Error(`step ${taken} is not the update that was prepared`);
    }
  }

  private async follow(after: number): Promise<void> {
    for await (const event of this.view.events({ after })) {
      this.receive(event.client, event.sequence, event.data_base64);
      this.lookAgain();
    }
  }

  private receive(client: string, sequence: number | undefined, data: string | undefined): void {
    const person = this.clients.indexOf(client);
    if (person < 0) throw new Error(`an event of client ${client}, who is none of the people`);
    if (sequence === undefined || data === undefined) throw new Error("an event without sequence or binary data");
    this.person.receive(person, sequence, fromBase64(data));
  }

  private checkSequence(sequence: number): void {
    if (sequence !== this.person.taken) {
      throw new Error(`step ${this.person.taken} was appended as sequence ${sequence}`);
    }
  }

  private async until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        const { rejected } = this.app.status;
        if (rejected > 0) this.fault ??= new Error(`${rejected} appends were rejected`);
        if (this.fault === undefined && !condition()) return;
        this.waiting.delete(look);
        if (this.fault === undefined) resolve();
        else reject(this.fault);
      };
      this.waiting.add(look);
      look();
    });
  }

  private lookAgain(): void {
    for (const look of [...this.waiting]) look();
  }

  private fail(fault: Error): void {
    this.fault ??= fault;
    this.lookAgain();
  }
}

function oldestFirst(newest: Recalled): AppliedEvent[] {
  const events: AppliedEvent[] = [];
  for (let at = newest; at !== undefined; at = at.before) events.push(at.event);
  return events.reverse();
}
