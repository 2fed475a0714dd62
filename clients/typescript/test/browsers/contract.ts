/** What must hold in every browser, with 1, 2 and 6 tabs, against the gateway itself: run by each engine's own file. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pageServer, type PageServer } from "../support/page-server.js";
import { RealGateway } from "../support/real-gateway.js";
import { everybodyLeaves, painted, person } from "../system/people.js";
import type { Browser, Engine, Tab } from "./engine.js";
import { temporaryFolder } from "../support/temporary-folder.js";

/** Chances for the browser to keep a page that is left. */
const VISITS_MAX = 10;

const CONNECT = `
  const [url, org] = given;
  while (window.celeriant === undefined) await new Promise(resolve => setTimeout(resolve, 10));
  window.app = await window.celeriant.connect({ url, org });
  window.view = await window.app.open("canvas/b");
  return window.app.clientId;`;
const PAINT = `
  const [key, data] = given;
  await window.app.append({ aggregate: "canvas/b", type: "cell-painted", key, data }).local;`;
/** Nothing waits for it to be stored. */
const PAINT_AND_LEAVE = `
  const [key, data] = given;
  void window.app.append({ aggregate: "canvas/b", type: "cell-painted", key, data });`;
/** Appends while the page is put away, just before the client hears of that and just behind; nothing waits for it. */
const PAINT_ON_LEAVING = `
  const [before, behind, data] = given;
  for (const key of [before, behind]) {
    const paint = () => window.app.append({ aggregate: "canvas/b", type: "cell-painted", key, data });
    window.addEventListener("pagehide", paint, { capture: key === before, once: true });
  }`;
/** As when the browser evicts what an origin stored. */
const REMOVE = `
  const removal = indexedDB.deleteDatabase(given[0]);
  await new Promise((resolve, reject) => { removal.onsuccess = resolve; removal.onerror = reject; });`;
/** As when the storage is full: of what is appended, a row is refused. What the caller is told. */
const REFUSE_A_ROW = `
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...row) {
    this.add(...row);
    return this.add(...row);
  };
  const handle = window.app.append({ aggregate: "canvas/b", type: "cell-painted", key: "0,0", data: "red" });
  const told = await handle.local.then(() => "stored", String);
  IDBObjectStore.prototype.put = put;
  return told;`;
/** As when a newer version of the page is opened beside this one; what it finds pending. */
const UPGRADE = `
  const request = indexedDB.open(given[0], 99);
  const database = await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });
  const pending = database.transaction("pending").objectStore("pending").getAll();
  const pages = await new Promise(resolve => (pending.onsuccess = () => resolve(pending.result)));
  database.close();
  return pages.flat().map(append => append.events[0].data);`;
const REFUSED = `
  const [key, data] = given;
  const handle = window.app.append({ aggregate: "canvas/b", type: "cell-painted", key, data });
  return await handle.local.then(() => "stored", error => String(error));`;
const SHOWN = `return [...window.view.registers].map(([key, { data, pending }]) => [key, data, pending]).sort();`;
const READ_TICKET = `
  const source = new EventSource(given[0]);
  return await new Promise(resolve => {
    source.onmessage = ({ data }) => resolve(JSON.parse(data));
    source.onerror = () => resolve("refused");
  }).finally(() => source.close());`;
const UNTIL_VERSION = `
  for (const end = Date.now() + 60000; window.view.version !== given[0]; ) {
    if (Date.now() > end) throw new Error("at " + window.view.version + ": " + JSON.stringify(window.app.status));
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return window.app.status;`;

const UNTIL_LIVE = "await window.app.whenLive();";

