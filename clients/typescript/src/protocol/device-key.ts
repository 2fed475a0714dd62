/**
 * The device's key pair: P-256, for signatures of the DPoP proofs (RFC 9449). In a browser the private key cannot be
 * extracted. The client's id is the RFC 7638 thumbprint of the public key.
 */
import type { PublicJwk, StoredIdentity } from "../buffer/local-buffer.js";
import { base64url, utf8 } from "./encoding.js";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;

/** How keys are made and used; the simulation puts one in its place that needs no cryptography. */
export interface Keys {
  create(form: "handle" | "jwk"): Promise<StoredIdentity>;
  /** An ES256 signature: r and s, 32 bytes each (RFC 7518 §3.4). */
  sign(identity: StoredIdentity, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

export const webCryptoKeys: Keys = {
  async create(form) {
    const extractable = form === "jwk";
    const pair = await crypto.subtle.generateKey(ALGORITHM, extractable, ["sign"]);
    const { x, y } = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as PublicJwk;
    const publicJwk: PublicJwk = { kty: "EC", crv: "P-256", x, y };
    const privateKey = extractable ? await crypto.subtle.exportKey("jwk", pair.privateKey) : pair.privateKey;
    return { clientId: await thumbprint(publicJwk), publicJwk, privateKey };
  },

  async sign(identity, bytes) {
    return new Uint8Array(await crypto.subtle.sign(SIGNATURE, await privateKeyOf(identity), bytes));
  },

  async sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  },
};

/** RFC 7638: SHA-256 over the required members, in the order of their names, without white space. */
export async function thumbprint(jwk: PublicJwk): Promise<string> {
  const { crv, kty, x, y } = jwk;
  return base64url(await webCryptoKeys.sha256(utf8(JSON.stringify({ crv, kty, x, y }))));
}

const imported = new WeakMap<JsonWebKey, Promise<CryptoKey>>();

function privateKeyOf(identity: StoredIdentity): Promise<CryptoKey> {
  const key = identity.privateKey;
  if (isHandle(key)) return Promise.resolve(key);
  let handle = imported.get(key);
  if (handle === undefined) {
    handle = crypto.subtle.importKey("jwk", key, ALGORITHM, false, ["sign"]);
    imported.set(key, handle);
  }
  return handle;
}

function isHandle(key: CryptoKey | JsonWebKey): key is CryptoKey {
  return "algorithm" in key;
}
