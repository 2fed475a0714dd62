import * as Y from "yjs";
import { areSame } from "./bytes.js";
import type { History, Step } from "./history.js";
import { applyPatches, documentWith, newYjsClient, textOf } from "./text.js";

/** What a transaction that changes nothing is as an update: no structs, no deletions. */
const EMPTY_UPDATE = Uint8Array.of(0, 0);

/**
 * One person at their copy of the document. It takes the steps of the history in order and, before each, lets in
 * exactly that step's ancestors: updates that arrive early wait outside.
 *
 * A person who starts again after a crash says how many appends their client has recorded, gets those back from the
 * log and from the buffer, and takes them instead of writing them anew.
 *
 * Confined to one thread.
 */
export class Person {
  private readonly document: Y.Doc;
  private readonly updates: PeopleUpdates;
  private readonly applied: number[];
  private made: Uint8Array | undefined;

  /** `recorded`: how many own steps were appended before this process began. */
  constructor(
    private readonly history: History,
    private readonly self: number,
    private readonly recorded: number,
    private readonly yjsClient: number = newYjsClient(self),
  ) {
    if (recorded > this.steps.length) {
      throw new Error(`person ${self} has ${recorded} appends, the history has ${this.steps.length} steps`);
    }
    this.document = documentWith(history.startContent);
    this.updates = new PeopleUpdates(history);
    this.applied = history.people.map(() => 0);
    this.document.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === this) this.made = update;
    });
  }

  /** How many of its own steps it has taken. */
  get taken(): number {
    return this.applied[this.self] ?? 0;
  }

  /** True when it has taken all of its own steps. */
  get isFinished(): boolean {
    return this.steps.length === this.taken;
  }

  /** True when everybody's updates are here. */
  get hasEverything(): boolean {
    return this.history.people.every((steps, person) => this.updates.from(person) === steps.length);
  }

  get content(): string {
    return textOf(this.document).toString();
  }

  /** Takes in a person's update, own ones included; one that is here already must be the same. */
  receive(person: number, sequence: number, update: Uint8Array): void {
    this.updates.receive(person, sequence, update);
  }

  /** Whether the next own step has all its ancestors here, and itself if it was taken before a restart. */
  get canStep(): boolean {
    const step = this.steps[this.taken];
    if (step === undefined) return false;
    if (this.taken < this.recorded && this.updates.from(this.self) <= this.taken) return false;
    return step.ancestors.every((count, person) => person === this.self || count <= this.updates.from(person));
  }

  /** Takes the next own step and returns its update, if that is a new one. */
  step(): Uint8Array | undefined {
    const step = this.steps[this.taken];
    if (step === undefined || !this.canStep) throw new Error(`step ${this.taken} cannot be taken yet`);
    step.ancestors.forEach((count, person) => this.letIn(person, count));
    if (this.taken < this.recorded) {
      this.letIn(this.self, this.taken + 1);
      return undefined;
    }
    const update = this.write(step);
    this.updates.receive(this.self, this.taken + 1, update);
    this.applied[this.self] = this.taken + 1;
    return update;
  }

  /** Lets in all that is here; for the end, when no own step is left. */
  letAllIn(): void {
    this.history.people.forEach((_, person) => this.letIn(person, this.updates.from(person)));
  }

  private get steps(): readonly Step[] {
    return this.history.people[this.self] ?? [];
  }

  private letIn(person: number, count: number): void {
    for (let next = this.applied[person] ?? 0; next < count; next++) {
      Y.applyUpdate(this.document, this.updates.at(person, next));
      this.applied[person] = next + 1;
    }
  }

  private write(step: Step): Uint8Array {
    this.made = undefined;
    // Only now: Yjs takes a new id as soon as it is given what this one wrote, as it is after a restart.
    this.document.clientID = this.yjsClient;
    Y.transact(
      this.document,
      () => {
        applyPatches(textOf(this.document), step.patches, this.history.hasSurrogates);
      },
      this,
    );
    return this.made ?? EMPTY_UPDATE;
  }
}

/** Everybody's updates by sequence; they may come in any order, and more than once. */
class PeopleUpdates {
  private readonly updates: (Uint8Array | undefined)[][];
  private readonly whole: number[];

  constructor(private readonly history: History) {
    this.updates = history.people.map(() => []);
    this.whole = history.people.map(() => 0);
  }

  /** How many of a person's updates are here without a gap. */
  from(person: number): number {
    return this.whole[person] ?? 0;
  }

  at(person: number, index: number): Uint8Array {
    const update = this.updates[person]?.[index];
    if (update === undefined) throw new Error(`update ${index + 1} of person ${person} is not here`);
    return update;
  }

  receive(person: number, sequence: number, update: Uint8Array): void {
    const updates = this.updates[person];
    const count = this.history.people[person]?.length ?? 0;
    if (updates === undefined || sequence < 1 || sequence > count) {
      throw new Error(`sequence ${sequence} of person ${person} is not one of the ${count} steps of the history`);
    }
    const known = updates[sequence - 1];
    if (known !== undefined && !areSame(known, update)) {
      throw new Error(`sequence ${sequence} of person ${person} came twice, and differs`);
    }
    updates[sequence - 1] = update;
    let whole = this.from(person);
    while (updates[whole] !== undefined) whole++;
    this.whole[person] = whole;
  }
}
