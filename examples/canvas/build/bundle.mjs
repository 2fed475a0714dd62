// The page as files that any web server can serve: HTML and styles as they are, script and worker in one file each.
import { build } from "esbuild";
import { cpSync, mkdirSync } from "node:fs";

mkdirSync("dist/page", { recursive: true });
cpSync("page", "dist/page", { recursive: true });

await build({
  entryPoints: { canvas: "src/main.ts", "offline-worker": "src/offline-worker.ts" },
  outdir: "dist/page",
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: ["es2022"],
  logLevel: "warning",
});
