/** The program in README is not an illustration: it is taken from there, bundled, and run in a page. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { keyOf } from "../src/grid.js";
import { Demo } from "../../shared/test/demo.js";
import { Person } from "./person.js";

const README = fileURLToPath(new URL("../../../../../README.md", import.meta.url));
const CANVAS = fileURLToPath(new URL("../../..", import.meta.url));

const data = mkdtempSync(join(tmpdir(), "canvas-data-"));
let demo: Demo;
let reader: Person;

before(async () => {
  demo = await Demo.start(data);
  reader = await Person.arrive("reader");
});

after(async () => {
  await reader?.leave();
  await demo?.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
});

/** The program as one script that a page can run, with the demo of this test in place of the one that a reader has. */
async function program(): Promise<string> {
  const written = /```ts\n(.*?)```/s.exec(readFileSync(README, "utf8"))?.[1];
  assert.ok(written, "README shows a program");
  const here = written.replace("http://127.0.0.1:8787", demo.url);
  assert.notEqual(here, written);
  const [imports, body] = [here.match(/^import .*$/gm)!.join("\n"), here.replace(/^import .*$/gm, "")];
  const contents = `${imports}\nexport async function run() {\n${body}\nreturn (await append.confirmed).versions;\n}`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: CANVAS, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "readme",
  });
  return `${outputFiles[0]!.text}\nreadme.run()`;
}

test("the program in README appends to the log, and the canvas shows it", async () => {
  await reader.open(demo.url, "somewhere-else");
  const tab = await reader.anotherTab();
  await tab.page.goto(`${demo.url}/icon.svg`);
  assert.deepEqual(await tab.page.evaluate(await program()), { "canvas/board-1": 1 });
  await reader.open(demo.url, "board-1");
  await reader.shows(new Map([[keyOf({ x: 3, y: 4 }), "#d4a017"]]));
});
