/** What the answer to a push means for the buffer. Pure. */
import type { KeptAppend, Settlement } from "../buffer/local-buffer.js";
import { defined } from "../defined.js";
import type { AppendRef, Confirmation, PendingAppend, RejectedAppend } from "../model.js";
import type { AppendOutcome } from "../protocol/requests.js";

/** The front of the queue as one push takes it. */
export interface Batch {
  /** The identity under which these are numbered. */
  readonly client: string;
  readonly after: AppendRef | null;
  readonly appends: readonly PendingAppend[];
  readonly texts: readonly string[];
}

export function settlementOf(batch: Batch, outcomes: readonly AppendOutcome[], now: number): Settlement {
  const { client } = batch;
  const kept: KeptAppend[] = [];
  const rejected: RejectedAppend[] = [];
  batch.appends.forEach((append, place) => {
    const { sequence, id, events, createdAt } = append;
    const outcome = outcomes[place]!;
    const confirmation = confirmationOf(outcome);
    kept.push(defined({ sequence, id, client, events: confirmation ? events : [], confirmation, settledAt: now }));
    // One whose rejection the log lost was told before, and is listed as it was, unless it was taken off the list.
    if (confirmation || events.length === 0) return;
    const problem = append.givenUp ?? outcome.problem ?? { code: "rejected", status: 400 };
    rejected.push({ sequence, id, events, problem, createdAt, rejectedAt: now });
  });
  const { sequence, id } = batch.appends.at(-1)!;
  return { client, settled: { sequence, id }, kept, rejected };
}

function confirmationOf({ positions, versions = {} }: AppendOutcome): Confirmation | undefined {
  return positions && { positions, versions };
}
