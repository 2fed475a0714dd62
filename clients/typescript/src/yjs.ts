/**
 * A Yjs document whose updates are the events of an aggregate: `celeriant/yjs`. What is typed is durable here at once
 * and reaches the log in order; what others typed comes with the log; both merge as Yjs does. From time to time the
 * whole document is published as a snapshot, so that who opens it later reads that and the updates behind it. Awareness
 * (cursors, names) goes over presence.
 */
import {
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
  type Awareness,
} from "y-protocols/awareness";
import { applyUpdate, encodeStateAsUpdate, mergeUpdates, type Doc } from "yjs";
import type { Celeriant } from "./celeriant.js";
import type { EventInput, JsonValue } from "./model.js";
import { base64, fromBase64 } from "./protocol/encoding.js";
import { ProblemError } from "./protocol/errors.js";
import type { PresenceMessage } from "./protocol/subscription.js";
import type { Projection } from "./state/projection.js";
import type { AppendHandle } from "./sync/append-handle.js";
import type { AggregateView } from "./view.js";

const UPDATE = "yjs-update";
const BYTES = "application/octet-stream";
/** Confirmed updates since the last snapshot after which the next one is published. */
const SNAPSHOT_EVERY = 500;
/** Awareness says again every 15 s who is there; presence outlives one such message that is lost. */
const AWARENESS_TTL_SECONDS = 40;

/** Which document is bound to which aggregate. */
export interface YjsOptions {
  /** `type/id` */
  readonly aggregate: string;
  /** The document. */
  readonly doc: Doc;
  /** Cursors and names of those who have it open; left out: none are shown. */
  readonly awareness?: Awareness;
  /** 0: this client publishes none. */
  readonly snapshotEvery?: number;
}

/** An event as this provider sees it. */
type Update = Pick<EventInput, "type" | "data_base64"> & { readonly append?: string };

/**
 * Binds a document to an aggregate. It holds everything that is known here when this resolves, offline too.
 *
 * @example
 * ```ts
 * const doc = new Doc();
 * const binding = await bindYjs(app, { doc, aggregate: "document/d1" });
 * doc.getText("body").insert(0, "Hello");
 * await binding.whenStored();
 * ```
 */
export async function bindYjs<E extends object>(app: Celeriant<E>, options: YjsOptions): Promise<YjsBinding> {
  const view = (await app.open(options.aggregate)) as unknown as AggregateView;
  const binding = new YjsBinding(app as unknown as Celeriant, view, options);
  await binding.ready;
  return binding;
}

/**
 * A document that is bound to an aggregate; see `bindYjs`. An update that the log rejects stays in this document, and
 * what builds on it waits in those of others: retry it (`Celeriant.retryRejected`), or load the document anew.
 */
export class YjsBinding {
  /** @internal */
  readonly ready: Promise<void>;
  private readonly updates: Projection<null>;
  private readonly doc: Doc;
  private readonly snapshotEvery: number;
  private readonly stops: (() => void)[] = [];
  /** Appends that this binding made: the document has them already. */
  private readonly own = new Set<string>();
  private typed: Uint8Array[] = [];
  private last: AppendHandle | undefined;
  private snapshotAt = 0;
  private publishing = false;
  private mayPublish = true;
  private presenceDue = false;
  private puttingPresence: Promise<void> | undefined;
  private readonly peers = new Map<string, readonly number[]>();

  /** @internal */
  constructor(
    private readonly app: Celeriant,
    private readonly view: AggregateView,
    private readonly options: YjsOptions,
  ) {
    this.doc = options.doc;
    this.snapshotEvery = options.snapshotEvery ?? SNAPSHOT_EVERY;
    // Applying an update twice, or in another order, changes nothing: so the document itself can be the fold's state.
    this.updates = view.project<null>({
      initial: null,
      apply: (state, event) => {
        this.take(event as Update);
        return state;
      },
      fromSnapshot: snapshot => {
        if (snapshot.data_base64 === undefined) throw new TypeError("not a snapshot of a Yjs document");
        applyUpdate(this.doc, fromBase64(snapshot.data_base64), this);
        this.snapshotAt = snapshot.version;
        return null;
      },
    });
    this.ready = this.updates.ready.then(() => this.takePending());
    const onUpdate = (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.type(update);
    };
    this.doc.on("update", onUpdate);
    this.stops.push(() => this.doc.off("update", onUpdate));
    this.stops.push(this.updates.subscribe(() => void this.publishWhenDue()));
    this.stops.push(this.listenToOtherTabs());
    if (options.awareness !== undefined) this.bindAwareness(options.awareness);
  }

  /** Resolves when everything that was typed so far is durable here. */
  async whenStored(): Promise<void> {
    this.flush();
    await this.last?.local;
  }

  /** Resolves when everything that was typed so far is in the log. */
  async whenConfirmed(): Promise<void> {
    this.flush();
    await this.last?.confirmed;
  }

