/**
 * Old events under new types. An application that changes the form of an event says once how the old form becomes the
 * new one; that runs whenever an event is shown, from the log, from the store or still pending. What is stored stays
 * as it was written.
 */
import type { EventInput } from "./model.js";

/** The part of an event that an upcaster sees. Keys and aggregates stay what they are. */
export type OldEvent = Pick<
  EventInput,
  "aggregate" | "key" | "type" | "typeVersion" | "data" | "data_base64" | "datacontenttype"
>;

/** What it becomes. A type that is left out stays; so does the data when both forms are left out. */
export type NewForm = Partial<Pick<EventInput, "type" | "typeVersion" | "data" | "data_base64" | "datacontenttype">>;

/**
 * How one version of an event type becomes the next one. The result is brought up further when another upcaster is
 * registered for what it became. An event that clears its register has no data to bring up and is passed as it is.
 *
 * @example
 * ```ts
 * const colours: Upcaster = {
 *   type: "cell-painted",
 *   upcast: ({ data }) => ({ typeVersion: "2.0", data: { colour: data ?? null } }),
 * };
 * const app = await connect({ url, org, upcasting: upcasting([colours]) });
 * ```
 */
export interface Upcaster {
  /** The event type that it takes. */
  readonly type: string;
  /** The version that it takes; `1.0` when left out, as for events that name none. */
  readonly typeVersion?: string;
  /** Pure. When it throws, the event is shown as unreadable. */
  readonly upcast: (event: OldEvent) => NewForm;
}

/** What `upcasting` makes of upcasters; goes to `connect`. */
export interface Upcasting {
  /** The event in its newest form; the event itself when there is nothing to do. */
  apply<T extends OldEvent>(event: T): T;
}

/**
 * Upcasters for `connect`.
 *
 * @throws TypeError when two of them take the same version of the same type
 */
export function upcasting(upcasters: readonly Upcaster[]): Upcasting {
  const byForm = new Map<string, Upcaster>();
  for (const upcaster of upcasters) {
    const form = formOf(upcaster);
    if (byForm.has(form)) throw new TypeError(`two upcasters for ${form}`);
    byForm.set(form, upcaster);
  }
  return {
    apply(event) {
      let newest = event;
      for (let steps = 0; ; steps++) {
        const upcaster = byForm.get(formOf(newest));
        if (upcaster === undefined) return newest;
        if (steps === byForm.size) throw new Error(`upcasters go round in a circle at ${formOf(newest)}`);
        const form = upcaster.upcast(newest);
        const { data, data_base64, datacontenttype, ...rest } = newest;
        const kept = form.data === undefined && form.data_base64 === undefined ? newest : (rest as typeof newest);
        newest = { ...kept, ...form };
      }
    },
  };
}

function formOf({ type, typeVersion = "1.0" }: Pick<OldEvent, "type" | "typeVersion">): string {
  return `${type} ${typeVersion}`;
}
