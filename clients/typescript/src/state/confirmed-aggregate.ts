/**
 * The confirmed state of one aggregate in memory, and how events of the log move it on. Events come in log order, and
 * may come again: one at or below the version is skipped, one beyond the next is a gap, which only reading the state
 * again can close. Every move is returned as the change to store.
 */
import type { AggregateChange, StoredAggregate } from "../buffer/local-buffer.js";
import { defined } from "../defined.js";
import type { ConfirmedRegister, RecordedEvent, Snapshot } from "../model.js";
import type { AbsentState, AggregateState } from "../protocol/requests.js";
import { DELETED, TRIMMED, registerOf } from "./registers.js";

/** How much of an aggregate's events is wanted: none, those behind its snapshot, or all that there are. */
export type History = "none" | "tail" | "all";

export class ConfirmedAggregate {
  /** Another map when all of them were replaced: what was shown before must be known by who shows it. */
  registers: Map<string, ConfirmedRegister>;
  version: number;
  position: number;
  historyAfter: number | undefined;
  /** The log may have earlier events than those that are kept. */
  tail: boolean;
  snapshot: Snapshot | undefined;

  constructor(
    readonly name: string,
    stored?: StoredAggregate,
  ) {
    this.registers = stored?.registers ?? new Map<string, ConfirmedRegister>();
    this.version = stored?.version ?? 0;
    this.position = stored?.position ?? 0;
    this.historyAfter = stored?.historyAfter;
    this.tail = stored?.tail ?? false;
    this.snapshot = stored?.snapshot;
  }

  /** Whether what is kept of its events is enough for those who want them. */
  keeps(wanted: History): boolean {
    if (wanted === "none") return true;
    if (this.historyAfter === undefined || (wanted === "all" && this.tail)) return false;
    return this.historyAfter <= (this.snapshot?.version ?? 0);
  }

  /** What of its events is kept, as every change says it. */
  get history(): Pick<AggregateChange, "historyAfter" | "tail"> {
    const { historyAfter, tail } = this;
    return historyAfter === undefined ? {} : defined({ historyAfter, tail: tail || undefined });
  }

  /** Moves on by events of this aggregate; undefined when they show a gap. */
  advance(events: readonly RecordedEvent[]): AggregateChange | undefined {
    const fresh = events.filter(event => event.version > this.version);
    const touched = new Map<string, ConfirmedRegister | null>();
    let reset = false;
    let historyAfter = this.historyAfter;
    let version = this.version;
    let gone: Snapshot | undefined;
    for (const event of fresh) {
      if (event.version !== version + 1) return undefined;
      version = event.version;
      if (event.type === DELETED) {
        reset = true;
        touched.clear();
        gone = { version };
      }
      const register = registerOf(event);
      if (register !== undefined) touched.set(event.key!, register);
      if (historyAfter !== undefined) historyAfter = Math.max(historyAfter, trimmedUpTo(event));
    }
    const change = {
      aggregate: this.name,
      version,
      position: fresh.at(-1)?.position ?? this.position,
      registers: [...touched],
      ...this.history,
      ...defined({
        resetRegisters: reset || undefined,
        historyAfter,
        snapshot: historyAfter === undefined ? undefined : gone,
      }),
      history: historyAfter === undefined ? [] : fresh.filter(event => event.version > historyAfter),
    };
    this.apply(change);
    return change;
  }

  /** The change that puts what the gateway says in the place of what is known; absence is as of `position`. */
  replacedBy(state: AggregateState | AbsentState, position: number): AggregateChange {
    const registers = Object.entries(state.registers ?? {});
    return {
      aggregate: this.name,
      version: state.version ?? 0,
      position: state.version === undefined ? position : state.position,
      resetRegisters: true,
      registers,
      history: [],
      ...this.history,
    };
  }

  apply(change: AggregateChange): void {
    if (change.resetRegisters || change.forget) this.registers = new Map();
    for (const [key, register] of change.registers) {
      if (register === null) this.registers.delete(key);
      else this.registers.set(key, register);
    }
    this.version = change.version;
    this.position = change.position;
    this.historyAfter = change.historyAfter;
    this.tail = change.tail ?? false;
    if (change.forget) this.snapshot = undefined;
    this.snapshot = change.snapshot ?? this.snapshot;
  }
}

/** The version up to which an event takes the history away; 0 when it takes nothing. */
function trimmedUpTo(event: RecordedEvent): number {
  if (event.type === DELETED) return event.version;
  if (event.type !== TRIMMED) return 0;
  const first = (event.data as { firstVersion?: unknown } | null | undefined)?.firstVersion;
  return typeof first === "number" ? first - 1 : 0;
}