  /**
   * Publishes the document as the aggregate's snapshot. False when there is nothing to publish: something is still
   * pending, so that no version of the log is what the document is, or one of this version is there already.
   */
  async publishSnapshot(): Promise<boolean> {
    this.flush();
    const { version } = this.updates;
    if (version === 0 || version !== this.view.version || [...this.view.open.overlay.entries(this.name)].length > 0) {
      return false;
    }
    const data_base64 = base64(encodeStateAsUpdate(this.doc));
    this.snapshotAt = version;
    return await this.app.publishSnapshot(this.name, { version, data_base64, datacontenttype: BYTES });
  }

  /** Ends the binding; the document stays as it is, what is pending is still sent. */
  async close(): Promise<void> {
    this.flush();
    for (const stop of this.stops.splice(0)) stop();
    await this.puttingPresence;
    this.view.close();
  }

  private get name(): string {
    return this.options.aggregate;
  }

  /** All that is typed in one turn is one append. */
  private type(update: Uint8Array): void {
    this.typed.push(update);
    if (this.typed.length === 1) queueMicrotask(() => this.flush());
  }

  private flush(): void {
    if (this.typed.length === 0) return;
    const data_base64 = base64(this.typed.length === 1 ? this.typed[0]! : mergeUpdates(this.typed));
    this.typed = [];
    const handle = this.app.append({ aggregate: this.name, type: UPDATE, data_base64, datacontenttype: BYTES });
    this.own.add(handle.id);
    this.last = handle;
  }

  private take(event: Update): void {
    if (event.append !== undefined && this.own.delete(event.append)) return;
    if (event.type === UPDATE && event.data_base64 !== undefined) {
      applyUpdate(this.doc, fromBase64(event.data_base64), this);
    }
  }

  /** What this client had appended before and the log has not confirmed. */
  private takePending(): void {
    for (const event of this.view.pending) this.takeUnconfirmed(event);
  }

  /** One that is no update is told of when the log brings it. */
  private takeUnconfirmed(event: Update): void {
    try {
      this.take(event);
    } catch {
      // The projection sets it aside.
    }
  }

  /** What is typed into the same aggregate elsewhere in this client: in another tab, say. */
  private listenToOtherTabs(): () => void {
    const { overlay, reading, name } = this.view.open;
    return overlay.hear(name, (entry, change) => {
      if (change !== "added") return;
      // While this binding appends, its own entry is added before it knows its id.
      queueMicrotask(() => {
        if (this.own.has(entry.id)) return;
        for (const event of entry.events) if (event.aggregate === name) this.takeUnconfirmed(reading.event(event));
      });
    });
  }

  private async publishWhenDue(): Promise<void> {
    const due = this.snapshotEvery > 0 && this.updates.version - this.snapshotAt >= this.snapshotEvery;
    if (!due || this.publishing || !this.mayPublish) return;
    this.publishing = true;
    try {
      // What was read back just now is taken off the pending ones in this turn.
      await Promise.resolve();
      await this.publishSnapshot();
    } catch (error) {
      // A snapshot only saves reading. Who may not publish leaves it to others; else the next update tries again.
      if (error instanceof ProblemError && error.problem.status === 403) this.mayPublish = false;
      else this.snapshotAt = this.updates.version;
    } finally {
      this.publishing = false;
    }
  }

  private bindAwareness(awareness: Awareness): void {
    const onUpdate = (_changes: unknown, origin: unknown) => {
      if (origin !== this) this.showPresence(awareness);
    };
    awareness.on("update", onUpdate);
    this.stops.push(() => {
      awareness.off("update", onUpdate);
      this.puttingPresence = this.put(null);
    });
    this.stops.push(this.app.onPresence(message => this.takePresence(awareness, message)));
    if (awareness.getLocalState() !== null) this.showPresence(awareness);
  }

  /** One at a time is on its way; what changed meanwhile goes with the next. */
  private showPresence(awareness: Awareness): void {
    this.presenceDue = true;
    this.puttingPresence ??= (async () => {
      while (this.presenceDue) {
        this.presenceDue = false;
        const gone = awareness.getLocalState() === null;
        await this.put(gone ? null : base64(encodeAwarenessUpdate(awareness, [awareness.clientID])));
      }
    })().finally(() => {
      this.puttingPresence = undefined;
    });
  }

  /** Presence is shown when it can be: offline, or before the aggregate exists, it is not. */
  private put(data: JsonValue): Promise<void> {
    return this.app.putPresence(this.name, data, { ttl: AWARENESS_TTL_SECONDS }).catch(() => undefined);
  }

  private takePresence(awareness: Awareness, message: PresenceMessage): void {
    const { aggregate, client, instance, data } = message;
    if (aggregate !== this.name || (client === this.app.clientId && instance === this.app.instance)) return;
    const peer = `${client}/${instance}`;
    if (typeof data !== "string") {
      removeAwarenessStates(awareness, [...(this.peers.get(peer) ?? [])], this);
      this.peers.delete(peer);
      return;
    }
    const changed: number[] = [];
    const note = (changes: { added: number[]; updated: number[] }) =>
      changed.push(...changes.added, ...changes.updated);
    awareness.on("update", note);
    try {
      applyAwarenessUpdate(awareness, fromBase64(data), this);
    } catch {
      // Of another application, or damaged: nobody's cursor.
    } finally {
      awareness.off("update", note);
    }
    if (changed.length > 0) this.peers.set(peer, changed);
  }
}
