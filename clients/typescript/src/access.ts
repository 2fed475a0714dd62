/**
 * Who may do what with one aggregate, over the gateway: what an owner's settings page needs. Every change takes effect
 * from a place in the log on, for open streams too.
 */
import type { Celeriant } from "./celeriant.js";
import { checkAggregate } from "./check-append.js";
import type { Requests } from "./protocol/requests.js";

/** Each level may do what those before it may. */
export type Level = "reader" | "contributor" | "owner";

/** Whom a right is given to: a client by its id, or a person by who signed them in and under which subject. */
export type Grantee =
  | { readonly client: string; readonly user?: never }
  | { readonly user: { readonly iss: string; readonly sub: string }; readonly client?: never };

/** An invitation to an aggregate that whoever knows its secret can take up. */
export interface Share {
  /** Its name among the shares of the aggregate. */
  readonly id: string;
  /** What redeeming it gives. */
  readonly level: Level;
  /** RFC 3339. */
  readonly expires?: string;
  /** How often it can still be redeemed. */
  readonly uses?: number;
}

/** Who may do what with an aggregate. */
export interface Access {
  /** Levels that clients and persons have by name. */
  readonly grants: readonly (Grantee & { readonly level: Level })[];
  /** Whom the aggregate was taken from, whatever else would let them in. */
  readonly revoked: readonly Grantee[];
  /** What every client that proves a key may. */
  readonly public: "reader" | "contributor" | null;
  /** Invitations that can still be redeemed. */
  readonly shares: readonly Share[];
}

/** What redeeming a share gave: a level on an aggregate, or a role in the org. */
export interface Redeemed {
  /** The aggregate that it gave a level on. */
  readonly aggregate?: string;
  /** That level. */
  readonly level?: Level;
  /** The role in the org that it gave. */
  readonly role?: string;
}

/**
 * Takes up a share: this client, or its person, has what it gives from now on.
 *
 * @throws ProblemError `gone` when it was used up or has lapsed, `not-found` when it is unknown or was withdrawn
 */
export async function redeem<E extends object>(
  app: Celeriant<E>,
  secret: string,
  signal?: AbortSignal,
): Promise<Redeemed> {
  const redeemed = await app.requests.call<Redeemed>("POST", "/shares/redeem", { secret }, signal);
  app.authorized();
  return redeemed;
}

/**
 * Who may do what with an aggregate.
 *
 * @example
 * ```ts
 * const access = accessOf(app, "canvas/board-1");
 * const { secret } = await access.share({ level: "contributor", uses: 1 });
 * const link = `https://canvas.example.org/#${secret}`;
 * ```
 */
export function accessOf<E extends object>(app: Celeriant<E>, aggregate: string): AggregateAccess {
  checkAggregate(aggregate);
  return new AggregateAccess(app.requests, aggregate);
}

/** Who may do what with one aggregate; see `accessOf`. */
export class AggregateAccess {
  /** @internal */
  constructor(
    private readonly requests: Requests,
    private readonly aggregate: string,
  ) {}

  /** The access as it is now. */
  read(signal?: AbortSignal): Promise<Access> {
    return this.call("GET", "/access", undefined, signal);
  }

  /** Gives a level; null takes a grant away. The last owner cannot go. */
  grant(to: Grantee, level: Level | null, signal?: AbortSignal): Promise<Access> {
    return this.call("PATCH", "/access", { grants: [{ ...to, level }] }, signal);
  }

  /** What everyone may; null: nothing. */
  setPublic(level: Access["public"], signal?: AbortSignal): Promise<Access> {
    return this.call("PATCH", "/access", { public: level }, signal);
  }

  /** Outranks grants, shares and the public, until an owner grants to that name again. */
  revoke(from: Grantee, signal?: AbortSignal): Promise<Access> {
    return this.call("POST", "/revoke", from, signal);
  }

  /** Creates a share. Its secret is told once; put it into the fragment of a link, which no server sees. */
  share(of: Omit<Share, "id">, signal?: AbortSignal): Promise<{ readonly id: string; readonly secret: string }> {
    return this.call("POST", "/shares", of, signal);
  }

  /** Nobody can redeem it any more; who has, keeps what it gave. */
  withdraw(shareId: string, signal?: AbortSignal): Promise<void> {
    return this.call("DELETE", `/shares/${encodeURIComponent(shareId)}`, undefined, signal);
  }

  private call<T>(method: string, path: string, body: unknown, signal: AbortSignal | undefined): Promise<T> {
    return this.requests.call(method, `/${this.aggregate}${path}`, body, signal);
  }
}
