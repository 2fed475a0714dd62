/** Persons who sign in, and networks that let no stream through, against the gateway itself. */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessOf } from "../../src/access.js";
import { RealGateway } from "../support/real-gateway.js";
import { identityProvider, type IdentityProvider } from "./identity-provider.js";
import { everybodyLeaves, painted, person, until } from "./people.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const AUDIENCE = "canvas";
let gateway: RealGateway;
let provider: IdentityProvider;
let data: string;

before(async () => {
  data = await temporaryFolder("system");
  provider = await identityProvider();
  gateway = await RealGateway.start(data, ["--oidc", `${provider.issuer}=${AUDIENCE}`]);
});
after(async () => {
  await everybodyLeaves();
  await gateway.kill();
  await provider.close();
  await rm(data, { recursive: true, force: true });
});

test("what a person was given is there on every device on which he signs in, and only while he is", async () => {
  const { issuer: iss } = provider;
  const owner = await person(gateway.url, "persons");
  await owner.append(painted("1,1", "red")).confirmed;
  await accessOf(owner, "canvas/b").grant({ user: { iss, sub: "ada" } }, "contributor");
  let signedIn = false;
  const auth = () => (signedIn ? provider.tokenFor("ada", AUDIENCE) : undefined);
  const device = await person(gateway.url, "persons", { auth });
  assert.equal((await device.me()).user, undefined);
  const view = await device.open("canvas/b");
  await until(() => !view.readable);
  signedIn = true;
  device.authorized();
  assert.deepEqual((await device.me()).user, { iss, sub: "ada" });
  device.goOffline();
  device.goOnline();
  await device.append(painted("2,2", "blue")).confirmed;
});

test("where streams are held back, the client reads by long-poll, live too", async () => {
  const writer = await person(gateway.url, "held-back");
  await writer.append(painted("1,1", "red")).confirmed;
  await accessOf(writer, "canvas/b").setPublic("reader");
  let polls = 0;
  const heldBack = async (url: string, init: RequestInit) => {
    if (url.includes("live=poll")) polls++;
    const response = await fetch(url, init);
    const isStream = response.headers.get("Content-Type")?.startsWith("text/event-stream") === true;
    return isStream ? new Response(new ReadableStream(), response) : response;
  };
  const reader = await person(gateway.url, "held-back", { fetch: heldBack });
  const view = await reader.open("canvas/b");
  await until(() => polls > 0 && view.version === 1);
  await writer.append(painted("2,2", "blue")).confirmed;
  await until(() => view.registers.get("2,2")?.data === "blue");
});
