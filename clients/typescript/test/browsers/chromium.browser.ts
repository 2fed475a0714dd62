import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, test } from "node:test";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import type { Celeriant } from "../../src/celeriant.js";
import type * as PageModule from "../../src/page.js";
import type { AggregateView } from "../../src/view.js";
import { patiently } from "../support/client.js";
import { modelServer, type ModelServer } from "../support/model-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { PATIENCE_MS } from "./engine.js";

declare global {
  interface Window {
    celeriant: typeof PageModule;
    app: Celeriant;
    view: AggregateView;
  }
}

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const closings: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const close of closings.reverse()) await close();
});

async function server(): Promise<ModelServer> {
  const started = await modelServer();
  closings.push(() => started.close());
  return started;
}

async function profile(folder?: string): Promise<BrowserContext> {
  assert.ok(CHROMIUM, "needs Chromium (Debian's package chromium)");
  const path = folder ?? (await temporaryFolder("profile"));
  const context = await chromium.launchPersistentContext(path, {
    executablePath: CHROMIUM,
    headless: true,
    timeout: PATIENCE_MS,
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  closings.push(() => context.close());
  return context;
}

async function open(context: BrowserContext, server: ModelServer): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url);
  await connect(page);
  return page;
}

async function connect(page: Page): Promise<void> {
  await page.waitForFunction(() => window.celeriant !== undefined);
  await page.evaluate(async () => {
    window.app = await window.celeriant.connect({ url: location.origin, org: "demo" });
    window.view = await window.app.open("canvas/b");
  });
}

async function paint(page: Page, key: string, data: string): Promise<void> {
  await page.evaluate(
    async ([key, data]) => {
      await window.app.append({ aggregate: "canvas/b", type: "cell-painted", key: key!, data: data! }).local;
    },
    [key, data],
  );
}

async function shown(page: Page): Promise<unknown> {
  return await page.evaluate(() =>
    [...window.view.registers].map(([key, value]) => [key, value.data, value.pending]).sort(),
  );
}

async function until(page: Page, condition: () => boolean): Promise<void> {
  await page.waitForFunction(condition, undefined, { polling: 20 });
}

for (const count of [1, 2, 6]) {
  test(`Chromium: ${count} tabs append through one buffer and one stream, and show the same`, async () => {
    const started = await server();
    const context = await profile();
    const pages: Page[] = [];
    for (let n = 0; n < count; n++) pages.push(await open(context, started));
    for (const [n, page] of pages.entries()) await paint(page, `${n},0`, `c${n}`);
    for (const page of pages) {
      await page.evaluate(() => window.app.whenSettled());
      await page.waitForFunction(version => window.view.version === version, count, { polling: 20 });
    }
    assert.equal(new Set(started.gateway.log.events.map(event => event.client)).size, 1);
    assert.deepEqual(
      started.gateway.log.events.map(event => event.sequence),
      Array.from({ length: count }, (_, n) => n + 1),
    );
    for (const page of pages) assert.deepEqual(await shown(page), await shown(pages[0]!));
    const streams = started.gateway.calls.filter(call => call.headers.get("Accept") === "text/event-stream");
    assert.ok(streams.length <= 2, `${streams.length} streams`);
    await context.close();
  });
}

test("Chromium: what is drawn with no network survives a reload and a restart, and lands once", async () => {
  const started = await server();
  const folder = await temporaryFolder("profile");
  const context = await profile(folder);
  const page = await open(context, started);
  await paint(page, "0,0", "online");
  await until(page, () => window.view.version === 1);
  started.disconnect();
  await until(page, () => window.app.status.state === "backing-off");
  await paint(page, "1,1", "offline");
  await page.reload();
  await connect(page);
  assert.deepEqual(await shown(page), [
    ["0,0", "online", false],
    ["1,1", "offline", true],
  ]);
  await paint(page, "2,2", "after the reload");
  await context.close();

  const again = await profile(folder);
  const second = await open(again, started);
  assert.equal(((await shown(second)) as unknown[]).length, 3);
  started.reconnect();
  await second.evaluate(() => window.app.whenSettled());
  await until(second, () => window.view.version === 3);
  assert.deepEqual(
    started.gateway.log.events.map(event => event.data),
    ["online", "offline", "after the reload"],
  );
  await again.close();
});

test("Chromium: when the leading tab is closed another one leads", async () => {
  const started = await server();
  const context = await profile();
  const [one, two] = [await open(context, started), await open(context, started)];
  await until(two, () => window.app.status.state === "live");
  await one.close();
  await paint(two, "1,1", "red");
  await until(two, () => window.view.version === 1 && window.app.status.pending === 0);
  await patiently(() => started.gateway.log.events.length === 1);
  await context.close();
});

test("Chromium: two tabs that retry one rejected append at once append it once, and one is told", async () => {
  const started = await server();
  const { log } = started.gateway;
  const context = await profile();
  const pages = [await open(context, started), await open(context, started)];
  const retry = async ({ id, data }: { id: string; data: string }) => {
    const again = { aggregate: "canvas/b", type: "cell-painted", key: "1,1", data };
    try {
      await window.app.retryRejected(id, again).local;
      return "appended";
    } catch (error) {
      return String(error);
    }
  };
  for (let round = 0; round < 20; round++) {
    log.admission = () => ({ code: "access-denied", status: 403, done: "settled" });
    await paint(pages[0]!, "1,1", "poison");
    for (const page of pages) await until(page, () => window.app.status.rejected === 1);
    log.admission = () => undefined;
    const id = await pages[0]!.evaluate(async () => (await window.app.rejected())[0]!.id);
    const said = await Promise.all(pages.map(page => page.evaluate(retry, { id, data: `retried ${round}` })));
    assert.deepEqual(said.sort(), [`RangeError: no rejected append has the id ${id}`, "appended"]);
    for (const page of pages) await page.evaluate(() => window.app.whenSettled());
    for (const page of pages) await until(page, () => window.app.status.rejected === 0);
  }
  assert.deepEqual(
    log.events.map(({ data }) => data),
    Array.from({ length: 20 }, (_, round) => `retried ${round}`),
  );
  await context.close();
});

test("Chromium: the device key cannot be extracted by a script of the page", async () => {
  const started = await server();
  const context = await profile();
  const page = await open(context, started);
  const extracted = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("celeriant-demo");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error as Error);
    });
    const identity = await new Promise<{ privateKey: CryptoKey }>(resolve => {
      const request = database.transaction("meta").objectStore("meta").get("identity");
      request.onsuccess = () => resolve(request.result as { privateKey: CryptoKey });
    });
    return await crypto.subtle.exportKey("jwk", identity.privateKey).then(
      () => "extracted",
      () => "refused",
    );
  });
  assert.equal(extracted, "refused");
  await context.close();
});
