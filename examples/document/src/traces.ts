import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generateTrace } from "./generator.js";
import { loadTrace, parseTrace, type Trace } from "./trace.js";

/** The real histories lie beside the clone and are no part of it; from dist/src, the root is four folders up. */
const REAL_TRACES = new URL("../../../../../shared/data/editing-traces/", import.meta.url);

/** Used where a real trace is not there. */
const GENERATED = { seed: 20, people: 2, transactions: 2_000 };

export interface NamedTrace {
  readonly name: string;
  readonly trace: Trace;
}

/** The real trace of this name, or undefined in a clone that has none beside it. */
export function realTrace(name: string): NamedTrace | undefined {
  const path = fileURLToPath(new URL(`${name}.json.gz`, REAL_TRACES));
  return existsSync(path) ? { name, trace: loadTrace(path) } : undefined;
}

export function generatedTrace(): NamedTrace {
  const { seed, people, transactions } = GENERATED;
  return {
    name: `generated (seed ${seed}, ${people} people, ${transactions} transactions)`,
    trace: parseTrace(generateTrace(GENERATED)),
  };
}
