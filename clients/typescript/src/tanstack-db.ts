/**
 * The registers of an aggregate as the rows of a TanStack DB collection: `celeriant/tanstack-db`. A row's key is the
 * register's key. What the application inserts, updates or deletes is appended, and is durable here before the
 * collection's transaction is done; rows follow the log, with what is pending on top.
 */
import type { Collection, CollectionConfig } from "@tanstack/db";
import type { Celeriant } from "./celeriant.js";
import type { EventInput, JsonValue, RegisterValue } from "./model.js";
import type { AggregateView } from "./view.js";

/** Which registers are the rows, and how. */
export interface RegisterCollectionOptions<Row extends object> {
  /** `type/id` */
  readonly aggregate: string;
  /** The type of the events that set a row. */
  readonly type: string;
  /** The register's key of a row. */
  readonly getKey: (row: Row) => string;
  /** The name of the collection; the aggregate's when left out. */
  readonly id?: string;
  /** A register as a row, where it is not the register's data; undefined leaves it out. */
  readonly toRow?: (value: RegisterValue, key: string) => Row | undefined;
  /** A row as data, where it is not the row itself. */
  readonly toData?: (row: Row) => JsonValue;
}

/**
 * Options for `createCollection`.
 *
 * @example
 * ```ts
 * interface Task { id: string; title: string; done: boolean }
 * const tasks = createCollection(
 *   registerCollection<Task>(app, { aggregate: "list/l1", type: "task-set", getKey: task => task.id }),
 * );
 * tasks.insert({ id: "t1", title: "Write", done: false });
 * ```
 */
export function registerCollection<Row extends object, E extends object = Record<string, JsonValue>>(
  client: Celeriant<E>,
  options: RegisterCollectionOptions<Row>,
): CollectionConfig<Row, string> {
  const app = client as unknown as Celeriant;
  const { aggregate, type, getKey, id = aggregate } = options;
  const toData = options.toData ?? (row => row as unknown as JsonValue);
  const set = (row: Row): EventInput => ({ aggregate, type, key: getKey(row), data: toData(row) });
  const append = async (events: readonly EventInput[]) => {
    await app.append(events).local;
  };
  return {
    id,
    getKey,
    sync: {
      rowUpdateMode: "full",
      sync: of => {
        const rows = new SyncedRows(of, options.toRow ?? ((value: RegisterValue) => value.data as Row | undefined));
        app.open(aggregate).then(
          view => rows.follow(view as unknown as AggregateView),
          (error: unknown) => of.markError(error),
        );
        return () => rows.close();
      },
    },
    onInsert: ({ transaction }) => append(transaction.mutations.map(({ modified }) => set(modified))),
    onUpdate: ({ transaction }) => append(transaction.mutations.map(({ modified }) => set(modified))),
    onDelete: ({ transaction }) =>
      append(transaction.mutations.map(({ key }) => ({ aggregate, type, key: String(key), data: null }))),
  };
}

type SyncOf<Row extends object> = Parameters<CollectionConfig<Row, string>["sync"]["sync"]>[0] & {
  readonly collection: Collection<Row, string>;
};

/** Keeps a collection's rows at what a view's registers say. */
class SyncedRows<Row extends object> {
  private readonly keys = new Set<string>();
  private view: AggregateView | undefined;
  private stop: () => void = () => undefined;
  private closed = false;

  constructor(
    private readonly of: SyncOf<Row>,
    private readonly toRow: (value: RegisterValue, key: string) => Row | undefined,
  ) {}

  follow(view: AggregateView): void {
    if (this.closed) {
      view.close();
      return;
    }
    this.view = view;
    this.stop = view.subscribe(({ keys }) => this.write(keys));
    this.write(view.registers.keys());
    this.of.markReady();
  }

  close(): void {
    this.closed = true;
    this.stop();
    this.view?.close();
  }

  private write(keys: Iterable<string>): void {
    const { begin, write, commit } = this.of;
    begin();
    for (const key of keys) {
      const register = this.view?.registers.get(key);
      const row = register === undefined ? undefined : this.toRow(register, key);
      if (row !== undefined) write({ type: this.keys.has(key) ? "update" : "insert", value: row });
      else if (this.keys.has(key)) write({ type: "delete", key });
      if (row === undefined) this.keys.delete(key);
      else this.keys.add(key);
    }
    commit();
  }
}
