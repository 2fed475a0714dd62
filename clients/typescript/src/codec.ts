/**
 * How an event's data is sealed before it is stored and sent, and opened where it is shown. `celeriant/encryption` has
 * one; the keys belong to the application. What lies in the buffer and in the log is always what was sealed, so that
 * data whose key is gone is gone everywhere.
 */
import type { Encryption, EventInput } from "./model.js";

/** An event whose data is sealed, with everything that the seal covers. */
export interface SealedEvent {
  /** `type/id` */
  readonly aggregate: string;
  /** The type of the event. */
  readonly type: string;
  /** The register that it sets. */
  readonly key?: string;
  /** The sealed bytes, in Base64. */
  readonly data_base64?: string;
  /** The media type of what was sealed. */
  readonly datacontenttype?: string;
  /** How it was sealed. */
  readonly encryption: Encryption;
}

/** What was in it: exactly one of the two data forms. */
export type OpenedData = Pick<EventInput, "data" | "data_base64" | "datacontenttype">;

/** Seals and opens the data of events. `celeriant/encryption` has one; an application may bring its own. */
export interface Codec {
  /** The event with its data sealed, or the event itself when it is to stay readable for everyone. */
  seal(event: EventInput): Promise<EventInput>;
  /** Rejects when there is no key for it, or when it was tampered with: then it is shown as unreadable. */
  open(event: SealedEvent): Promise<OpenedData>;
  /** The same for a published snapshot of an aggregate; undefined when it is to stay readable. */
  sealSnapshot?(aggregate: string, content: OpenedData): Promise<OpenedData | undefined>;
  /** Undefined when it is not sealed. */
  openSnapshot?(aggregate: string, content: OpenedData): Promise<OpenedData | undefined>;
}
