import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { generateTrace } from "./generator.js";
import { parseTrace, type Trace, TraceError } from "./trace.js";

/** Where the real histories are, which are no part of the clone: if nothing else is said beside it, four folders up. */
const REAL_TRACES =
  process.env["EDITING_TRACES"] ??
  fileURLToPath(new URL("../../../../../shared/data/editing-traces/", import.meta.url));

/** Stands in the place of a file's path, where there is none. */
export const GENERATED = "generated";
const GENERATOR_OPTIONS = { seed: 20, people: 2, transactions: 2_000 };

export interface NamedTrace {
  readonly name: string;
  readonly trace: Trace;
}

/** The path of a real history, or undefined where it is not there. */
export function realTrace(name: string): string | undefined {
  const path = join(REAL_TRACES, `${name}.json.gz`);
  return existsSync(path) ? path : undefined;
}

/** Reads the trace at a path; `generated` is the one that the generator makes, the same each time. */
export function openTrace(path: string): NamedTrace {
  if (path !== GENERATED) return { name: basename(path).replace(/\.json(\.gz)?$/, ""), trace: loadTrace(path) };
  const { seed, people, transactions } = GENERATOR_OPTIONS;
  return {
    name: `generated (seed ${seed}, ${people} people, ${transactions} transactions)`,
    trace: parseTrace(generateTrace(GENERATOR_OPTIONS)),
  };
}

/** Reads a trace, gzipped or plain. */
export function loadTrace(path: string): Trace {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TraceError(`${path} is not JSON`, { cause });
  }
  return parseTrace(json);
}
