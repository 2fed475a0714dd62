/**
 * A map that knows all its names from the start and makes a value when somebody asks for it: of a hundred thousand
 * registers a page shows a few, and to read the others would cost more than all else of a start.
 */
type Make<V> = (key: string) => V;

export class LazyMap<V extends object> extends Map<string, V> {
  /** The value under this key is made when it is asked for, once. */
  later(key: string, make: Make<V>): void {
    super.set(key, make as unknown as V);
  }

  override get(key: string): V | undefined {
    let value = super.get(key);
    if (typeof value === "function") this.set(key, (value = (value as Make<V>)(key)));
    return value;
  }

  override *entries(): MapIterator<[string, V]> {
    for (const key of this.keys()) yield [key, this.get(key)!];
  }

  override *values(): MapIterator<V> {
    for (const key of this.keys()) yield this.get(key)!;
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  override forEach(tell: (value: V, key: string, map: Map<string, V>) => void): void {
    for (const [key, value] of this) tell(value, key, this);
  }
}
