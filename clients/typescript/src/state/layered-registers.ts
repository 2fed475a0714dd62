/**
 * The registers of an aggregate as the application sees them: what is confirmed, with what this client has appended
 * and not read back yet on top. Kept up key by key, so that a change costs what it changes.
 */
import type { ConfirmedRegister, RegisterValue } from "../model.js";
import { LazyMap } from "./lazy-map.js";
import type { Overlay, OverlayEntry } from "./overlay.js";
import type { Reading } from "./reading.js";
import { clears, valueOf } from "./registers.js";

/** One event of an append; looked up when it is needed, since what is stored takes the place of what was typed in. */
interface Layer {
  readonly entry: OverlayEntry;
  readonly place: number;
}

export class LayeredRegisters {
  readonly values = new LazyMap<RegisterValue>();
  /** For each key the events on top of it, the latest last. */
  private readonly layers = new Map<string, Map<string, Layer>>();
  private readonly stop: () => void;

  constructor(
    private readonly aggregate: string,
    private readonly confirmed: ReadonlyMap<string, ConfirmedRegister>,
    overlay: Overlay,
    private readonly clientId: () => string,
    private readonly reading: Reading,
    private readonly changed: (keys: Set<string>) => void,
  ) {
    for (const entry of overlay.entries(aggregate)) this.lay(entry);
    for (const key of confirmed.keys()) this.compute(key);
    for (const key of this.layers.keys()) this.compute(key);
    this.stop = overlay.listen(aggregate, (entry, change) => {
      if (change === "added") this.lay(entry);
      if (change === "removed") this.lift(entry);
      this.recompute(new Set(this.keyed(entry).map(([key]) => key)));
    });
  }

  close(): void {
    this.stop();
  }

  /** Computes the values of these keys again and tells whoever listens. */
  recompute(keys: Set<string>): void {
    for (const key of keys) this.compute(key);
    this.changed(keys);
  }

  recomputeAll(): void {
    this.recompute(new Set([...this.values.keys(), ...this.confirmed.keys(), ...this.layers.keys()]));
  }

  private compute(key: string): void {
    let top: Layer | undefined;
    for (const layer of this.layers.get(key)?.values() ?? []) top = layer;
    const event = top?.entry.events[top.place];
    if (event === undefined ? !this.confirmed.has(key) : clears(event)) this.values.delete(key);
    else if (event === undefined) this.values.later(key, this.confirmedValue);
    else {
      const pending = top?.entry.confirmation === undefined;
      this.values.set(key, this.shown(key, { ...valueOf(event), client: this.clientId(), pending }));
    }
  }

  private readonly confirmedValue = (key: string): RegisterValue =>
    this.shown(key, { ...this.confirmed.get(key)!, pending: false });

  private shown(key: string, value: RegisterValue): RegisterValue {
    return this.reading.register(this.aggregate, key, value);
  }

  private lay(entry: OverlayEntry): void {
    for (const [key, place] of this.keyed(entry)) {
      const layers = this.layers.get(key) ?? new Map<string, Layer>();
      this.layers.set(key, layers.set(`${entry.id}/${place}`, { entry, place }));
    }
  }

  private lift(entry: OverlayEntry): void {
    for (const [key, place] of this.keyed(entry)) {
      const layers = this.layers.get(key);
      layers?.delete(`${entry.id}/${place}`);
      if (layers?.size === 0) this.layers.delete(key);
    }
  }

  /** The keys that an append sets here, each with the place of its event. */
  private keyed({ events }: OverlayEntry): [key: string, place: number][] {
    return events.flatMap(({ aggregate, key }, place) =>
      key === undefined || aggregate !== this.aggregate ? [] : [[key, place]],
    );
  }
}