export function browserContract(engine: Engine): void {
  const { name, missing } = engine;
  const skip = missing ?? false;
  let page: PageServer;
  let gateway: RealGateway;
  let data: string;
  let orgs = 0;
  const browsers: Browser[] = [];

  before(async () => {
    if (missing !== undefined) return;
    page = await pageServer();
    data = await temporaryFolder("browser");
    gateway = await RealGateway.start(data, ["--cors-origins", page.url]);
  });
  after(async () => {
    for (const browser of browsers) await browser.close().catch(() => undefined);
    await gateway?.kill();
    await page?.close();
  });

  async function start(profile?: string, isPrivate = false): Promise<Browser> {
    const browser = await engine.start(profile ?? (await temporaryFolder("profile")), isPrivate);
    browsers.push(browser);
    return browser;
  }

  async function open(browser: Browser, org: string): Promise<{ tab: Tab; client: string }> {
    const tab = await browser.open(page.url);
    return { tab, client: await tab.run<string>(CONNECT, gateway.url, org) };
  }

  const org = () => `org-${++orgs}`;

  for (const count of [1, 2, 6]) {
    test(`${name}: ${count} tabs are durable each, under one identity, and show the same`, { skip }, async () => {
      const browser = await start();
      const name = org();
      const opened = [];
      for (let n = 0; n < count; n++) opened.push(await open(browser, name));
      assert.equal(new Set(opened.map(({ client }) => client)).size, 1);
      for (const [n, { tab }] of opened.entries()) await tab.run(PAINT, `${n},0`, `c${n}`);
      for (const { tab } of opened) await tab.run(UNTIL_VERSION, count);
      const expected = Array.from({ length: count }, (_, n) => [`${n},0`, `c${n}`, false]);
      for (const { tab } of opened) assert.deepEqual(await tab.run(SHOWN), expected);
      const { persistent } = await opened[0]!.tab.run<{ persistent?: boolean }>("return window.app.status");
      assert.ok(persistent === undefined || typeof persistent === "boolean");
      await browser.close();
    });
  }

  test(
    `${name}: when the leading tab is closed another one leads, and what it had stored lands`,
    { skip },
    async () => {
      const browser = await start();
      const name = org();
      const [one, two] = [await open(browser, name), await open(browser, name)];
      await one.tab.run(PAINT, "0,0", "red");
      await one.tab.close();
      await two.tab.run(PAINT, "1,1", "blue");
      await two.tab.run(UNTIL_VERSION, 2);
      assert.deepEqual(await two.tab.run(SHOWN), [
        ["0,0", "red", false],
        ["1,1", "blue", false],
      ]);
      await browser.close();
    },
  );

  test(`${name}: its own EventSource reads the log by a ticket, from another origin, once`, { skip }, async () => {
    const name = org();
    const writer = await person(gateway.url, name);
    await writer.append(painted("1,1", "red")).confirmed;
    const ticket = await writer.requests.call<{ url: string }>("POST", "/subscriptions", {
      after: 0,
      aggregates: ["canvas/b"],
    });
    const browser = await start();
    const tab = await browser.open(page.url);
    const first = await tab.run<{ data: string }[]>(READ_TICKET, gateway.url + ticket.url);
    assert.deepEqual(
      first.map(event => event.data),
      ["red"],
    );
    assert.equal(await tab.run(READ_TICKET, gateway.url + ticket.url), "refused");
    await everybodyLeaves();
    await browser.close();
  });

  test(
    `${name}: what the browser removed is said, and a new identity goes on with what the log has`,
    { skip },
    async () => {
      const name = org();
      const owner = await person(gateway.url, name);
      await owner.append(painted("9,9", "white")).confirmed;
      await owner.requests.call("PATCH", "/canvas/b/access", { public: "contributor" });
      const browser = await start();
      const before = await open(browser, name);
      await before.tab.run(PAINT, "0,0", "red");
      await before.tab.run(UNTIL_VERSION, 2);
      await before.tab.run(REMOVE, `celeriant-${name}`);
      assert.match(await before.tab.run<string>(REFUSED, "1,1", "blue"), /BufferWriteError.*: reload/);
      const again = await open(browser, name);
      assert.notEqual(again.client, before.client);
      await again.tab.run(PAINT, "2,2", "green");
      await again.tab.run(UNTIL_VERSION, 3);
      assert.deepEqual(await again.tab.run(SHOWN), [
        ["0,0", "red", false],
        ["2,2", "green", false],
        ["9,9", "white", false],
      ]);
      await everybodyLeaves();
      await browser.close();
    },
  );

  test(
    `${name}: an append of which the store refuses a row is told why, and the next one is stored`,
    { skip },
    async () => {
      const browser = await start();
      const { tab } = await open(browser, org());
      assert.match(await tab.run<string>(REFUSE_A_ROW), /BufferWriteError: .*(key already exists|constraint)/i);
      await tab.run(PAINT, "0,0", "blue");
      await tab.run(UNTIL_VERSION, 1);
      assert.deepEqual(await tab.run(SHOWN), [["0,0", "blue", false]]);
      await browser.close();
    },
  );

  test(`${name}: an older page gives way to a newer one, which finds all that was stored`, { skip }, async () => {
    const name = org();
    const browser = await start();
    const older = await open(browser, name);
    await older.tab.run("window.app.goOffline();");
    for (let n = 0; n < 3; n++) await older.tab.run(PAINT, `${n},0`, `c${n}`);
    await older.tab.run(PAINT_AND_LEAVE, "3,0", "c3");
    const newer = await browser.open(page.url);
    assert.deepEqual(await newer.run(UPGRADE, `celeriant-${name}`), ["c0", "c1", "c2", "c3"]);
    assert.match(await older.tab.run<string>(REFUSED, "4,0", "c4"), /a newer page has it.*: reload/);
    await browser.close();
  });

  test(`${name}: a private window keeps what it is given as long as it is open`, { skip }, async () => {
    const profile = await temporaryFolder("profile");
    const name = org();
    const browser = await start(profile, true);
    const [one, two] = [await open(browser, name), await open(browser, name)];
    assert.equal(one.client, two.client);
    await one.tab.run("window.app.goOffline();");
    await one.tab.run(PAINT, "0,0", "red");
    await one.tab.close();
    const again = await open(browser, name);
    assert.deepEqual(await again.tab.run(SHOWN), [["0,0", "red", true]]);
    await again.tab.run("window.app.goOnline();");
    await again.tab.run(UNTIL_VERSION, 1);
    assert.notEqual((await again.tab.run<{ persistent?: boolean }>("return window.app.status")).persistent, true);
    await browser.close();
    const later = await open(await start(profile, true), name);
    assert.notEqual(later.client, one.client);
  });

  const keepsPages = {
    skip: missing ?? (engine.keepsPages ? false : "keeps no page that holds a Web Lock, as the one that leads does"),
  };
  test(`${name}: a page that is left and gone back to goes on, alone and beside another`, keepsPages, async () => {
    let visits = 1;
    while (!(await leaveAndGoBack())) assert.ok(visits++ < VISITS_MAX, "the browser keeps pages");
  });

  /** Whether the browser kept the page each time; for reasons of its own it may load it again, one time in ten. */
  async function leaveAndGoBack(): Promise<boolean> {
    const browser = await start();
    const name = org();
    const one = await open(browser, name);
    const goAway = async () => {
      await one.tab.run("window.kept = true; window.app.onNotice(notice => (window.noticed = notice));");
      await one.tab.goTo!(`${page.url}/another-page`);
    };
    const comeBack = async () => {
      await one.tab.goBack!();
      return (await one.tab.run("return window.kept")) === true;
    };
    await one.tab.run(PAINT, "0,0", "red");
    await goAway();
    if (!(await comeBack())) return false;
    await one.tab.run(PAINT, "1,1", "alone");
    await one.tab.run(UNTIL_VERSION, 2);

    const two = await open(browser, name);
    await one.tab.run(PAINT_ON_LEAVING, "2,2", "3,3", "on leaving");
    await goAway();
    await two.tab.run(PAINT, "4,4", "blue");
    await two.tab.run(UNTIL_VERSION, 3);
    if (!(await comeBack())) return false;
    await one.tab.run(PAINT, "5,5", "green");
    for (const { tab } of [one, two]) await tab.run(UNTIL_VERSION, 6);
    await two.tab.close();
    await one.tab.run(PAINT, "6,6", "white");
    await one.tab.run(UNTIL_VERSION, 7);
    await one.tab.run(UNTIL_LIVE);
    const shown = ["red", "alone", "on leaving", "on leaving", "blue", "green", "white"];
    assert.deepEqual(
      await one.tab.run(SHOWN),
      shown.map((data, n) => [`${n},${n}`, data, false]),
    );
    assert.equal(await one.tab.run("return window.noticed"), null);
    await browser.close();
    return true;
  }

  for (const end of engine.ends ?? []) {
    test(`${name}: when the leading tab is to ${end}, another one leads, and nothing doubles`, { skip }, async () => {
      const browser = await start();
      const name = org();
      const [one, two] = [await open(browser, name), await open(browser, name)];
      await one.tab.run(PAINT, "0,0", "red");
      for (const { tab } of [one, two]) await tab.run(UNTIL_VERSION, 1);
      // No browser freezes a page in the middle of a transaction: stopped there, it would hold up all of them.
      for (const { tab } of [one, two]) await tab.run(UNTIL_LIVE);
      await one.tab[end]!();
      await two.tab.run(PAINT, "1,1", "blue");
      await two.tab.run(UNTIL_VERSION, 2);
      if (end === "freeze") {
        await one.tab.thaw!();
        await one.tab.run(PAINT, "2,2", "green");
        for (const { tab } of [one, two]) await tab.run(UNTIL_VERSION, 3);
        await two.tab.run(PAINT, "3,3", "white");
        for (const { tab } of [one, two]) await tab.run(UNTIL_VERSION, 4);
        assert.deepEqual(await one.tab.run(SHOWN), await two.tab.run(SHOWN));
      }
      await browser.kill();
    });
  }

  if (!engine.keepsProfile) return;
  test(`${name}: what was drawn offline survives a crash of the browser, and lands once`, { skip }, async () => {
    const profile = await temporaryFolder("profile");
    const name = org();
    const browser = await start(profile);
    const before = await open(browser, name);
    await before.tab.run(PAINT, "0,0", "online");
    await before.tab.run(UNTIL_VERSION, 1);
    await before.tab.run("window.app.goOffline();");
    await before.tab.run(PAINT, "1,1", "offline");
    await browser.kill();
    const again = await open(await start(profile), name);
    assert.equal(again.client, before.client);
    await again.tab.run(UNTIL_VERSION, 2);
    assert.deepEqual(await again.tab.run(SHOWN), [
      ["0,0", "online", false],
      ["1,1", "offline", false],
    ]);
  });
}
