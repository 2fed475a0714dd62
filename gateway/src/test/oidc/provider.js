// An OpenID provider on a free port of loopback, with its own login and consent pages; any name logs in, with any
// password. Prints its issuer, changes its keys at the line "rotate", and ends when its standard input does.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const API = "https://log.example";

function key(kid, alg, type, options) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: "jwk" }), kid, alg, use: "sig" };
}

/** The provider with keys of its own, called by their generation. */
function provider(issuer, generation) {
  const rsa = key(`rsa-${generation}`, "RS256", "rsa", { modulusLength: 2048 });
  const ec = key(`ec-${generation}`, "ES256", "ec", { namedCurve: "P-256" });
  return new Provider(issuer, {
    clients: [
      {
        client_id: "canvas",
        redirect_uris: ["http://127.0.0.1:9/callback"],
        application_type: "native",
        token_endpoint_auth_method: "none",
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [rsa, ec] },
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
  }).callback();
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  let generation = 1;
  let answer = provider(issuer, generation);
  server.on("request", (request, response) => answer(request, response));
  createInterface({ input: process.stdin })
    .on("line", line => {
      if (line !== "rotate") return;
      answer = provider(issuer, ++generation);
      console.log("rotated");
    })
    .on("close", () => process.exit(0));
  console.log(`issuer ${issuer}`);
});
