/** A `ModelGateway` on a real port, with a page beside it, for tests in real browsers. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { ModelGateway } from "./model-gateway.js";
import { ModelLog } from "./model-log.js";

const PAGE = `<!doctype html><meta charset="utf-8"><title>client</title>
<script type="module">
  import * as celeriant from "/celeriant.js";
  window.celeriant = celeriant;
</script>`;

export interface ModelServer {
  readonly url: string;
  readonly gateway: ModelGateway;
  /** As when the network goes: what is under way is cut, and so is what comes later. The page is still served. */
  disconnect(): void;
  reconnect(): void;
  close(): Promise<void>;
}

export async function modelServer(): Promise<ModelServer> {
  const bundle = await readFile(new URL("../../celeriant.js", import.meta.url));
  const http = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>(resolve => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const gateway = new ModelGateway(new ModelLog(), url);
  const underWay = new Set<Socket>();
  let reachable = true;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    if (path === "/") return void response.writeHead(200, { "Content-Type": "text/html" }).end(PAGE);
    if (path === "/celeriant.js") {
      return void response.writeHead(200, { "Content-Type": "text/javascript" }).end(bundle);
    }
    const { socket } = request;
    if (!reachable) return void socket.destroy();
    underWay.add(socket);
    await forward(gateway, url, request, response);
    underWay.delete(socket);
  }
  return {
    url,
    gateway,
    disconnect() {
      reachable = false;
      for (const socket of underWay) socket.destroy();
    },
    reconnect() {
      reachable = true;
    },
    close: () => close(http, gateway),
  };
}

async function forward(
  gateway: ModelGateway,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const gone = new AbortController();
  response.on("close", () => gone.abort(new Error("the reader has gone")));
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]);
  try {
    const answer = await gateway.fetch(url + request.url, {
      method: request.method ?? "GET",
      headers,
      body: Buffer.concat(chunks).toString(),
      signal: gone.signal,
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.flushHeaders();
    if (answer.body !== null) for await (const chunk of answer.body) response.write(chunk);
    response.end();
  } catch {
    response.destroy();
  }
}

async function close(http: Server, gateway: ModelGateway): Promise<void> {
  gateway.cutStreams();
  http.closeAllConnections();
  await new Promise(resolve => http.close(resolve));
}
