/** What is undefined is no part of data: a value that a program reads, a tab is told or a store keeps leaves it out. */

type Optional<T> = { [Name in keyof T]: undefined extends T[Name] ? Name : never }[keyof T];

/** A type without what may be undefined in it, as something that may be left out. */
export type Defined<T> = Omit<T, Optional<T>> & { [Name in Optional<T>]?: Exclude<T[Name], undefined> };

/** A copy without the entries that are undefined. */
export function defined<T extends object>(of: T): Defined<T> {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Defined<T>;
}
