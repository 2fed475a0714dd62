import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const CLIENTS = new URL("../../../", import.meta.url);

test("every test that the specification names exists", async () => {
  const spec = await readFile(new URL("SPEC.md", CLIENTS), "utf8");
  const named = [...spec.matchAll(/`([\w/.-]+\.ts): ([^`]+)`/g)].map(match => [match[1]!, match[2]!] as const);
  assert.ok(named.length > 25, `${named.length} tests named`);
  const conformance = new Set(["last-write-wins", "pending-on-top"]);
  for (const [file, name] of named) {
    const source = await readFile(new URL(`typescript/test/${file}`, CLIENTS), "utf8");
    assert.ok(conformance.has(name) || source.includes(name), `${file}: ${name}`);
  }
});

test("every invariant of the specification names its test", async () => {
  const spec = await readFile(new URL("SPEC.md", CLIENTS), "utf8");
  const invariants = spec.split(/\n(?=- |\n)/).filter(block => /^- [A-Z]\d+\. /.test(block));
  assert.ok(invariants.length > 60, `${invariants.length} invariants`);
  for (const invariant of invariants) assert.match(invariant, /`[\w/.-]+\.ts: [^`]+`/);
});
