// One file for pages that have no bundler: minified, as an ES module. Names that only this client's own parts use are
// shortened: private ones, methods and fields of classes that no application holds, those of its kinds of buffer, as
// far as every mention of the name in the sources is its declaration or follows a dot, and those in `PARTS`. Names of
// data, of options and of the browser's own objects never are.
import "fake-indexeddb/auto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { Window } from "happy-dom";
import { minify } from "terser";

/** The classes that applications hold: all that is not private in them keeps its name. */
const PUBLIC = /^(?:celeriant|view|access|page|index|(?:state\/projection|sync\/append-handle|protocol\/errors))\.ts$/;
/** Names by which the parts know each other, wherever they are mentioned; no data and no option has them. */
const PARTS = `
  accessToken atHead backoff begin byAggregate changed contents database dispatch diverged draft epoch failed folding
  follow follower giveUp hasLost heardOf held hold identity identityChanged isConfirmed isLocal isRejected issuedAt
  keyForm late layered layers lead leadership leading lost moved names newIdentity opening outbox overlay
  pendingCount polls prepare proof pusher readUpTo reading recoverLost refusal refused renewAt requests restamp
  rewind run saving session settle sharedAs shown stored tabs tell texts timeoutMs token transport turns unsaved
  until waitSeconds want wanted world
`
  .trim()
  .split(/\s+/);
const PRIVATE = /\bprivate (?:(?:readonly|async|static|get|set) |\*)*(\w+)/g;
const METHOD = /^ {2}(?:(?:async|get) |\*)*(\w+)(?:<[^>]*>)?\([^;]*?\{$/gm;
const CLASS = /^(?:export )?class [\s\S]*?^\}/gm;
const FIELD = /^ {2}(?:readonly )?(\w+)[?!]?(?::| =)/gm;
const BUFFER = /^export interface LocalBuffer \{[\s\S]*?^\}/gm;
const BUFFER_METHOD = /^ {2}(\w+)\??\(/gm;

async function sources() {
  const files = (await readdir("src", { recursive: true })).filter(file => file.endsWith(".ts"));
  const read = async file => {
    const text = await readFile(`src/${file}`, "utf8");
    return { file, text: text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "") };
  };
  return await Promise.all(files.map(read));
}

/** What any object of the language or of a browser may have. */
function namesOfBrowsers() {
  const names = new Set();
  for (const world of [globalThis, new Window()]) {
    for (const name of Object.getOwnPropertyNames(world)) {
      for (let of of [world[name], world[name]?.prototype]) {
        for (; of !== undefined && of !== null; of = Object.getPrototypeOf(of)) {
          for (const property of Object.getOwnPropertyNames(of)) names.add(property);
        }
      }
    }
  }
  return names;
}

function ownNames(parts) {
  const names = (pattern, texts) => texts.flatMap(text => [...text.matchAll(pattern)].map(match => match[1]));
  const within = (pattern, texts) => texts.flatMap(text => [...text.matchAll(pattern)].map(match => match[0]));
  const texts = of => parts.filter(of).map(({ text }) => text);
  const all = texts(() => true);
  const own = texts(({ file }) => !PUBLIC.test(file));
  const ofPublic = texts(({ file }) => PUBLIC.test(file));
  const privates = names(PRIVATE, all);
  const declared = [
    ...names(METHOD, own),
    ...names(FIELD, within(CLASS, own)),
    ...names(BUFFER_METHOD, within(BUFFER, own)),
  ];
  const browsers = namesOfBrowsers();
  for (const name of PARTS) if (browsers.has(name)) throw new Error(`${name} is a name of browsers`);
  const held = new Set([...names(METHOD, ofPublic), ...names(FIELD, within(CLASS, ofPublic)), ...browsers]);
  const count = (name, pattern) => all.join("\n").match(new RegExp(pattern.replaceAll("NAME", name), "g"))?.length ?? 0;
  const times = (name, list) => list.filter(other => other === name).length;
  return [...new Set([...privates, ...declared, ...PARTS])].filter(name => {
    if (PARTS.includes(name)) return true;
    const mentions = count(name, "\\bNAME\\b");
    if (count(name, "\\bthis\\??\\.NAME\\b") + times(name, privates) === mentions) return true;
    return !held.has(name) && count(name, "\\.NAME\\b") + times(name, declared) === mentions;
  });
}

const { outputFiles } = await build({
  entryPoints: ["dist/src/page.js"],
  write: false,
  bundle: true,
  minify: true,
  mangleProps: new RegExp(`^(?:${ownNames(await sources()).join("|")})$`),
  format: "esm",
  platform: "browser",
  target: ["es2022"],
  logLevel: "warning",
});
// What esbuild leaves, terser finds. Statements compress better than sequences of expressions.
const surely = { pure_getters: true, unsafe: true, unsafe_arrows: true };
const compress = { ...surely, passes: 1, sequences: false, inline: 1, hoist_funs: true, lhs_constants: false };
const { code } = await minify(outputFiles[0].text, { module: true, ecma: 2022, compress });
await writeFile("dist/celeriant.js", code);
