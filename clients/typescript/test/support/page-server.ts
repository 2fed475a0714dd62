/** A page with the bundle on a port of its own: an origin that is not the gateway's, as most applications have. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const PAGE = `<!doctype html><meta charset="utf-8"><title>client</title>
<script type="module">
  import * as celeriant from "/celeriant.js";
  window.celeriant = celeriant;
</script>`;

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function pageServer(): Promise<PageServer> {
  const bundle = await readFile(new URL("../../celeriant.js", import.meta.url));
  const http = createServer((request, response) => {
    const script = request.url === "/celeriant.js";
    response.writeHead(200, { "Content-Type": script ? "text/javascript" : "text/html" }).end(script ? bundle : PAGE);
  });
  await new Promise<void>(resolve => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: async () => {
      http.closeAllConnections();
      await new Promise(resolve => http.close(resolve));
    },
  };
}
