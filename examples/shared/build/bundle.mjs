// A page as files that any web server can serve: HTML as it is; styles, script and worker in one file each.
import { cpSync, mkdirSync, readdirSync } from "node:fs";

const OUT = "dist/page";

/** Bundles the page of the example in whose folder this runs; `build` is that example's esbuild. */
export async function bundle(name, build) {
  mkdirSync(OUT, { recursive: true });
  cpSync("page", OUT, { recursive: true, filter: file => !file.endsWith(".css") });
  const copied = readdirSync("page").filter(file => !file.endsWith(".css"));
  const files = ["./", `${name}.js`, `${name}.css`, ...copied.filter(file => file !== "index.html")];
  await build({
    entryPoints: [
      { in: "src/main.ts", out: name },
      { in: `page/${name}.css`, out: name },
      { in: "../shared/src/offline-worker.ts", out: "offline-worker" },
    ],
    define: { CACHE: JSON.stringify(`celeriant-${name}`), FILES: JSON.stringify(files) },
    outdir: OUT,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: ["es2022"],
    // The paths that it would find there are the compiler's, for the types of what `shared` imports.
    tsconfigRaw: {},
    logLevel: "warning",
  });
}
