/** What an application holds of an append that it made: two promises, for the two things that can be waited for. */
import { orAborted } from "../abort.js";
import type { AppendRef, Confirmation } from "../model.js";
import type { RejectedError } from "../protocol/errors.js";

/** An append that was made: what can be awaited of it. */
export class AppendHandle {
  /**
   * Resolves when the append is durable here: it will reach the log, whatever happens to this process. Rejects with
   * a `BufferWriteError` when it could not be stored; then nothing of it was kept.
   */
  readonly local: Promise<AppendRef>;

  /**
   * Resolves when the log has it. Rejects with a `RejectedError` when the log refused it for good. After a restart
   * nobody holds the old handles; the status and the rejected list tell what became of such appends. It rejects, too,
   * when the client is closed before: the append stays in the buffer, and the next client sends it.
   */
  readonly confirmed: Promise<Confirmation>;

  /** @internal */ isLocal!: (ref: AppendRef) => void;
  /** @internal */ isConfirmed!: (confirmation: Confirmation) => void;
  /** @internal */ isRejected!: (error: RejectedError) => void;
  /** @internal */ failed!: (error: unknown) => void;

  /** @internal */
  constructor(
    /** The UUID of the append. */
    readonly id: string,
  ) {
    let failLocal: (error: unknown) => void;
    this.local = new Promise((resolve, reject) => {
      this.isLocal = resolve;
      failLocal = reject;
    });
    this.confirmed = new Promise((resolve, reject) => {
      this.isConfirmed = resolve;
      this.isRejected = reject;
      this.failed = error => {
        failLocal(error);
        reject(error);
      };
    });
    // Nobody has to wait for either: what became of an append is also in the status and in the rejected list.
    this.local.catch(() => undefined);
    this.confirmed.catch(() => undefined);
  }

  /** `local`, awaited until the signal is aborted. The append is made all the same. */
  whenLocal(of: { readonly signal?: AbortSignal } = {}): Promise<AppendRef> {
    return orAborted(() => this.local, of.signal);
  }

  /** `confirmed`, awaited until the signal is aborted. The append is made all the same. */
  whenConfirmed(of: { readonly signal?: AbortSignal } = {}): Promise<Confirmation> {
    return orAborted(() => this.confirmed, of.signal);
  }
}
