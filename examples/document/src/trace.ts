/** `[position, deleted, inserted]`; position and deleted count unicode code points. */
export type Patch = readonly [position: number, deleted: number, inserted: string];

/** One step of one author. Its patches apply one after the other, the first to the merged state of its parents. */
export interface Transaction {
  readonly agent: number;
  /** Indexes of earlier transactions. */
  readonly parents: readonly number[];
  readonly patches: readonly Patch[];
}

/**
 * An editing history in the format of the public collection "editing-traces", in both of its kinds: several authors
 * with parents, and one author in sequence (read here as a chain in which each transaction has the one before it as
 * its parent).
 */
export interface Trace {
  readonly startContent: string;
  readonly endContent: string;
  readonly transactions: readonly Transaction[];
}

/** Says what is wrong with a trace and where. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

export function parseTrace(json: unknown): Trace {
  const { startContent = "", endContent, txns } = fields(json, "the trace");
  if (typeof startContent !== "string") throw new TraceError("startContent is not a string");
  if (typeof endContent !== "string") throw new TraceError("endContent is missing, or is not a string");
  if (!Array.isArray(txns)) throw new TraceError("txns is missing, or is not an array");
  const severalAuthors = txns.length > 0 && fields(txns[0], "txns[0]")["parents"] !== undefined;
  return { startContent, endContent, transactions: txns.map((txn, index) => transaction(txn, index, severalAuthors)) };
}

/** The trace as a file holds it. */
export function traceJson({ startContent, endContent, transactions }: Trace): unknown {
  return { startContent, endContent, txns: transactions };
}

function transaction(json: unknown, index: number, severalAuthors: boolean): Transaction {
  const where = `txns[${index}]`;
  const { agent, parents, patches } = fields(json, where);
  if (!Array.isArray(patches)) throw new TraceError(`${where}.patches is missing, or is not an array`);
  const checked = patches.map((patch, at) => checkedPatch(patch, `${where}.patches[${at}]`));
  if (!severalAuthors) return { agent: 0, parents: index === 0 ? [] : [index - 1], patches: checked };
  if (!isCount(agent)) throw new TraceError(`${where}.agent is missing, or is not a whole number`);
  if (!Array.isArray(parents) || !parents.every(parent => isCount(parent) && parent < index)) {
    throw new TraceError(`${where}.parents is missing, or names something else than earlier transactions`);
  }
  return { agent, parents: parents as number[], patches: checked };
}

function checkedPatch(json: unknown, where: string): Patch {
  if (!Array.isArray(json) || json.length !== 3) throw new TraceError(`${where} is not [position, deleted, inserted]`);
  const [position, deleted, inserted] = json as unknown[];
  if (!isCount(position) || !isCount(deleted) || typeof inserted !== "string") {
    throw new TraceError(`${where} is not [position, deleted, inserted]`);
  }
  return [position, deleted, inserted];
}

function fields(json: unknown, where: string): Record<string, unknown> {
  if (typeof json !== "object" || json === null) throw new TraceError(`${where} is not an object`);
  return json as Record<string, unknown>;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
