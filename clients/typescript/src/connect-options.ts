/** What `connect` is told. */
import type { LocalBuffer } from "./buffer/local-buffer.js";
import type { Codec } from "./codec.js";
import type { Clock, Random } from "./clock.js";
import type { Keys } from "./protocol/device-key.js";
import type { Auth, Fetch } from "./protocol/transport.js";
import type { Locks } from "./tabs/leadership.js";
import type { TabChannel } from "./tabs/messages.js";
import type { Upcasting } from "./upcasting.js";

/** What `connect` takes. */
export interface ConnectOptions {
  /** Where the gateway is: `https://log.example.org`, or a path under it. */
  readonly url: string;
  /** The org whose aggregates these are. */
  readonly org: string;
  /** Where what is appended is kept until the log has it. In a browser, when left out: IndexedDB. */
  readonly buffer?: LocalBuffer;
  /** Aggregates to open at once; they stay open until the client is closed. */
  readonly aggregates?: readonly string[];
  /** False: stay offline until `goOnline` is called. */
  readonly online?: boolean;
  /** A backend's key. A device has none: it proves its own key. */
  readonly apiKey?: string;
  /**
   * Asked for the person's OpenID Connect identity token whenever a new access token is needed; the rights of device
   * and person add up. Call `authorized` after somebody has signed in or out.
   */
  readonly auth?: Auth;
  /** How events of older versions of the application become those of this one, wherever they are shown. */
  readonly upcasting?: Upcasting;
  /** Seals the data of events before it is stored and sent, and opens it where it is shown. */
  readonly codec?: Codec;
  /** Gives connecting up, and leaves nothing open; once `connect` has resolved, it means nothing. */
  readonly signal?: AbortSignal;
  /** In the place of the global `fetch`. */
  readonly fetch?: Fetch;
  /** In the place of the clock of the device, for tests. */
  readonly clock?: Clock;
  /** In the place of the random numbers of WebCrypto, for tests. */
  readonly random?: Random;
  /** In the place of WebCrypto, for simulations. */
  readonly keys?: Keys;
  /** Web Locks and channels between the tabs of a browser, where its own are not to be used. */
  readonly locks?: Locks;
  /** A channel to the other tabs. */
  readonly channel?: (name: string) => TabChannel;
  /** Whether somebody looks at this tab. */
  readonly visible?: () => boolean;
}

/** Everything outside of the client, each part replaceable. */
export interface World {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: Keys;
  /** Undefined where there are no tabs: the client leads itself. */
  readonly locks: Locks | undefined;
  readonly channel: (name: string) => TabChannel;
  /** Whether somebody looks at this tab. */
  readonly visible: () => boolean;
}
