/** One page a product on a port of its own, each with its script in one file. */
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const PAGES = new URL("./pages/", import.meta.url);

async function script(name) {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as bench from "./${name}.js"; import { watchIndexedDb } from "./probe.js";
        if (location.hash !== "") watchIndexedDb({ strict: location.hash === "#strict" });
        window.bench = bench;`,
      resolveDir: fileURLToPath(PAGES),
    },
    bundle: true,
    // Names are kept, for profiles.
    minifySyntax: true,
    minifyWhitespace: true,
    format: "esm",
    target: ["es2022"],
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

export async function startPages(names) {
  const scripts = new Map();
  for (const name of names) scripts.set(`/${name}.js`, await script(name));
  const http = createServer((request, response) => {
    const text = scripts.get(request.url);
    const type = text === undefined ? "text/html" : "text/javascript";
    response.writeHead(200, { "Content-Type": type }).end(text ?? pageOf(request.url));
  });
  await new Promise(resolve => http.listen(0, "127.0.0.1", resolve));
  return {
    url: (name, hash = "") => `http://127.0.0.1:${http.address().port}/${name}${hash}`,
    stop: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

function pageOf(path) {
  return `<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="${path}.js"></script>`;
}
