// One file for pages that have no bundler: minified, as an ES module.
import { build } from "esbuild";

await build({
  entryPoints: ["dist/src/page.js"],
  outfile: "dist/celeriant.js",
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: ["es2022"],
  logLevel: "warning",
});
