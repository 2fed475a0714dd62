/**
 * A small faithful log in memory: what PROTOCOL says of appends, sequences, forks and registers, and nothing of HTTP.
 * Test code: the real one is the gateway's; the system tests run against that.
 */
import type { AppendRef, ConfirmedRegister, EventInput, Problem, RecordedEvent, Snapshot } from "../../src/model.js";
import { DELETED, registerOf } from "../../src/state/registers.js";

export interface AppendIn {
  readonly id: string;
  readonly sequence?: number;
  readonly events?: readonly EventInput[];
  readonly void?: boolean;
  readonly expected?: Readonly<Record<string, number>>;
}

export interface Verdict {
  readonly id: string;
  readonly sequence?: number;
  readonly status: "appended" | "duplicate" | "rejected" | "conflict";
  readonly positions?: [number, number];
  readonly versions?: Record<string, number>;
  readonly problem?: Problem;
}

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

interface Settled {
  readonly id: string;
  readonly verdict: Verdict;
}

/** Judges an append's events; a problem rejects it. */
export type Admission = (client: string, event: EventInput) => Problem | undefined;

export class ModelLog {
  readonly id = `log-${Math.random().toString(36).slice(2)}`;
  readonly events: RecordedEvent[] = [];
  readonly changed = new Set<() => void>();
  private readonly clients = new Map<string, Settled[]>();
  private readonly versions = new Map<string, number>();
  admission: Admission = () => undefined;
  readonly snapshots = new Map<string, Snapshot>();
  private readonly firstVersions = new Map<string, number>();

  get position(): number {
    return this.events.length;
  }

  version(aggregate: string): number {
    return this.versions.get(aggregate) ?? 0;
  }

  firstVersion(aggregate: string): number {
    return this.firstVersions.get(aggregate) ?? 1;
  }

  /** Takes the events before a version away. */
  trim(aggregate: string, before: number): void {
    this.firstVersions.set(aggregate, before);
    const id = crypto.randomUUID();
    this.record("system", { id, events: [{ aggregate, type: "$trimmed", data: { firstVersion: before } }] });
  }

  /** Takes an aggregate away; its versions go on behind the tombstone's. */
  remove(aggregate: string): void {
    this.record("system", { id: crypto.randomUUID(), events: [{ aggregate, type: DELETED, data: {} }] });
  }

  exists(aggregate: string): boolean {
    const last = this.events.findLast(event => event.aggregate === aggregate);
    return last !== undefined && last.type !== DELETED;
  }

  hash(position: number): string {
    return position === 0 ? "start" : `${this.events[position - 1]!.append}-${position}`;
  }

  head(client: string): (AppendRef & { position: number }) | null {
    const settled = this.clients.get(client) ?? [];
    const last = settled.at(-1);
    if (last === undefined) return null;
    const position = Math.max(0, ...settled.map(entry => entry.verdict.positions?.[1] ?? 0));
    return { sequence: settled.length, id: last.id, position };
  }

  push(client: string, after: AppendRef | null | undefined, appends: readonly AppendIn[]): Verdict[] {
    const first = appends[0];
    if (first === undefined) return [];
    if (first.sequence === undefined) return appends.map(append => this.appendExpecting(client, append));
    this.checkSequences(client, after, appends);
    return appends.map(append => this.settle(client, append));
  }

  /** Loses everything behind a position, as a log restored from a backup does. */
  restoreTo(position: number): void {
    this.events.length = position;
    this.versions.clear();
    for (const event of this.events) this.versions.set(event.aggregate, event.version);
    for (const settled of this.clients.values()) {
      const kept = settled.findIndex(entry => (entry.verdict.positions?.[1] ?? 0) > position);
      if (kept >= 0) settled.length = kept;
    }
  }

  registers(aggregate: string): Record<string, ConfirmedRegister> {
    const registers = new Map<string, ConfirmedRegister>();
    for (const event of this.events) {
      if (event.aggregate !== aggregate) continue;
      const register = registerOf(event);
      if (register) registers.set(event.key!, register);
      if (register === null) registers.delete(event.key!);
      if (event.type === DELETED) registers.clear();
    }
    return Object.fromEntries(registers);
  }

  private checkSequences(client: string, after: AppendRef | null | undefined, appends: readonly AppendIn[]): void {
    const settled = this.clients.get(client) ?? [];
    const first = appends[0]!.sequence!;
    if (after === undefined || (after === null) !== (first === 1)) refuse(400, "bad-request", { pointer: "/after" });
    appends.forEach((append, place) => {
      if (append.sequence !== first + place) refuse(400, "bad-request", { pointer: `/appends/${place}/sequence` });
      if (append.void === (append.events !== undefined)) refuse(400, "bad-request", { pointer: `/appends/${place}` });
    });
    if (first > settled.length + 1) refuse(409, "sequence-gap", { expectedSequence: settled.length + 1 });
    if (after !== null && settled[after!.sequence - 1]?.id !== after!.id) refuse(409, "client-forked");
    for (const append of appends) {
      const known = settled[append.sequence! - 1];
      if (known !== undefined && known.id !== append.id) refuse(409, "client-forked");
    }
  }

  private settle(client: string, append: AppendIn): Verdict {
    const settled = this.clients.get(client) ?? [];
    this.clients.set(client, settled);
    const known = settled[append.sequence! - 1]?.verdict;
    if (known !== undefined) return known.status === "appended" ? { ...known, status: "duplicate" } : known;
    const verdict = this.decide(client, append);
    settled.push({ id: append.id, verdict });
    return verdict;
  }

  private decide(client: string, append: AppendIn): Verdict {
    const { id, sequence, events = [] } = append;
    const numbered = { id, ...(sequence === undefined ? {} : { sequence }) };
    if (append.void) {
      return { ...numbered, status: "rejected", problem: { code: "void", status: 400, done: "settled" } };
    }
    for (const event of events) {
      const problem = this.admission(client, event);
      if (problem !== undefined) return { ...numbered, status: "rejected", problem };
    }
    return { ...numbered, status: "appended", ...this.record(client, append) };
  }

  private appendExpecting(client: string, append: AppendIn): Verdict {
    for (const [aggregate, expected] of Object.entries(append.expected ?? {})) {
      const actual = this.version(aggregate);
      if (actual === expected) continue;
      const problem = { code: "version-conflict", status: 412, aggregate, expected, actual };
      return { id: append.id, status: "conflict", problem };
    }
    return this.decide(client, append);
  }

  private record(client: string, append: AppendIn): { positions: [number, number]; versions: Record<string, number> } {
    const first = this.position + 1;
    const versions: Record<string, number> = {};
    for (const event of append.events ?? []) {
      const version = this.version(event.aggregate) + 1;
      this.versions.set(event.aggregate, version);
      versions[event.aggregate] = version;
      this.events.push({
        ...event,
        id: event.id ?? crypto.randomUUID(),
        version,
        position: this.position + 1,
        client,
        append: append.id,
        ...(append.sequence === undefined ? {} : { sequence: append.sequence }),
        recordedAt: "2026-01-01T00:00:00Z",
      });
    }
    for (const listener of [...this.changed]) listener();
    return { positions: [first, this.position], versions };
  }
}

export function refuse(status: number, code: string, more: Record<string, unknown> = {}): never {
  throw new Refused({ type: `/problems/${code}`, title: code, status, code, done: "nothing", ...more });
}
