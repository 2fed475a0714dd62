/** Things that happened to a client and that an application may want to tell its user; nothing is lost by them. */
export type Notice =
  /** Another holder of the same key appended too: this client has a new identity, under which its appends go on. */
  | { readonly kind: "client-forked"; readonly before: string; readonly now: string; readonly resent: number }
  /** The log is not the one that was read before, or lost its end: what it lost of this client's is sent again. */
  | { readonly kind: "log-diverged"; readonly resent: number }
  /** The reader may not see an aggregate any more, or may again. */
  | { readonly kind: "revoked" | "granted"; readonly aggregate: string }
  /** An event could not be read, or broke a projection: it is passed over, and everything else goes on. */
  | { readonly kind: "quarantined"; readonly aggregate: string; readonly version: number; readonly reason: string };

export type Report = (notice: Notice) => void;
