// One file for pages that have no bundler: minified, as an ES module. Names that only a class itself uses are
// shortened: a private name of which every mention in the sources is `this.name`, or its declaration.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { minify } from "terser";

async function sources() {
  const files = (await readdir("src", { recursive: true })).filter(file => file.endsWith(".ts"));
  const texts = await Promise.all(files.map(file => readFile(`src/${file}`, "utf8")));
  return texts.join("\n").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}

const DECLARED = /\bprivate (?:(?:readonly|async|static|get|set) |\*)*(\w+)/g;

function onlyInside(text) {
  const declared = new Set([...text.matchAll(DECLARED)].map(match => match[1]));
  return [...declared].filter(name => {
    const count = pattern => [...text.matchAll(pattern)].length;
    const own = count(new RegExp(`\\bthis\\??\\.${name}\\b`, "g"));
    const declarations = [...text.matchAll(DECLARED)].filter(match => match[1] === name).length;
    return own + declarations === count(new RegExp(`\\b${name}\\b`, "g"));
  });
}

const { outputFiles } = await build({
  entryPoints: ["dist/src/page.js"],
  write: false,
  bundle: true,
  minify: true,
  mangleProps: new RegExp(`^(?:${onlyInside(await sources()).join("|")})$`),
  format: "esm",
  platform: "browser",
  target: ["es2022"],
  logLevel: "warning",
});
// What esbuild leaves, terser finds.
const { code } = await minify(outputFiles[0].text, { module: true, ecma: 2022, compress: { passes: 3 } });
await writeFile("dist/celeriant.js", code);
