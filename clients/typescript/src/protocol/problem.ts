/**
 * The two ways in which a request can fail to do its work: the gateway refused it, with a reason; or no answer that
 * can be trusted came, and then nobody knows whether it was done.
 */
import type { Problem, RejectedAppend } from "../model.js";

/** The gateway's refusal. */
export class ProblemError extends Error {
  constructor(
    /** The refusal as the gateway states it. */
    readonly problem: Problem,
    /** How long the gateway asks to wait. */
    readonly retryAfterMs?: number,
  ) {
    super(`${problem.code}${problem.detail === undefined ? "" : `: ${problem.detail}`}`);
    this.name = "ProblemError";
  }
}

/** No answer, half an answer, or an answer of somebody else's, such as the page of a captive portal. */
export class NoAnswerError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "NoAnswerError";
  }
}

/** Something on the way holds the stream back: its first bytes do not come. */
export class StreamHeldBackError extends NoAnswerError {
  constructor() {
    super("the stream was opened and nothing of it came: something on the way holds it back");
    this.name = "StreamHeldBackError";
  }
}

/** The log refused an append for good. It is in the rejected list. */
export class RejectedError extends Error {
  constructor(
    /** The append, as it is in the rejected list. */
    readonly rejected: RejectedAppend,
  ) {
    super(`rejected: ${rejected.problem.code}${detailOf(rejected.problem)}`);
    this.name = "RejectedError";
  }

  /** Why. */
  get problem(): Problem {
    return this.rejected.problem;
  }
}

function detailOf(problem: Problem): string {
  return problem.detail === undefined ? "" : ` (${problem.detail})`;
}

/** Reads a refusal's body; undefined when it is not one of the gateway's. */
export function problemIn(body: unknown, status: number): Problem | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const fields = body as Record<string, unknown>;
  return typeof fields.code === "string" ? { ...fields, code: fields.code, status } : undefined;
}

/** The log is not the one that was read before: what was handed out of an aggregate's events may not be in it. */
export class LogDivergedError extends Error {
  constructor(aggregate: string) {
    super(`${aggregate}: the log is another one, or lost its end; read the events again from the beginning`);
    this.name = "LogDivergedError";
  }
}

/** An append that no log could take; nothing of it was kept. */
export class InvalidAppendError extends TypeError {
  constructor(message: string) {
    super(message);
    this.name = "InvalidAppendError";
  }
}
