import { type Patch, type Trace, TraceError, type Transaction } from "./trace.js";

/** More people than this in one trace are refused: each is a process of its own in a replay. */
export const MAX_PEOPLE = 16;

/** A transaction, seen from the person who makes it. */
export interface Step {
  readonly patches: readonly Patch[];
  /**
   * Its ancestors, as one number per person: the first so many of that person's steps. The person's own entry is the
   * number of steps before this one.
   */
  readonly ancestors: readonly number[];
}

/** A trace, split into the people who type, each with their steps in the order in which they make them. */
export interface History {
  readonly startContent: string;
  readonly endContent: string;
  readonly people: readonly (readonly Step[])[];
  /** True when some text needs surrogate pairs, so that code points and UTF-16 units count differently. */
  readonly hasSurrogates: boolean;
}

/**
 * Splits a trace into people. A person only ever adds to what they have seen, so the ancestors of a step are a prefix
 * of everybody's steps. An author of the trace who forks from an older state of their own is therefore two people.
 */
export function historyOf(trace: Trace): History {
  const people: Step[][] = [];
  const agents: number[] = [];
  const seen: (readonly number[])[] = [];
  for (const transaction of trace.transactions) {
    const ancestors = join(transaction.parents.map(parent => seen[parent] ?? []));
    const person = personOf(transaction, ancestors, people, agents);
    people[person]?.push({ patches: transaction.patches, ancestors });
    seen.push(withOneMore(ancestors, person));
  }
  const texts = [trace.startContent, trace.endContent];
  const hasSurrogates =
    texts.some(needsSurrogates) ||
    trace.transactions.some(({ patches }) => patches.some(([, , inserted]) => needsSurrogates(inserted)));
  return { startContent: trace.startContent, endContent: trace.endContent, people, hasSurrogates };
}

/** The person among this author's who has made exactly the steps that are ancestors here; else a new one. */
function personOf({ agent }: Transaction, ancestors: readonly number[], people: Step[][], agents: number[]): number {
  const known = agents.findIndex(
    (author, person) => author === agent && people[person]?.length === (ancestors[person] ?? 0),
  );
  if (known >= 0) return known;
  if (people.length === MAX_PEOPLE) throw new TraceError(`the trace has more than ${MAX_PEOPLE} people`);
  agents.push(agent);
  return people.push([]) - 1;
}

function join(counts: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = counts;
  if (others.length === 0) return first;
  const joined = [...first];
  for (const other of others) {
    other.forEach((count, person) => (joined[person] = Math.max(joined[person] ?? 0, count)));
  }
  return Array.from(joined, count => count ?? 0);
}

function withOneMore(ancestors: readonly number[], person: number): readonly number[] {
  const counts = Array.from({ length: Math.max(ancestors.length, person + 1) }, (_, at) => ancestors[at] ?? 0);
  counts[person] = (counts[person] ?? 0) + 1;
  return counts;
}

function needsSurrogates(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}
