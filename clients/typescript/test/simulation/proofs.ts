/**
 * Proofs in simulated worlds: what a gateway reads out of one, without JSON, Base64, hash and signature, which cost a
 * sixth of a world and hold in each. The client's own are asked for by `ModelGateway` and by the real one.
 */
import type { StoredIdentity } from "../../src/buffer/local-buffer.js";
import { uuidOf } from "../../src/clock.js";
import { Transport, type TransportOptions } from "../../src/protocol/transport.js";

export interface ReadProof {
  readonly client: string;
  readonly jti: string;
  readonly nonce: string;
}

interface Prover {
  readonly options: TransportOptions;
  readonly identity: () => StoredIdentity;
  readonly nonce: string | undefined;
}

export function readProof(proof: string): ReadProof {
  const [client = "", jti = "", nonce = ""] = proof.split(" ");
  return { client, jti, nonce };
}

const inside = Transport.prototype as unknown as { proof: unknown };
if (typeof inside.proof !== "function") throw new Error("the client makes its proofs elsewhere now");
inside.proof = async function (this: Prover, _method: string, _url: string, accessToken?: string) {
  const proof = `${this.identity().clientId} ${uuidOf(this.options.random)} ${this.nonce ?? ""}`;
  // As many turns as a hash and a signature take.
  if (accessToken !== undefined) await undefined;
  await undefined;
  return proof;
};
