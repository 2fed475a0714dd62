// One file for pages that have no bundler: minified, as an ES module. Names that only this client's own parts use are
// shortened: private ones, and methods of classes that no application holds, as far as every mention of the name in the
// sources is its declaration or a call. Names of data, of options and of the browser's own objects never are.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { minify } from "terser";

/** The classes that applications hold: all that is not private in them keeps its name. */
const PUBLIC = /^(?:celeriant|view|access|page|index|(?:state\/projection|sync\/append-handle|protocol\/problem))\.ts$/;
const PRIVATE = /\bprivate (?:(?:readonly|async|static|get|set) |\*)*(\w+)/g;
const METHOD = /^ {2}(?:(?:async|get) |\*)*(\w*[A-Z]\w*)(?:<[^>]*>)?\([^;]*?\{$/gm;

async function sources() {
  const files = (await readdir("src", { recursive: true })).filter(file => file.endsWith(".ts"));
  const read = async file => {
    const text = await readFile(`src/${file}`, "utf8");
    return { file, text: text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "") };
  };
  return await Promise.all(files.map(read));
}

function ownNames(parts) {
  const names = (pattern, of) => of.flatMap(({ text }) => [...text.matchAll(pattern)].map(match => match[1]));
  const all = [{ text: parts.map(part => part.text).join("\n") }];
  const methods = names(
    METHOD,
    parts.filter(part => !PUBLIC.test(part.file)),
  );
  const ofPublic = new Set(
    names(
      METHOD,
      parts.filter(part => PUBLIC.test(part.file)),
    ),
  );
  const privates = names(PRIVATE, all);
  const count = (name, pattern) => [...all[0].text.matchAll(new RegExp(pattern.replaceAll("NAME", name), "g"))].length;
  const declared = (name, list) => list.filter(other => other === name).length;
  return [...new Set([...privates, ...methods])].filter(name => {
    const mentions = count(name, "\\bNAME\\b");
    if (count(name, "\\bthis\\??\\.NAME\\b") + declared(name, privates) === mentions) return true;
    return !ofPublic.has(name) && count(name, "\\.NAME\\b") + declared(name, methods) === mentions;
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
const compress = { passes: 3, sequences: false };
const { code } = await minify(outputFiles[0].text, { module: true, ecma: 2022, compress });
await writeFile("dist/celeriant.js", code);
