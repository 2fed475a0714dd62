/** Proofs of possession of the device key (RFC 9449 §4), one per request. */
import type { StoredIdentity } from "../buffer/local-buffer.js";
import type { Keys } from "./device-key.js";
import { base64url, utf8 } from "./encoding.js";

export interface ProofOf {
  readonly method: string;
  /** The request's address; its query and fragment are left out of the proof. */
  readonly url: string;
  /** Unique within the life of the nonce. */
  readonly jti: string;
  /** Seconds since 1970. The gateway does not judge by it. */
  readonly issuedAt: number;
  readonly nonce?: string | undefined;
  readonly accessToken?: string | undefined;
}

export async function proof(keys: Keys, identity: StoredIdentity, of: ProofOf): Promise<string> {
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: identity.publicJwk };
  const { accessToken } = of;
  // What is undefined is left out of the JSON.
  const claims = {
    jti: of.jti,
    htm: of.method,
    htu: withoutQuery(of.url),
    iat: of.issuedAt,
    nonce: of.nonce,
    ath: accessToken === undefined ? accessToken : base64url(await keys.sha256(utf8(accessToken))),
  };
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${base64url(await keys.sign(identity, utf8(signed)))}`;
}

function part(value: unknown): string {
  return base64url(utf8(JSON.stringify(value)));
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0]!;
}
