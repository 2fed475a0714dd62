/** Two people, two profiles, one board: offline and back, with reloads and a killed server in between. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { between, keyOf, type Cell } from "../src/grid.js";
import { Demo } from "../../shared/test/demo.js";
import { Person } from "./person.js";

const RED = "#d64545";
const BLUE = "#2e62c9";
const GOLD = "#d4a017";
const EMPTY = "#fbfaf7";

const data = mkdtempSync(join(tmpdir(), "canvas-data-"));
let demo: Demo;
let ada: Person;
let bob: Person;

before(async () => {
  demo = await Demo.start(data);
  ada = await Person.arrive("ada");
  bob = await Person.arrive("bob");
});

after(async () => {
  await ada?.leave();
  await bob?.leave();
  await demo?.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
});

const line = (from: Cell, to: Cell, colour: string) =>
  new Map(between(from, to).map(cell => [keyOf(cell), colour] as const));

async function seeTheSame(expected: ReadonlyMap<string, string>): Promise<void> {
  await ada.shows(expected);
  await bob.shows(expected);
  assert.deepEqual(await ada.board(), await bob.board());
  const painted = (await ada.board()).filter(colour => colour !== EMPTY).length;
  assert.equal(painted, [...expected.values()].filter(colour => colour !== EMPTY).length);
}

test("what one draws, the other sees at once", async () => {
  await ada.open(demo.url, "live");
  await bob.open(demo.url, "live");
  await ada.sees("live", 0);
  await bob.sees("live", 0);
  await ada.choose("red");
  await ada.stroke({ x: 2, y: 2 }, { x: 12, y: 2 });
  await seeTheSame(line({ x: 2, y: 2 }, { x: 12, y: 2 }, RED));
  await bob.choose("eraser");
  await bob.stroke({ x: 4, y: 2 }, { x: 6, y: 2 });
  const erased = line({ x: 4, y: 2 }, { x: 6, y: 2 }, EMPTY);
  await seeTheSame(new Map([...line({ x: 2, y: 2 }, { x: 12, y: 2 }, RED), ...erased]));
});

test("two who drew offline see the same when they are back, and the last in the log wins", async () => {
  await ada.open(demo.url, "apart");
  await bob.open(demo.url, "apart");
  await ada.sees("live", 0);
  await bob.sees("live", 0);
  await ada.switchOffline(true);
  await bob.switchOffline(true);
  await ada.choose("red");
  await ada.stroke({ x: 5, y: 10 }, { x: 25, y: 10 });
  await bob.choose("blue");
  await bob.stroke({ x: 15, y: 3 }, { x: 15, y: 20 });
  const adas = line({ x: 5, y: 10 }, { x: 25, y: 10 }, RED);
  const bobs = line({ x: 15, y: 3 }, { x: 15, y: 20 }, BLUE);
  await ada.shows(adas);
  await bob.shows(bobs);
  assert.ok((await ada.pending()) > 0 && (await bob.pending()) > 0);
  assert.notDeepEqual(await ada.board(), await bob.board());
  await ada.picture("apart");
  await bob.picture("apart");

  // Bob drew before Ada goes online; he comes back last, so his colour stays where they cross.
  await ada.switchOffline(false);
  await ada.sees("live", 0);
  await bob.switchOffline(false);
  await bob.sees("live", 0);
  await seeTheSame(new Map([...adas, ...bobs]));
  await ada.picture("together");
  await bob.picture("together");
});

test("a reload while offline loses nothing, and the page stays offline", async () => {
  await ada.open(demo.url, "reload");
  await ada.sees("live", 0);
  const id = await ada.clientId();
  await ada.switchOffline(true);
  await ada.choose("gold");
  await ada.stroke({ x: 1, y: 30 }, { x: 30, y: 1 });
  const drawn = line({ x: 1, y: 30 }, { x: 30, y: 1 }, GOLD);
  await ada.shows(drawn);
  const pending = await ada.pending();
  await ada.reload();
  await ada.sees("offline", pending);
  await ada.shows(drawn);
  assert.equal(await ada.clientId(), id);
  assert.ok(await ada.page.locator("#offline").isChecked());
  await ada.picture("reloaded");

  await ada.switchOffline(false);
  await ada.sees("live", 0);
  await bob.open(demo.url, "reload");
  await bob.sees("live", 0);
  await seeTheSame(drawn);
});

test("the server is killed, both draw on, it comes back, and nothing is missing", async () => {
  await ada.open(demo.url, "killed");
  await bob.open(demo.url, "killed");
  await ada.sees("live", 0);
  await bob.sees("live", 0);
  await ada.choose("red");
  await ada.stroke({ x: 3, y: 3 }, { x: 3, y: 28 });
  const before = line({ x: 3, y: 3 }, { x: 3, y: 28 }, RED);
  await seeTheSame(before);

  const { port } = demo;
  await demo.kill("SIGKILL");
  await ada.sees("backing-off");
  await bob.sees("backing-off");
  await ada.choose("gold");
  await ada.stroke({ x: 8, y: 8 }, { x: 20, y: 8 });
  await bob.choose("blue");
  await bob.stroke({ x: 14, y: 2 }, { x: 14, y: 14 });
  await ada.picture("killed");

  // The page opens without its server too, with all that was drawn.
  await ada.reload();
  const adas = line({ x: 8, y: 8 }, { x: 20, y: 8 }, GOLD);
  await ada.shows(new Map([...before, ...adas]));

  demo = await Demo.start(data, port);
  await ada.sees("live", 0);
  await bob.sees("live", 0);
  const bobs = line({ x: 14, y: 2 }, { x: 14, y: 14 }, BLUE);
  const crossing = keyOf({ x: 14, y: 8 });
  const expected = new Map([...before, ...adas, ...bobs]);
  expected.delete(crossing);
  const seen = (await ada.board())[8 * 32 + 14]!;
  assert.ok([GOLD, BLUE].includes(seen));
  await seeTheSame(expected.set(crossing, seen));
});

test("two tabs are one device: both draw and both see, and one goes on when the other is closed", async () => {
  await ada.open(demo.url, "tabs");
  await ada.sees("live", 0);
  const tab = await ada.anotherTab();
  await tab.open(demo.url, "tabs");
  await tab.sees("live", 0);
  assert.equal(await tab.clientId(), await ada.clientId());
  await tab.choose("gold");
  await tab.stroke({ x: 2, y: 5 }, { x: 12, y: 5 });
  const first = line({ x: 2, y: 5 }, { x: 12, y: 5 }, GOLD);
  await ada.shows(first);
  await tab.sees("live", 0);
  await ada.page.close();

  await tab.choose("blue");
  await tab.stroke({ x: 2, y: 9 }, { x: 12, y: 9 });
  await bob.open(demo.url, "tabs");
  await bob.shows(new Map([...first, ...line({ x: 2, y: 9 }, { x: 12, y: 9 }, BLUE)]));
  await tab.sees("live", 0);
  assert.deepEqual(tab.faults, []);
});

test("the pages ran without an error and within their content security policy", () => {
  assert.deepEqual(ada.faults, []);
  assert.deepEqual(bob.faults, []);
});
