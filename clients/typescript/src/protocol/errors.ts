/**
 * What can go wrong, as errors. A request fails to do its work in two ways: the gateway refused it, with a reason; or
 * no answer that can be trusted came, and then nobody knows whether it was done.
 */
import { defined } from "../defined.js";
import type { Problem, RejectedAppend } from "../model.js";

/** The gateway's refusal. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    /** The refusal as the gateway states it. */
    readonly problem: Problem,
    /** How long the gateway asks to wait. */
    readonly retryAfterMs?: number,
  ) {
    super(inWords(problem));
  }
}

/**
 * No answer, half an answer, or an answer of somebody else's, such as the page of a captive portal: `cause` is the
 * status of that.
 */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** Something on the way holds the stream back: its first bytes do not come. */
export class StreamHeldBackError extends NoAnswerError {
  override readonly message = "the stream is held back on the way";
}

/** The log refused an append for good. It is in the rejected list. */
export class RejectedError extends Error {
  override readonly name = "RejectedError";

  constructor(
    /** The append, as it is in the rejected list. */
    readonly rejected: RejectedAppend,
  ) {
    super(`rejected: ${inWords(rejected.problem)}`);
  }

  /** Why. */
  get problem(): Problem {
    return this.rejected.problem;
  }
}

function inWords({ code, detail }: Problem): string {
  return detail === undefined ? code : `${code}: ${detail}`;
}

/**
 * Reads a refusal's body; undefined when it is not one of the gateway's. Its token endpoint says `{"error": …}`
 * with 400 or 401 (RFC 6749 §5.2); the codes of the two worlds are told apart by `_` and `-`. What is too large for a
 * proxy will not get past it either, so that this counts as the gateway's.
 */
export function problemIn(body: unknown, status: number): Problem | undefined {
  const { code, error, error_description: detail } = (body ?? {}) as Record<string, unknown>;
  if (typeof code === "string") return { ...(body as object), code, status };
  if (typeof error === "string" && status < 402) return defined({ code: error, status, detail }) as Problem;
  return status === 413 ? { code: "too-large", status } : undefined;
}

/** The log is not the one that was read before: what was handed out of an aggregate's events may not be in it. */
export class LogDivergedError extends Error {
  override readonly name = "LogDivergedError";

  constructor(aggregate: string) {
    super(`${aggregate}: the log is another one, or lost its end: read it anew`);
  }
}

/** An append that no log could take; nothing of it was kept. */
export class InvalidAppendError extends TypeError {
  override readonly name = "InvalidAppendError";
}

/** Of what is asked of a client that was closed, or waited for when it was. */
export function closedError(): Error {
  return new Error("the client is closed");
}
