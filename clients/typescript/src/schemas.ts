/** What the log takes as the data of events: JSON Schemas, one for each type of event and its version. */
import type { Celeriant } from "./celeriant.js";
import type { JsonValue } from "./model.js";

/** Names one schema. */
export interface SchemaName {
  /** The type of the events that it judges. */
  readonly eventType: string;
  /** Their version; `1.0` is that of events that name none. */
  readonly typeVersion: string;
}

/** The schemas of an org; see `schemasOf`. */
export interface Schemas {
  /** All that there are. */
  list(signal?: AbortSignal): Promise<readonly SchemaName[]>;
  /** One of them; a `ProblemError` with the code `not-found` when there is none of that name. */
  read(of: SchemaName, signal?: AbortSignal): Promise<JsonValue>;
  /** States one, for good: the same again changes nothing, another one is a `ProblemError`, `schema-conflict`. */
  put(of: SchemaName, schema: JsonValue, signal?: AbortSignal): Promise<void>;
}

/**
 * The schemas of the client's org: for its admins, where it is not open to all.
 *
 * @example
 * ```ts
 * const colour = { eventType: "cell-painted", typeVersion: "1.0" };
 * await schemasOf(app).put(colour, { type: "string", pattern: "^#[0-9a-f]{6}$" });
 * ```
 */
export function schemasOf<E extends object>(app: Celeriant<E>): Schemas {
  const { requests } = app;
  const path = ({ eventType, typeVersion }: SchemaName) =>
    `/schemas/${encodeURIComponent(eventType)}/${encodeURIComponent(typeVersion)}`;
  return {
    list: async signal => {
      const all = await requests.call<{ schemas: readonly SchemaName[] }>("GET", "/schemas", undefined, signal);
      return all.schemas;
    },
    read: (of, signal) => requests.call("GET", path(of), undefined, signal),
    put: (of, schema, signal) =>
      requests.call("PUT", path(of), JSON.stringify(schema), signal, "application/schema+json"),
  };
}
