/**
 * From what is stored to what is shown: sealed data is opened with the application's keys, old events are brought up to
 * their newest form. Opening takes time, so it is done ahead (`prepare`) and remembered; showing is then at once.
 *
 * What was opened is remembered by the identity of its `encryption` object, which goes along by reference from an event
 * to the register that it sets, and is forgotten with it.
 */
import { checkEvents } from "../check-append.js";
import type { Codec, OpenedData, SealedEvent } from "../codec.js";
import { defined } from "../defined.js";
import type { EventInput, RegisterValue, Snapshot } from "../model.js";
import type { OldEvent, Upcasting } from "../upcasting.js";
import type { Overlay } from "./overlay.js";
import { clears } from "./registers.js";

type Opened = OpenedData | Error;

/** Anything that can be shown: an event, or a register together with its names. */
type Showable = OldEvent & Pick<EventInput, "encryption">;
type Unreadable = { readonly unreadable?: string };

export class Reading {
  private opened = new WeakMap<object, Opened>();

  constructor(
    private readonly codec: Codec | undefined,
    private readonly upcasting: Upcasting | undefined,
  ) {}

  /** Opens what is sealed, so that it can be shown. */
  async prepare(events: Iterable<Showable>): Promise<void> {
    const { codec, opened: remembered } = this;
    if (codec === undefined) return;
    const sealed = [...events].filter(event => event.encryption !== undefined && !remembered.has(event.encryption));
    await Promise.all(
      (sealed as SealedEvent[]).map(async event => {
        const opened = await codec.open(event).catch((error: unknown) => asError(error));
        remembered.set(event.encryption, opened);
      }),
    );
    // The keys are other ones by now: what was opened with the former ones is where nobody looks any more.
    if (this.opened !== remembered) await this.prepare(sealed);
  }

  /** The same for registers. */
  prepareRegisters(aggregate: string, registers: Iterable<readonly [string, Omit<Showable, "aggregate"> | null]>) {
    return this.codec === undefined ? undefined : this.prepare(withNames(aggregate, registers));
  }

  /** The same for what lies on top of an aggregate. */
  prepareOverlay(overlay: Overlay, aggregate: string) {
    return this.prepare([...overlay.entries(aggregate)].flatMap(entry => entry.events));
  }

  get sealsNothing(): boolean {
    return this.codec === undefined;
  }

  /** The events as they are stored and sent. What they hold is remembered. */
  async seal(events: readonly EventInput[]): Promise<readonly EventInput[]> {
    const { codec, opened } = this;
    if (codec === undefined) return events;
    const seal = (event: EventInput) =>
      event.encryption !== undefined || (event.key !== undefined && clears(event)) ? event : codec.seal(event);
    const sealed = await Promise.all(events.map(seal));
    checkEvents(sealed);
    sealed.forEach(({ encryption }, place) => {
      const event = events[place]!;
      if (encryption !== undefined && event.encryption === undefined) opened.set(encryption, dataOf(event));
    });
    if (this.opened !== opened) await this.prepare(sealed);
    return sealed;
  }

  /** The snapshot as it is sent. */
  async sealSnapshot(aggregate: string, content: OpenedData): Promise<OpenedData> {
    return (await this.codec?.sealSnapshot?.(aggregate, content)) ?? content;
  }

  /** What a snapshot holds; undefined when there is none: what came before is gone. */
  async snapshot(aggregate: string, snapshot: Snapshot): Promise<Snapshot | undefined> {
    const { version, ...content } = snapshot;
    if (content.data === undefined && content.data_base64 === undefined) return undefined;
    const opened = await this.codec?.openSnapshot?.(aggregate, content);
    return opened === undefined ? snapshot : { version, ...opened };
  }

  event<T extends Showable>(event: T): T & Unreadable {
    if (this.codec === undefined && this.upcasting === undefined) return event;
    try {
      const open = this.open(event);
      const asItIs = open.encryption !== undefined || (open.key !== undefined && clears(open));
      return asItIs ? open : (this.upcasting?.apply(open) ?? open);
    } catch (error) {
      const { data, data_base64, datacontenttype, ...rest } = event;
      return { ...(rest as unknown as T), unreadable: asError(error).message };
    }
  }

  register(aggregate: string, key: string, value: RegisterValue): RegisterValue {
    const { aggregate: _aggregate, key: _key, ...shown } = this.event({ ...value, aggregate, key });
    return shown;
  }

  /** The application has other keys: what was opened with the former ones is forgotten. */
  forget(): void {
    this.opened = new WeakMap();
  }

  private open<T extends Showable>(event: T): T {
    if (this.codec === undefined || event.encryption === undefined) return event;
    const opened = this.opened.get(event.encryption) ?? new Error("not opened");
    if (opened instanceof Error) throw opened;
    const { data, data_base64, datacontenttype, encryption, ...rest } = event;
    return { ...(rest as unknown as T), ...opened };
  }
}

function* withNames(
  aggregate: string,
  registers: Iterable<readonly [string, Omit<Showable, "aggregate"> | null]>,
): Iterable<Showable> {
  for (const [key, register] of registers) if (register !== null) yield { ...register, aggregate, key };
}

function dataOf({ data, data_base64, datacontenttype }: EventInput): OpenedData {
  return defined({ data: data_base64 === undefined ? (data ?? null) : undefined, data_base64, datacontenttype });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
