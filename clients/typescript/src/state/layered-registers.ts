/**
 * The registers of an aggregate as the application sees them: what is confirmed, with what this client has appended
 * and not read back yet on top. Kept up key by key, so that a change costs what it changes.
 */
import type { ConfirmedRegister, EventInput, RegisterValue } from "../model.js";
import type { Overlay, OverlayEntry } from "./overlay.js";
import { clears, valueOf } from "./registers.js";

interface Layer {
  readonly event: EventInput;
  readonly entry: OverlayEntry;
}

export class LayeredRegisters {
  readonly values = new Map<string, RegisterValue>();
  /** For each key the events on top of it, the latest last. */
  private readonly layers = new Map<string, Map<string, Layer>>();
  private readonly stop: () => void;

  constructor(
    private readonly aggregate: string,
    private readonly confirmed: ReadonlyMap<string, ConfirmedRegister>,
    overlay: Overlay,
    private readonly clientId: () => string,
    private readonly changed: (keys: ReadonlySet<string>) => void,
  ) {
    for (const entry of overlay.entries(aggregate)) this.lay(entry);
    this.refreshAll();
    this.stop = overlay.listen(aggregate, (entry, change) => {
      if (change === "added") this.lay(entry);
      if (change === "removed") this.lift(entry);
      this.refresh(keysOf(entry, aggregate));
    });
  }

  close(): void {
    this.stop();
  }

  /** Computes the values of these keys again and tells whoever listens. */
  refresh(keys: ReadonlySet<string>): void {
    for (const key of keys) this.compute(key);
    this.changed(keys);
  }

  refreshAll(): void {
    this.refresh(new Set([...this.values.keys(), ...this.confirmed.keys(), ...this.layers.keys()]));
  }

  private compute(key: string): void {
    const value = this.valueOf(key);
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
  }

  private valueOf(key: string): RegisterValue | undefined {
    const layers = this.layers.get(key);
    if (layers !== undefined) {
      let top: Layer | undefined;
      for (const layer of layers.values()) top = layer;
      if (top !== undefined) {
        if (clears(top.event)) return undefined;
        return { ...valueOf(top.event), client: this.clientId(), pending: top.entry.confirmation === undefined };
      }
    }
    const register = this.confirmed.get(key);
    return register === undefined ? undefined : { ...register, pending: false };
  }

  private lay(entry: OverlayEntry): void {
    entry.events.forEach((event, place) => {
      if (event.key === undefined || event.aggregate !== this.aggregate) return;
      const layers = this.layers.get(event.key) ?? new Map<string, Layer>();
      this.layers.set(event.key, layers.set(`${entry.id}/${place}`, { event, entry }));
    });
  }

  private lift(entry: OverlayEntry): void {
    entry.events.forEach((event, place) => {
      if (event.key === undefined || event.aggregate !== this.aggregate) return;
      const layers = this.layers.get(event.key);
      layers?.delete(`${entry.id}/${place}`);
      if (layers?.size === 0) this.layers.delete(event.key);
    });
  }
}

function keysOf(entry: OverlayEntry, aggregate: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const event of entry.events) {
    if (event.key !== undefined && event.aggregate === aggregate) keys.add(event.key);
  }
  return keys;
}
