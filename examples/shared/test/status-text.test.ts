import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "celeriant";
import { statusText } from "../src/status-text.js";

const status = (state: Status["state"], pending: number): Status => ({ state, pending, rejected: 0, localPosition: 0 });

test("live and nothing pending: all is in the log", () => {
  assert.deepEqual(statusText(status("live", 0)), { mood: "good", state: "Live", detail: "everything is in the log" });
});

test("live and something refused: not everything is in the log", () => {
  const { mood, detail } = statusText({ ...status("live", 0), rejected: 2 });
  assert.deepEqual({ mood, detail }, { mood: "trouble", detail: "2 changes were refused" });
});

test("what is pending is counted, in whatever state", () => {
  for (const state of ["live", "offline", "connecting", "catching-up", "backing-off", "needs-auth"] as const) {
    assert.match(statusText(status(state, 1)).detail, /^1 change\b/, state);
    assert.match(statusText(status(state, 1234)).detail, /^1,234 changes\b/, state);
  }
});

test("offline with nothing pending says so", () => {
  assert.equal(statusText(status("offline", 0)).detail, "nothing waits");
});
