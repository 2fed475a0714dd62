import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const BUNDLE_LIMIT_BYTES = 20 * 1024;

test("the browser bundle is at most 20 KB gzipped and imports nothing", async () => {
  const bundle = await readFile(new URL("../celeriant.js", import.meta.url));
  const size = gzipSync(bundle, { level: 9 }).length;
  assert.ok(size <= BUNDLE_LIMIT_BYTES, `${size} bytes`);
  assert.doesNotMatch(bundle.toString(), /\bfrom\s*"|\bimport\s*\(/);
});

test("the package has no runtime dependency", async () => {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  assert.equal("dependencies" in (JSON.parse(text) as object), false);
});
