/** The merged log as a reader may see it, page by page and live: what shows, and where the reader's rights change. */
import type { RecordedEvent } from "../../src/model.js";
import type { Bytes } from "./answers.js";
import type { Chance } from "./chance.js";
import type { OrgLog } from "./org-log.js";
import type { Scheduler } from "./scheduler.js";

export interface Query {
  readonly after: number;
  readonly aggregates: readonly string[];
  readonly limit?: number;
  readonly to?: number;
  readonly log?: string;
  readonly check?: string;
  readonly wait?: number;
  readonly version?: number;
}

/** The gateway's end of a connection on which bytes go out over time. */
export interface Pipe {
  readonly bytes: Bytes;
  send(text: string): void;
  cut(): void;
}

interface RightChange {
  readonly aggregate: string;
  readonly level: string | null;
  readonly position: number;
}

interface View {
  readonly events: readonly RecordedEvent[];
  readonly rights: readonly RightChange[];
  readonly covered: number;
}

interface Stream {
  readonly client: string;
  readonly names: ReadonlySet<string>;
  readonly pipe: Pipe;
  position: number;
  caughtUp: boolean;
  nudged: boolean;
  closed: boolean;
}

const ACCESS = "$access.";
const HEARTBEAT_MS = 15_000;
const PAGE_EVENTS = 40;

export class Subscriptions {
  private readonly streams = new Set<Stream>();
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly chance: Chance,
    private readonly log: () => OrgLog,
  ) {}

  open(client: string, query: Query, connect: (left: () => void) => Pipe): void {
    const pipe = connect(() => this.close(stream));
    const names = new Set(query.aggregates);
    const stream: Stream = {
      client,
      names,
      pipe,
      position: query.after,
      caughtUp: false,
      nudged: false,
      closed: false,
    };
    this.streams.add(stream);
    pipe.send(": heartbeat\n\n");
    const log = this.log();
    for (const name of names) {
      if (!log.allows(client, name) && !log.isFree(name))
        pipe.send(rightText({ aggregate: name, level: null, position: query.after }));
    }
    this.pump(stream);
    this.beat(stream);
  }

  /** Answers when there is something, or when the wait is over. */
  wait(client: string, query: Query, answer: () => void): void {
    const end = () => {
      if (this.waiting.delete(look)) answer();
    };
    const look = () => {
      const { events, rights } = viewOf(this.log(), client, new Set(query.aggregates), query.after, 1);
      if (events.length + rights.length > 0) end();
    };
    this.waiting.add(look);
    this.scheduler.in((query.wait ?? 0) * 1000, end);
    look();
  }

  nudge(): void {
    for (const stream of this.streams) {
      if (stream.nudged) continue;
      stream.nudged = true;
      this.scheduler.in(this.chance.between(0, 20), () => {
        stream.nudged = false;
        this.pump(stream);
      });
    }
    for (const look of [...this.waiting]) this.scheduler.in(0, look);
  }

  /** Streams break; who waits for an answer waits in vain. */
  cutAll(): void {
    this.waiting.clear();
    for (const stream of [...this.streams]) {
      this.close(stream);
      stream.pipe.cut();
    }
  }

  private close(stream: Stream): void {
    stream.closed = true;
    this.streams.delete(stream);
  }

  private beat(stream: Stream): void {
    this.scheduler.in(HEARTBEAT_MS, () => {
      if (stream.closed) return;
      stream.pipe.send(agreedText("agreed", this.log(), stream.position) + ": heartbeat\n\n");
      this.beat(stream);
    });
  }

  private pump(stream: Stream): void {
    const log = this.log();
    while (!stream.closed && stream.position < log.position) {
      const view = viewOf(log, stream.client, stream.names, stream.position, PAGE_EVENTS);
      stream.position = view.covered;
      const text = messages(log, view);
      if (text !== "") stream.pipe.send(text);
    }
    if (stream.closed || stream.caughtUp) return;
    stream.caughtUp = true;
    stream.pipe.send(agreedText("caught-up", log, stream.position));
  }
}

/** A page of the merged log as JSON. */
export function pageOf(log: OrgLog, client: string, query: Query) {
  const view = viewOf(log, client, new Set(query.aggregates), query.after, query.limit ?? 100);
  const next = view.covered < log.position ? view.covered : null;
  const { events, rights } = view;
  return { events, rights, next, position: log.position, log: log.id, hash: log.hash(next ?? log.position) };
}

/** What a reader is shown behind a position; it ends between appends, behind about `limit` events. */
function viewOf(log: OrgLog, client: string, names: ReadonlySet<string>, after: number, limit: number): View {
  const events: RecordedEvent[] = [];
  const rights: RightChange[] = [];
  let covered = after;
  for (const event of log.events.slice(after)) {
    if (events.length >= limit && event.append !== log.events[covered - 1]?.append) break;
    covered = event.position;
    const change = rightChange(log, client, names, event);
    if (change !== undefined) rights.push(change);
    if (names.has(event.aggregate) && isShown(log, client, event)) events.push(event);
  }
  return { events, rights, covered };
}

function isShown(log: OrgLog, client: string, event: RecordedEvent): boolean {
  const { aggregate, position, append } = event;
  return log.allows(client, aggregate, position, append) && log.allows(client, aggregate) && log.isThere(event);
}

function rightChange(
  log: OrgLog,
  client: string,
  names: ReadonlySet<string>,
  event: RecordedEvent,
): RightChange | undefined {
  if (!event.aggregate.startsWith(ACCESS)) return undefined;
  const aggregate = event.aggregate.slice(ACCESS.length);
  if (!names.has(aggregate) || (event.key !== client && event.key !== "public")) return undefined;
  const { position } = event;
  // Who creates an aggregate has the right from its first event on.
  const creating = log.landed.has(event.append) ? event.append : "";
  const now = log.allows(client, aggregate, position);
  if (log.allows(client, aggregate, position - 1, creating) === now) return undefined;
  return { aggregate, level: now ? "contributor" : null, position };
}

function messages(log: OrgLog, { events, rights, covered }: View): string {
  let text = "";
  let from = 0;
  for (const change of rights) {
    let until = from;
    while (until < events.length && events[until]!.position < change.position) until++;
    text += eventsText(log, events.slice(from, until), change.position - 1) + rightText(change);
    from = until;
  }
  return text + eventsText(log, events.slice(from), covered);
}

function eventsText(log: OrgLog, events: readonly RecordedEvent[], position: number): string {
  if (events.length === 0) return "";
  return `id: ${position}\ndata: ${JSON.stringify(events)}\n\n${agreedText("agreed", log, position)}`;
}

/** Told after everything: between it and what it speaks of there is nothing that a client could find out. */
function agreedText(name: "caught-up" | "agreed", log: OrgLog, position: number): string {
  const data = JSON.stringify({ position, log: log.id, hash: log.hash(position) });
  return `event: ${name}\nid: ${position}\ndata: ${data}\n\n`;
}

function rightText({ aggregate, level, position }: RightChange): string {
  const name = level === null ? "revoked" : "granted";
  return `event: ${name}\nid: ${position}\ndata: ${JSON.stringify({ aggregate, level })}\n\n`;
}
