import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { toBase64 } from "../bytes.js";
import type { PageFiles } from "../page.js";
import { readPrepared } from "../prepared.js";
import { traceJson } from "../trace.js";
import { loadTrace } from "../traces.js";

const SCRIPT = fileURLToPath(new URL("../../page/player.js", import.meta.url));
const PAGE = `<!doctype html><meta charset="utf-8"><title>A player</title>
<script type="module" src="/player.js"></script>`;

/** Serves the page of those who are played by a browser; it stays where it is when they are killed. */
export class PageServer {
  private constructor(private readonly server: Server) {}

  /** `prepared`: the folder with everybody's updates, where they were worked out. */
  static async start(trace: string, prepared: string | undefined): Promise<PageServer> {
    const script = await readFile(SCRIPT);
    const loaded = traceJson(loadTrace(trace));
    const server = createServer((request, response) => {
      const [, first = "", person = ""] = (request.url ?? "").split("/");
      if (first === "files") {
        const own = prepared === undefined ? undefined : readPrepared(prepared, Number(person)).map(toBase64);
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ trace: loaded, prepared: own } satisfies PageFiles));
      } else {
        response.setHeader("Content-Type", first === "player.js" ? "text/javascript" : "text/html");
        response.end(first === "player.js" ? script : PAGE);
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new PageServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
