// The player of a page: one file, with the client as it is shipped for pages that have no bundler.
import { build } from "esbuild";

await build({
  entryPoints: ["dist/src/page.js"],
  outfile: "dist/page/player.js",
  bundle: true,
  format: "esm",
  platform: "browser",
  target: ["es2022"],
  alias: { celeriant: "celeriant/bundle" },
  logLevel: "warning",
});
