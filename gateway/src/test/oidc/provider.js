// An OpenID provider on a free port of loopback, with its own login and consent pages; any name logs in, with any
// password. Prints its issuer, and ends when its standard input does.
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const API = "https://log.example";

function key(kid, alg, type, options) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: "jwk" }), kid, alg, use: "sig" };
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "canvas",
        redirect_uris: ["http://127.0.0.1:9/callback"],
        application_type: "native",
        token_endpoint_auth_method: "none",
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: {
      keys: [key("rsa", "RS256", "rsa", { modulusLength: 2048 }), key("ec", "ES256", "ec", { namedCurve: "P-256" })],
    },
    cookies: { keys: ["of-a-test"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    scopes: ["openid", "log"],
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => API,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "log",
          audience: API,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  server.on("request", provider.callback());
  console.log(`issuer ${issuer}`);
});
process.stdin.resume().on("end", () => process.exit(0));
