/**
 * Hands connections on to another port, and can let those that there are die without a word, as a network does that
 * forgets them: they stay open, and nothing passes any more.
 */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface FreezingForwarder {
  readonly url: string;
  /** How many connections were made so far. */
  readonly connections: number;
  /** How many bytes were sent on connections that are dead. */
  readonly lost: number;
  freeze(): void;
  close(): void;
}

export async function freezingForwarder(port: number): Promise<FreezingForwarder> {
  const pairs: { readonly from: Socket; readonly to: Socket; isFrozen: boolean }[] = [];
  let lost = 0;
  const server = createServer(from => {
    const pair = { from, to: connect(port, "127.0.0.1"), isFrozen: false };
    pairs.push(pair);
    const pass = (one: Socket, other: Socket) => {
      one.on("data", bytes => {
        if (pair.isFrozen) lost += bytes.length;
        else other.write(bytes);
      });
      // Nor does anybody hear that the other side has closed.
      const end = () => pair.isFrozen || other.destroy();
      one.on("error", end);
      one.on("close", end);
    };
    pass(from, pair.to);
    pass(pair.to, from);
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return pairs.length;
    },
    get lost() {
      return lost;
    },
    freeze() {
      for (const pair of pairs) pair.isFrozen = true;
    },
    close() {
      server.close();
      for (const { from, to } of pairs) for (const socket of [from, to]) socket.destroy();
    },
  };
}
