/**
 * What this client has appended and not read back yet, in its order: not stored yet, pending, or settled and on its
 * way. It lies on top of the confirmed state of each aggregate that it touches, and comes off when the log brings it.
 */
import type { Confirmation, EventInput } from "../model.js";

export interface OverlayEntry {
  readonly id: string;
  /** As the application gave them, and as they are stored from when they are. */
  events: readonly EventInput[];
  /** Set from the moment when it is settled: no longer pending, and to be taken off when its place was read. */
  confirmation: Confirmation | undefined;
}

export type OverlayListener = (entry: OverlayEntry, change: "added" | "confirmed" | "removed") => void;

export class Overlay {
  private readonly byAggregate = new Map<string, Map<string, OverlayEntry>>();
  private readonly listeners = new Map<string, Set<OverlayListener>>();

  /** What lies on top of an aggregate, in order. */
  entries(aggregate: string): Iterable<OverlayEntry> {
    return this.byAggregate.get(aggregate)?.values() ?? [];
  }

  has(aggregate: string, id: string): boolean {
    return this.byAggregate.get(aggregate)?.has(id) ?? false;
  }

  hear(aggregate: string, listener: OverlayListener): () => void {
    const listeners = this.listeners.get(aggregate) ?? new Set();
    this.listeners.set(aggregate, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(aggregate) === listeners) this.listeners.delete(aggregate);
    };
  }

  add(id: string, events: readonly EventInput[]): void {
    const entry: OverlayEntry = { id, events, confirmation: undefined };
    for (const aggregate of aggregatesOf(events)) {
      const entries = this.byAggregate.get(aggregate) ?? new Map<string, OverlayEntry>();
      if (entries.has(id)) continue;
      this.byAggregate.set(aggregate, entries.set(id, entry));
      this.tell(aggregate, entry, "added");
    }
  }

  /** The append is stored: from now on it is here as it lies there. */
  stored(id: string, events: readonly EventInput[]): void {
    for (const aggregate of aggregatesOf(events)) {
      const entry = this.byAggregate.get(aggregate)?.get(id);
      if (entry !== undefined) entry.events = events;
    }
  }

  /** Puts a settled append that was not read back yet under what is pending. */
  addSettled(aggregate: string, id: string, events: readonly EventInput[], confirmation: Confirmation): void {
    const above = this.byAggregate.get(aggregate) ?? new Map<string, OverlayEntry>();
    if (above.has(id)) return;
    const entry = { id, events, confirmation };
    const entries = [...above.values()];
    // Each stands where it comes first.
    const settled = entries.filter(other => other.confirmation !== undefined);
    this.byAggregate.set(aggregate, new Map([...settled, entry, ...entries].map(other => [other.id, other])));
    this.tell(aggregate, entry, "added");
  }

  /** The append is settled; it stays on top of an aggregate until that was read up to its place. */
  confirm(id: string, events: readonly EventInput[], confirmation: Confirmation, readUpTo: ReadUpTo): void {
    for (const aggregate of aggregatesOf(events)) {
      const entry = this.byAggregate.get(aggregate)?.get(id);
      if (entry === undefined) continue;
      entry.confirmation = confirmation;
      const known = readUpTo(aggregate);
      if (known === undefined || known >= confirmation.positions[1]) this.removeFrom(aggregate, id);
      else this.tell(aggregate, entry, "confirmed");
    }
  }

  /** The append is gone: rejected, or it could not be stored. */
  remove(id: string, events: readonly EventInput[]): void {
    for (const aggregate of aggregatesOf(events)) this.removeFrom(aggregate, id);
  }

  /** An aggregate was read up to a position, and in it the appends with these ids. */
  readBack(aggregate: string, ids: ReadonlySet<string>, position: number): void {
    const entries = this.byAggregate.get(aggregate);
    if (entries === undefined) return;
    for (const id of ids) this.removeFrom(aggregate, id);
    // Settled ones stand in front, in the order of their places.
    for (const { id, confirmation } of entries.values()) {
      if (confirmation === undefined || confirmation.positions[1] > position) break;
      this.removeFrom(aggregate, id);
    }
  }

  /** What is settled is not shown any more: it may not be seen, or the log may not have it. */
  dropSettled(aggregate: string): void {
    this.readBack(aggregate, new Set(), Infinity);
  }

  private removeFrom(aggregate: string, id: string): void {
    const entries = this.byAggregate.get(aggregate);
    const entry = entries?.get(id);
    if (entries === undefined || entry === undefined) return;
    entries.delete(id);
    if (entries.size === 0) this.byAggregate.delete(aggregate);
    this.tell(aggregate, entry, "removed");
  }

  private tell(aggregate: string, entry: OverlayEntry, change: "added" | "confirmed" | "removed"): void {
    for (const listener of this.listeners.get(aggregate) ?? []) listener(entry, change);
  }
}

/** The position up to which an aggregate was read; undefined for one that is not open. */
export type ReadUpTo = (aggregate: string) => number | undefined;

export function aggregatesOf(events: readonly EventInput[]): ReadonlySet<string> {
  return new Set(events.map(event => event.aggregate));
}
