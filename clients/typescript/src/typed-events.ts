/**
 * Events with the types of the application: a map from each event type to the type of its data, given once to
 * `connect`, makes `append`, `events`, projections and registers typed. It is erased by the compiler; at run time
 * nothing checks it (schemas at the gateway do).
 */
import type { EventInput, JsonValue, Recorded, RegisterValue } from "./model.js";

/** The map of an application that gives none: any type, any JSON. */
export type AnyEvents = { readonly [type: string]: JsonValue };

/** True for a map that names no types of its own. */
type IsAny<E> = string extends keyof E ? true : false;

type WithData<D> =
  { readonly data: D; readonly data_base64?: never } | { readonly data?: never; readonly data_base64: string };

/** An event to append, one of those in the map. */
export type EventOf<E extends object> =
  IsAny<E> extends true
    ? EventInput
    : {
        [T in keyof E & string]: Omit<EventInput, "type" | "data" | "data_base64"> & {
          readonly type: T;
        } & WithData<E[T]>;
      }[keyof E & string];

/** An event as the log gives it back, one of those in the map. Switch over its `type`. */
export type RecordedOf<E extends object> =
  IsAny<E> extends true ? EventInput & Recorded : { [T in keyof E & string]: Shown<E, T> & Recorded }[keyof E & string];

/** An event as a projection sees it: of the log, or this client's and still on its way. */
export type AppliedOf<E extends object> =
  | (RecordedOf<E> & { readonly pending: false })
  | (IsAny<E> extends true
      ? EventInput & { readonly pending: true }
      : { [T in keyof E & string]: Shown<E, T> & { readonly pending: true } }[keyof E & string]);

/** A register that an event of the map has set. */
export type RegisterOf<E extends object> =
  IsAny<E> extends true
    ? RegisterValue
    : {
        [T in keyof E & string]: Omit<RegisterValue, "type" | "data"> & { readonly type: T; readonly data?: E[T] };
      }[keyof E & string];

type Shown<E, T extends keyof E> = Omit<EventInput, "type" | "data"> & { readonly type: T; readonly data: E[T] };
