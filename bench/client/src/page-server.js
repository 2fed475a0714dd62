/** One page a product, all at one port, as one build makes them. */
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("./pages/", import.meta.url));
const TYPES = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };

export async function startPages() {
  const files = await built();
  const http = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const name = files.has(path) ? path : "/index.html";
    response.writeHead(200, { "Content-Type": TYPES[name.split(".").at(-1)] }).end(files.get(name));
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

async function built() {
  const { output } = await build({
    configFile: false,
    root: ROOT,
    logLevel: "error",
    // Names are kept, for profiles.
    esbuild: { minifyIdentifiers: false },
    build: { write: false, target: "es2022", modulePreload: false },
    worker: { format: "es" },
  });
  return new Map(output.map(file => [`/${file.fileName}`, file.type === "chunk" ? file.code : file.source]));
}
