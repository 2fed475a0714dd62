/** An OpenID Connect provider on loopback: its discovery, its keys, and identity tokens for whoever is named. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export interface IdentityProvider {
  readonly issuer: string;
  tokenFor(subject: string, audience: string): Promise<string>;
  close(): Promise<void>;
}

export async function identityProvider(): Promise<IdentityProvider> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const jwk = { ...(await crypto.subtle.exportKey("jwk", pair.publicKey)), kid: "k1", alg: "ES256", use: "sig" };
  const http = createServer((request, response) => {
    const found = request.url?.startsWith("/.well-known/")
      ? { issuer, jwks_uri: `${issuer}/keys`, id_token_signing_alg_values_supported: ["ES256"] }
      : { keys: [jwk] };
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(found));
  });
  await new Promise<void>(resolve => http.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    issuer,
    async tokenFor(subject, audience) {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, sub: subject, aud: audience, iat: now, exp: now + 300 };
      const signed = `${part({ typ: "JWT", alg: "ES256", kid: "k1" })}.${part(claims)}`;
      const signature = await crypto.subtle.sign(ALGORITHM, pair.privateKey, Buffer.from(signed));
      return `${signed}.${Buffer.from(signature).toString("base64url")}`;
    },
    close: async () => {
      http.closeAllConnections();
      await new Promise(resolve => http.close(resolve));
    },
  };
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
