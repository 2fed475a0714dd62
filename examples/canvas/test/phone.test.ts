/** The page on a phone: it fits, a finger draws, and the arrow keys do on a desk what a finger does here. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { keyOf } from "../src/grid.js";
import { Demo } from "../../shared/test/demo.js";
import { Person } from "./person.js";

const data = mkdtempSync(join(tmpdir(), "canvas-data-"));
let demo: Demo;
let person: Person;

before(async () => {
  demo = await Demo.start(data);
  person = await Person.arrive("phone", {
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 3,
    hasTouch: true,
    isMobile: true,
  });
});

after(async () => {
  await person?.leave();
  await demo?.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
});

test("the whole page fits on a phone", async () => {
  await person.open(demo.url, "phone");
  await person.sees("live", 0);
  const size = await person.page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    return { scrollWidth, scrollHeight, innerWidth, innerHeight };
  });
  assert.equal(size.scrollWidth, 360);
  assert.equal(size.innerWidth, 360);
  assert.ok(size.scrollHeight <= 740, `it is ${size.scrollHeight} high`);
});

test("a finger paints the cell under it, and the board does not move", async () => {
  const before = await person.page.locator("#board").boundingBox();
  await person.switchOffline(true);
  await person.choose("violet");
  await person.tap({ x: 0, y: 0 });
  await person.tap({ x: 31, y: 31 });
  await person.choose("green");
  await person.stroke({ x: 4, y: 20 }, { x: 16, y: 8 }, { x: 28, y: 20 });
  const drawn = new Map([
    [keyOf({ x: 0, y: 0 }), "#6d4bc3"],
    [keyOf({ x: 31, y: 31 }), "#6d4bc3"],
    [keyOf({ x: 16, y: 8 }), "#2fa36b"],
    [keyOf({ x: 10, y: 14 }), "#2fa36b"],
  ]);
  await person.shows(drawn);
  await person.picture("phone-offline");
  await person.switchOffline(false);
  await person.sees("live", 0);
  await person.shows(drawn);
  assert.deepEqual(await person.page.locator("#board").boundingBox(), before);
  await person.picture("phone");
});

test("the arrow keys and the space bar paint too", async () => {
  await person.choose("teal");
  await person.page.locator("#board").focus();
  for (const key of ["ArrowRight", "Space", "ArrowRight", "ArrowDown", "Space"]) await person.page.keyboard.press(key);
  await person.page.locator("#board").blur();
  await person.shows(
    new Map([
      [keyOf({ x: 17, y: 16 }), "#1b998b"],
      [keyOf({ x: 18, y: 17 }), "#1b998b"],
    ]),
  );
  assert.deepEqual(person.faults, []);
});
