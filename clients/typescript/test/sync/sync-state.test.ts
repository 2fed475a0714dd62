import assert from "node:assert/strict";
import { test } from "node:test";
import { activityIn, transition, type SyncEvent } from "../../src/sync/sync-state.js";
import type { SyncStateName } from "../../src/model.js";
import { conformance } from "../support/conformance.js";

interface Machine {
  readonly initial: SyncStateName;
  readonly states: Record<SyncStateName, { readonly activity: string }>;
  readonly events: Record<SyncEvent, string>;
  readonly transitions: Record<SyncStateName, Record<SyncEvent, SyncStateName>>;
}

const machine = await conformance<Machine>("client/sync-state.json");
const states = Object.keys(machine.states) as SyncStateName[];
const events = Object.keys(machine.events) as SyncEvent[];

test("the machine is the one that conformance describes, state by state and event by event", () => {
  for (const state of states) {
    assert.equal(activityIn(state), machine.states[state].activity, state);
    for (const event of events) {
      assert.equal(transition(state, event), machine.transitions[state][event], `${state} × ${event}`);
    }
  }
});

test("the machine is total: every event has an answer in every state", () => {
  for (const state of states) {
    assert.deepEqual(Object.keys(machine.transitions[state]).sort(), [...events].sort(), state);
    for (const event of events) assert.ok(states.includes(transition(state, event)), `${state} × ${event}`);
  }
});

test("a closed client stays closed, and every other state can be closed", () => {
  for (const event of events) assert.equal(transition("closed", event), "closed");
  for (const state of states) assert.equal(transition(state, "close"), "closed");
});

test("offline is left only when the application wants to be online", () => {
  for (const event of events) {
    const next = transition("offline", event);
    assert.equal(next, event === "go-online" ? "connecting" : event === "close" ? "closed" : "offline", event);
  }
});

test("a session is entered only by way of connecting", () => {
  for (const state of states) {
    for (const event of events) {
      const next = transition(state, event);
      if (activityIn(state) !== "session" && activityIn(next) === "session") {
        assert.equal(next, "connecting", `${state} × ${event}`);
      }
    }
  }
});

test("from every state but closed and upgrade-required live can be reached", () => {
  for (const start of states.filter(state => state !== "closed" && state !== "upgrade-required")) {
    const reached = new Set<SyncStateName>([start]);
    for (const state of reached) for (const event of events) reached.add(transition(state, event));
    assert.ok(reached.has("live"), start);
  }
});
