/** The examples in the API's comments and in the READMEs, compiled against it and run against a model gateway. */
import "fake-indexeddb/auto";
import { container } from "./support/dom.js";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect } from "../src/connect.js";
import { indexedDbBuffer } from "../src/buffer/indexeddb.js";
import { ModelGateway } from "./support/model-gateway.js";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const OUT = `${PACKAGE}dist/examples`;

/** What an example may use without saying where it has it from. */
const PRELUDE = `import * as react from "react";
import { createRoot } from "react-dom/client";
import { createCollection } from "@tanstack/db";
import { Doc } from "yjs";
import * as api from "../src/index.js";
import { accessOf, redeem, schemasOf, upcasting, type Celeriant, type Upcaster } from "../src/index.js";
import { fileBuffer } from "../src/node.js";
import { a256gcm } from "../src/encryption.js";
import { CeleriantProvider } from "../src/react.js";
import { bindYjs } from "../src/yjs.js";
import { registerCollection } from "../src/tanstack-db.js";
const { createElement } = react;
export const opened: { close(): Promise<void> }[] = [];
const connect: typeof api.connect = async options => {
  const app = await api.connect<never>(options);
  opened.push(app);
  return app as never;
};
void [accessOf, redeem, schemasOf, upcasting, fileBuffer, a256gcm, CeleriantProvider, bindYjs, registerCollection];
void [createRoot, createCollection, Doc, connect, createElement];
export type U = Upcaster;
`;
const SIGNATURE =
  "url: string, org: string, app: Celeriant, element: HTMLElement, Board: () => null, " +
  "show: (what: string, value: unknown) => void";

interface Example {
  readonly name: string;
  readonly code: string;
}

function examplesIn(file: string, text: string): Example[] {
  const blocks = [...text.matchAll(/^( \* | {3}\* |)```ts\n([\s\S]*?)^\1```/gm)];
  return blocks.map(([, indent, code], place) => ({
    name: `${file.replaceAll(/\W+/g, "-")}-${place + 1}`,
    code: code!
      .split("\n")
      .map(line => (line.startsWith(indent!) ? line.slice(indent!.length) : line.trimStart().replace(/^\*$/, "")))
      .filter(line => !line.startsWith("import "))
      .join("\n")
      .replace('url: "http://127.0.0.1:8787", org: "demo"', "url, org"),
  }));
}

async function allExamples(): Promise<Example[]> {
  const files = (await readdir(`${PACKAGE}src`, { recursive: true })).filter(file => file.endsWith(".ts"));
  const paths = ["../../README.md", "README.md", ...files.sort().map(file => `src/${file}`)];
  const found = await Promise.all(paths.map(async path => examplesIn(path, await readFile(PACKAGE + path, "utf8"))));
  return found.flat();
}

const examples = await allExamples();

test("the public API's examples compile", async () => {
  assert.ok(examples.length >= 10, `${examples.length} examples`);
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  for (const { name, code } of examples) {
    const text = `${PRELUDE}export async function run(${SIGNATURE}) {\n{\n${code}\n}\n}\n`;
    await writeFile(`${OUT}/${name}.ts`, text);
  }
  const options = {
    noUnusedLocals: false,
    noUnusedParameters: false,
    noEmit: false,
    outDir: "../examples-run",
    rootDir: ".",
  };
  // The API is the declarations beside: the compiler takes those for "../src/….js".
  const config = { extends: "../../tsconfig.json", compilerOptions: options, include: ["*.ts"] };
  await writeFile(`${OUT}/tsconfig.json`, JSON.stringify(config));
  const compiler = `${PACKAGE}node_modules/.bin/tsc`;
  const { stdout } = await promisify(execFile)(compiler, ["-p", OUT]).catch((error: { stdout: string }) => error);
  assert.equal(stdout, "");
});

for (const { name } of examples) {
  test(`the example runs: ${name}`, async () => {
    const gateway = new ModelGateway();
    gateway.extension = ({ path }) => {
      if (path.includes("/schemas/")) return new Response(null, { status: 201 });
      return path.endsWith("/shares") ? Response.json({ id: "s1", secret: "hush" }) : undefined;
    };
    globalThis.fetch = ((url: string, init: RequestInit) => gateway.fetch(url, init)) as typeof fetch;
    const buffer = indexedDbBuffer(`examples-${name}`);
    const app = await connect({ url: gateway.url, org: "demo", buffer, fetch: gateway.fetch });
    const module = (await import(`${OUT}-run/${name}.js`)) as {
      run: (...given: readonly unknown[]) => Promise<void>;
      opened: readonly { close(): Promise<void> }[];
    };
    await module.run(
      gateway.url,
      `org-${name}`.slice(0, 60),
      app,
      container(),
      () => null,
      () => undefined,
    );
    for (const client of [...module.opened, app]) await client.close();
  });
}
