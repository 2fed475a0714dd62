/** Opens the buffer and builds a client on it. */
import { orAborted } from "./abort.js";
import { indexedDbBuffer } from "./buffer/indexeddb.js";
import type { LocalBuffer } from "./buffer/local-buffer.js";
import { Celeriant } from "./celeriant.js";
import { NAME } from "./check-append.js";
import { systemClock, type Random } from "./clock.js";
import type { ConnectOptions, World } from "./connect-options.js";
import { webCryptoKeys } from "./protocol/device-key.js";
import type { Locks } from "./tabs/leadership.js";
import { tabChannel } from "./tabs/messages.js";
import type { AnyEvents } from "./typed-events.js";

/**
 * A client of one org. It is usable when this resolves, with no network too.
 *
 * @example
 * ```ts
 * const app = await connect({ url, org, aggregates: ["canvas/board-1"] });
 * app.onStatus(({ state, pending }) => show("status", `${state}, ${pending} to send`));
 * app.onNotice(notice => show("notice", notice.kind));
 * ```
 *
 * @throws TypeError for an address or a name that cannot be one, or where there is no place for a buffer
 */
export async function connect<E extends object = AnyEvents>(options: ConnectOptions): Promise<Celeriant<E>> {
  return await orAborted(
    () => connected<E>(options),
    options.signal,
    client => client.close(),
  );
}

async function connected<E extends object>(options: ConnectOptions): Promise<Celeriant<E>> {
  const { url, org } = options;
  if (!/^https?:\/\//i.test(url))
    throw new TypeError(`url ${JSON.stringify(url)}: must begin with http:// or https://`);
  if (!NAME.test(org)) throw new TypeError(`org ${JSON.stringify(org)}: outside the letters of names`);
  const world: World = {
    fetch: options.fetch ?? ((address, init) => fetch(address, init)),
    clock: options.clock ?? systemClock,
    random: options.random ?? cryptoRandom,
    keys: options.keys ?? webCryptoKeys,
    locks: options.locks ?? browserLocks(),
    channel: options.channel ?? tabChannel,
    visible: options.visible ?? (() => typeof document === "undefined" || document.visibilityState === "visible"),
  };
  const buffer = options.buffer ?? defaultBuffer(org);
  const contents = await buffer.open(() => world.keys.create(buffer.keyForm));
  const client = new Celeriant<E>(options, world, buffer, contents);
  try {
    await client.start(options);
  } catch (error) {
    await client.close();
    throw error;
  }
  listenToBrowser(client);
  return client;
}

function browserLocks(): Locks | undefined {
  if (typeof BroadcastChannel === "undefined") return undefined;
  return (globalThis.navigator as Navigator | undefined)?.locks as Locks | undefined;
}

function defaultBuffer(org: string): LocalBuffer {
  if (!globalThis.indexedDB) {
    throw new TypeError("no IndexedDB here: give connect a buffer");
  }
  return indexedDbBuffer(`celeriant-${org}`);
}

/** Taken from the system many at a time: one call for each would be most of what an append costs. */
const randomPool = new Uint32Array(1_024);
let randomUsed = randomPool.length;

const cryptoRandom: Random = () => {
  if (randomUsed === randomPool.length) {
    crypto.getRandomValues(randomPool);
    randomUsed = 0;
  }
  return randomPool[randomUsed++]! / 2 ** 32;
};

/**
 * A browser says when its network is back, when the page is looked at again, and when it puts the page into its
 * back/forward cache and takes it out again.
 */
function listenToBrowser<E extends object>(client: Celeriant<E>): void {
  if (typeof document === "undefined") return;
  const closed = new AbortController();
  const listen = (target: EventTarget, type: string, listener: (event: Event) => unknown) =>
    target.addEventListener(type, listener, closed);
  const isKept = (event: Event) => (event as PageTransitionEvent).persisted;
  client.onStatus(({ state }) => state === "closed" && closed.abort());
  listen(window, "online", () => client.networkIsBack());
  listen(document, "visibilitychange", () => document.visibilityState === "visible" && client.networkIsBack());
  listen(window, "pagehide", event => isKept(event) && client.tabs?.leave());
  listen(window, "pageshow", event => isKept(event) && client.tabs?.comeBack());
}
