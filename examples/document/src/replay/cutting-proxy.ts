import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A push of appends as a request begins; the client sends each request only after the last one's answer. */
const PUSH = /^POST \/v1\/[^/ ]+\/appends /;

/** What was seen of a push at the moment that was waited for. */
export interface SeenPush {
  /** The sequences that the answer settles; empty when only the request was seen. */
  readonly sequences: readonly number[];
}

type Moment = "requested" | "answered";

/**
 * Stands between one client and the gateway and passes bytes on, until it is asked to catch the next push: then the
 * one who asked is told when its request has been passed on, or when the gateway's answer has come, which says that
 * the appends are in the log, and nobody gets to read it.
 */
export class CuttingProxy {
  private waiting: { readonly moment: Moment; readonly seen: (push: SeenPush) => void } | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly gateway: URL,
  ) {
    server.on("connection", client => this.carry(client));
  }

  static async before(gatewayUrl: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(createServer(), new URL(gatewayUrl));
    proxy.server.listen(0, "127.0.0.1");
    await once(proxy.server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when the next push is at this moment. Nothing of it, or of its answer, reaches the client from then. */
  nextPush(moment: Moment): Promise<SeenPush> {
    return new Promise(seen => (this.waiting = { moment, seen }));
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private carry(client: Socket): void {
    const upstream = connect(Number(this.gateway.port), this.gateway.hostname);
    /** What has come of the answer to a push that somebody waits for. */
    let held: Buffer[] | undefined;
    let cut = false;
    join(client, upstream, this.sockets);
    client.on("data", chunk => {
      if (this.waiting !== undefined && PUSH.test(chunk.toString("latin1"))) held = [];
      pass(chunk, client, upstream);
      if (held !== undefined && this.waiting?.moment === "requested") cut = this.tell([]);
    });
    upstream.on("data", chunk => {
      if (cut) return;
      if (held === undefined) {
        pass(chunk, upstream, client);
        return;
      }
      held.push(chunk);
      const answer = Buffer.concat(held);
      const body = bodyOf(answer);
      if (body === undefined) return;
      const sequences = appendedIn(answer, body);
      if (sequences.length > 0 && this.waiting?.moment === "answered") {
        cut = this.tell(sequences);
        return;
      }
      held = undefined;
      pass(answer, upstream, client);
    });
  }

  private tell(sequences: readonly number[]): true {
    this.waiting?.seen({ sequences });
    this.waiting = undefined;
    return true;
  }
}

function join(one: Socket, other: Socket, sockets: Set<Socket>): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    sockets.add(socket);
    socket.setNoDelay(true);
    // A reset is what this is about; `close` follows it.
    socket.on("error", () => undefined);
    socket.on("end", () => peer.end());
    socket.on("close", () => {
      sockets.delete(socket);
      peer.destroy();
    });
  }
}

function pass(chunk: Buffer, from: Socket, to: Socket): void {
  if (to.destroyed || to.write(chunk)) return;
  from.pause();
  to.once("drain", () => from.resume());
}

/** The body of an answer, once all of it is there: by its length, or in chunks with an empty one last (RFC 9112). */
function bodyOf(answer: Buffer): Buffer | undefined {
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const body = answer.subarray(end + 4);
  const length = /^content-length: *(\d+)/im.exec(answer.toString("latin1", 0, end))?.[1];
  if (length === undefined) return withoutChunks(body);
  return body.length < Number(length) ? undefined : body;
}

function withoutChunks(body: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const line = body.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const length = parseInt(body.toString("latin1", at, line), 16);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
    if (at > body.length) return undefined;
  }
}

/** The sequences of the appends that a successful answer names as recorded just now. */
function appendedIn(answer: Buffer, body: Buffer): number[] {
  if (!/^HTTP\/1\.1 200 /.test(answer.toString("latin1", 0, 16))) return [];
  const { results } = JSON.parse(body.toString("utf8")) as { results: { sequence: number; status: string }[] };
  return results.filter(({ status }) => status === "appended").map(({ sequence }) => sequence);
}
