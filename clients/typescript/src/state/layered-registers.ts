/**
 * The registers of an aggregate as the application sees them: what is confirmed, with what this client has appended
 * and not read back yet on top. One map over both, so that a change costs what it changes and a start nothing: it holds
 * itself only the values that somebody asked for.
 */
import type { ConfirmedRegister, EventInput, RegisterValue } from "../model.js";
import { LazyMap } from "./lazy-map.js";
import type { Overlay, OverlayEntry } from "./overlay.js";
import type { Reading } from "./reading.js";
import { clears, valueOf } from "./registers.js";

/** One event of an append; looked up when it is needed, since what is stored takes the place of what was typed in. */
interface Layer {
  readonly entry: OverlayEntry;
  readonly place: number;
}

export class LayeredRegisters extends LazyMap<RegisterValue> {
  /** For each key the events on top of it, the latest last. */
  private readonly layers = new Map<string, Map<string, Layer>>();
  /** Those that were confirmed when all of them were looked at last. */
  private before: ReadonlyMap<string, ConfirmedRegister>;
  private readonly stop: () => void;

  constructor(
    private readonly aggregate: string,
    private readonly confirmed: { readonly registers: ReadonlyMap<string, ConfirmedRegister> },
    overlay: Overlay,
    private readonly clientId: () => string,
    private readonly reading: Reading,
    private readonly changed: (keys: Set<string>) => void,
  ) {
    super();
    this.before = confirmed.registers;
    for (const entry of overlay.entries(aggregate)) this.lay(entry);
    this.stop = overlay.hear(aggregate, (entry, change) => {
      if (change === "added") this.lay(entry);
      if (change === "removed") this.lift(entry);
      this.recompute(new Set(this.keyed(entry).map(([key]) => key)));
    });
  }

  close(): void {
    this.stop();
  }

  /** The values of these keys are made again when somebody asks for them; whoever listens is told. */
  recompute(keys: Set<string>): void {
    for (const key of keys) this.delete(key);
    this.changed(keys);
  }

  recomputeAll(): void {
    const { registers } = this.confirmed;
    this.recompute(new Set([...this.before.keys(), ...registers.keys(), ...this.layers.keys()]));
    this.before = registers;
  }

  override get size(): number {
    let size = this.confirmed.registers.size;
    for (const key of this.layers.keys()) size += Number(this.has(key)) - Number(this.confirmed.registers.has(key));
    return size;
  }

  override has(key: string): boolean {
    const event = this.top(key);
    return event === undefined ? this.confirmed.registers.has(key) : !clears(event);
  }

  override *keys(): MapIterator<string> {
    for (const key of this.confirmed.registers.keys()) if (this.has(key)) yield key;
    for (const key of this.layers.keys()) if (!this.confirmed.registers.has(key) && this.has(key)) yield key;
  }

  override get(key: string): RegisterValue | undefined {
    if (super.get(key) === undefined && this.has(key)) this.set(key, this.shown(key));
    return super.get(key);
  }

  private shown(key: string): RegisterValue {
    const event = this.top(key);
    const value =
      event === undefined
        ? { ...this.confirmed.registers.get(key)!, pending: false }
        : { ...valueOf(event), client: this.clientId(), pending: this.topLayer(key)!.entry.confirmation === undefined };
    return this.reading.register(this.aggregate, key, value);
  }

  /** The event on top of a register, if there is one. */
  private top(key: string): EventInput | undefined {
    const layer = this.topLayer(key);
    return layer?.entry.events[layer.place];
  }

  private topLayer(key: string): Layer | undefined {
    let top: Layer | undefined;
    for (const layer of this.layers.get(key)?.values() ?? []) top = layer;
    return top;
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
