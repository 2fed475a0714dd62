import assert from "node:assert/strict";
import { test } from "node:test";
import { accessOf, redeem } from "../../src/access.js";
import type { Fetch } from "../../src/protocol/transport.js";
import { clientOf } from "../support/client.js";
import { ModelGateway, type Call } from "../support/model-gateway.js";

const ACCESS = { grants: [], revoked: [], public: null, shares: [] };

/** Answers what is under an aggregate's or the org's sharing, and notes it as `METHOD path body`. */
function sharing(gateway: ModelGateway, answers: Record<string, unknown>): string[] {
  const asked: string[] = [];
  gateway.extension = (call: Call) => {
    const path = call.path.replace("/v1/demo", "");
    const name = `${call.method} ${path}`;
    if (!(name in answers)) return undefined;
    asked.push(call.body === "" ? name : `${name} ${call.body}`);
    const headers = { "DPoP-Nonce": gateway.nonce };
    const answer = answers[name];
    return answer === null ? new Response(null, { status: 204, headers }) : Response.json(answer, { headers });
  };
  return asked;
}

test("an owner reads and changes who may do what", async () => {
  const gateway = new ModelGateway();
  const asked = sharing(gateway, {
    "GET /canvas/b/access": ACCESS,
    "PATCH /canvas/b/access": { ...ACCESS, public: "reader" },
    "POST /canvas/b/revoke": ACCESS,
    "POST /canvas/b/shares": { id: "s1", secret: "hush" },
    "DELETE /canvas/b/shares/s1": null,
  });
  const { app } = await clientOf(gateway, { online: false });
  const access = accessOf(app, "canvas/b");
  assert.deepEqual(await access.read(), ACCESS);
  await access.grant({ client: "c1" }, "contributor");
  await access.grant({ user: { iss: "https://id.example.org", sub: "ada" } }, null);
  assert.equal((await access.setPublic("reader")).public, "reader");
  await access.revoke({ client: "c1" });
  assert.deepEqual(await access.share({ level: "reader", uses: 1 }), { id: "s1", secret: "hush" });
  assert.equal(await access.withdraw("s1"), undefined);
  assert.deepEqual(asked, [
    "GET /canvas/b/access",
    'PATCH /canvas/b/access {"grants":[{"client":"c1","level":"contributor"}]}',
    'PATCH /canvas/b/access {"grants":[{"user":{"iss":"https://id.example.org","sub":"ada"},"level":null}]}',
    'PATCH /canvas/b/access {"public":"reader"}',
    'POST /canvas/b/revoke {"client":"c1"}',
    'POST /canvas/b/shares {"level":"reader","uses":1}',
    "DELETE /canvas/b/shares/s1",
  ]);
  assert.throws(() => accessOf(app, "canvas"), /must be type\/id/);
  await app.close();
});

test("a client that was not let in redeems a share and goes on by itself", async () => {
  const gateway = new ModelGateway();
  const asked = sharing(gateway, { "POST /shares/redeem": { aggregate: "canvas/b", level: "contributor" } });
  const denied = () =>
    new Response(JSON.stringify({ code: "access-denied", status: 403 }), {
      status: 403,
      headers: { "Content-Type": "application/problem+json" },
    });
  gateway.fault = call =>
    asked.length === 0 && call.path !== "/v1/demo/shares/redeem" ? { kind: "answer", response: denied } : undefined;
  const { app, until } = await clientOf(gateway);
  app.append({ aggregate: "canvas/b", type: "cell-painted", key: "1,1", data: "red" });
  await until(() => app.status.state === "needs-auth");
  assert.deepEqual(await redeem(app, "hush"), { aggregate: "canvas/b", level: "contributor" });
  await app.whenSettled();
  assert.equal(gateway.log.events.length, 1);
  await app.close();
});

test("presence is put for this tab, in its own name when it gives none", async () => {
  const gateway = new ModelGateway();
  const asked = sharing(gateway, { "PUT /canvas/b/presence": null });
  const { app } = await clientOf(gateway, { online: false });
  await app.putPresence("canvas/b", { x: 1 });
  await app.putPresence("canvas/b", null, { instance: "tab-1", ttl: 5 });
  assert.deepEqual(asked, [
    `PUT /canvas/b/presence {"instance":"${app.instance}","data":{"x":1}}`,
    'PUT /canvas/b/presence {"instance":"tab-1","data":null,"ttl":5}',
  ]);
  await app.close();
});

test("a person's identity token is exchanged for the access token, and anew after signing in", async () => {
  const gateway = new ModelGateway();
  const forms: URLSearchParams[] = [];
  let signedIn: string | undefined;
  gateway.judgeGrant = form => {
    forms.push(form);
    return form.get("subject_token") === "stale" ? "invalid_grant" : undefined;
  };
  const { app, until } = await clientOf(gateway, { auth: () => Promise.resolve(signedIn) });
  const painted = { aggregate: "canvas/b", type: "cell-painted", key: "1,1", data: "red" };
  await app.append(painted).confirmed;
  assert.deepEqual(Object.fromEntries(forms.at(-1)!), { grant_type: "client_credentials" });
  signedIn = "stale";
  app.authorized();
  app.append(painted);
  await until(() => app.status.state === "needs-auth");
  assert.equal(app.status.reason, "invalid_grant");
  assert.equal(app.status.pending, 1);
  signedIn = "id-token";
  app.authorized();
  await app.whenSettled();
  assert.deepEqual(Object.fromEntries(forms.at(-1)!), {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: "id-token",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  });
  await app.close();
});

test("who signs in while a token is on its way is asked for another one, and the late one is of no use", async () => {
  const gateway = new ModelGateway();
  let signedIn = false;
  let arrive = () => {};
  const late = new Promise<void>(resolve => (arrive = resolve));
  const fetch: Fetch = async (url, init) => {
    const answer = await gateway.fetch(url, init);
    if (url.endsWith("/oauth/token") && answer.ok && !(init.body as string).includes("subject_token")) await late;
    return answer;
  };
  const auth = () => (signedIn ? "ada's token" : undefined);
  const { app, until } = await clientOf(gateway, { auth, fetch });
  app.append({ aggregate: "canvas/b", type: "cell-painted", key: "1,1", data: "red" });
  await until(() => gateway.callsTo("/oauth/token").length === 2);
  signedIn = true;
  app.authorized();
  arrive();
  await app.whenSettled();
  const asPerson = gateway.calls.findIndex(({ body }) => body.includes("subject_token"));
  const pushed = gateway.calls.findIndex(({ path }) => path.endsWith("/appends"));
  assert.ok(asPerson >= 0 && asPerson < pushed, `${asPerson} ${pushed}`);
  await app.close();
});
