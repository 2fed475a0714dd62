/** Two surveyors who are away for days, and somebody in the office who sees what they bring back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Demo } from "../../shared/test/demo.js";
import { PHOTO_BYTES_MAX } from "../src/photos.js";
import { counted, logged } from "./round.js";
import { Surveyor } from "./surveyor.js";

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const data = mkdtempSync(join(tmpdir(), "survey-data-"));
let demo: Demo;
let port: number;
let ada: Surveyor;
let bob: Surveyor;

before(async () => {
  demo = await Demo.start(data);
  ada = await Surveyor.arrive("ada", PHONE);
  bob = await Surveyor.arrive("bob");
});

after(async () => {
  await ada?.leave();
  await bob?.leave();
  await demo?.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
});

/** A picture as a camera makes it: large, and hard to compress. */
async function snapshot(): Promise<Buffer> {
  const base64 = await bob.page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 2_000;
    canvas.height = 1_500;
    const pen = canvas.getContext("2d")!;
    for (let place = 0; place < 5_000; place++) {
      pen.fillStyle = `hsl(${(place * 47) % 360} 50% 50%)`;
      pen.fillRect((place * 331) % 2_000, (place * 173) % 1_500, 90, 60);
    }
    return canvas.toDataURL("image/jpeg", 1).replace(/^[^,]*,/, "");
  });
  return Buffer.from(base64, "base64");
}

test("a site that one adds on the spot shows at the other's, and what one notes comes live", async () => {
  await ada.open(demo.url, "north");
  await bob.open(demo.url, "north");
  await ada.callMe("Ada");
  await bob.callMe("Bob");
  await ada.isReady();
  await bob.isReady();
  await ada.add("Mill Lane footbridge");
  await ada.note("condition", "good");
  await ada.sees("live", 0);
  await bob.visitSite("Mill Lane");
  await bob.reads("condition", "good");
  await bob.by("condition", "Ada");
});

test("away for days: phones that die have everything when the page is opened again without a network", async () => {
  port = demo.port;
  const photo = await snapshot();
  assert.ok(photo.length > 3 * PHOTO_BYTES_MAX);
  await demo.kill("SIGKILL");
  await ada.note("condition", "poor");
  await ada.attach("add-photo", "crack.jpg", "image/jpeg", photo);
  await ada.attachments(1);
  await ada.write("notes", "Railing loose");
  await ada.waitingHere(2);
  await ada.putAway();
  await ada.waitingHere(3);
  await bob.note("condition", "fair");
  await bob.note("crack", "2,5");
  await bob.waitingHere(2);

  // Both phones die, and open the page again with no network.
  ada = await ada.afterKill(PHONE);
  bob = await bob.afterKill();
  await ada.open(demo.url, "north");
  await ada.sees("backing-off", 3);
  await ada.visitSite("Mill Lane");
  await ada.reads("condition", "poor");
  await ada.reads("notes", "Railing loose");
  await ada.attachments(1);
  await ada.waitingHere(3);
  await ada.by("condition", /you .* waits on this device/);
  await ada.picture("away");
  await ada.toList();
  await ada.add("Canal lock 7");
  await ada.tick("done");
  await ada.waitingHere(2);
  await ada.toList();
  await ada.row("Mill Lane").filter({ hasText: "3 waiting" }).waitFor();
  await ada.picture("away-list");
});

test("back: all is in the log once, the last write wins field by field, and nothing is hidden", async () => {
  // Ada comes back first and Bob last, so his condition stays.
  demo = await Demo.start(data, port);
  await ada.sees("live", 0);
  await bob.open(demo.url, "north");
  await bob.sees("live", 0);
  await bob.visitSite("Mill Lane");
  await ada.visitSite("Mill Lane");
  for (const one of [ada, bob]) {
    await one.reads("condition", "fair");
    await one.reads("crack", "2.5");
    await one.reads("notes", "Railing loose");
    await one.attachments(1);
    await one.waitingHere(0);
  }
  await ada.by("condition", "Bob · ");
  await ada.by("condition", "replaced yours, “poor”");
  assert.match(
    (await ada.history("condition")).join("\n"),
    /^“fair” instead of “poor” by you: Bob.*\n“poor” instead of/,
  );
  await bob.row("Canal lock").filter({ hasText: "done" }).waitFor();
  await ada.picture("back");
  await bob.picture("back");

  const log = await logged(demo.url, "north");
  assert.deepEqual(counted(log.get("Mill Lane footbridge")!), {
    ...{ "name-given": 1, "condition-judged": 3, "photo-taken": 1, "notes-written": 1, "crack-measured": 1 },
  });
  assert.deepEqual(counted(log.get("Canal lock 7")!), { "name-given": 1, "done-said": 1 });
  const kept = log.get("Mill Lane footbridge")!.find(({ type }) => type === "photo-taken")!;
  const bytes = Buffer.from(kept.data_base64!, "base64");
  assert.ok(bytes.length <= PHOTO_BYTES_MAX && bytes.readUInt16BE() === 0xffd8, `${bytes.length} bytes of JPEG`);
});

test("what the log refuses is shown with its text, holds nothing up, is corrected and sent again", async () => {
  await ada.open(demo.url, "rules");
  await ada.sees("live", 0);
  await ada.add("Weir");
  await ada.switchOffline(true);
  await ada.note("crack", "2500");
  await ada.note("notes", "Measured twice");
  await ada.waitingHere(2);
  await ada.switchOffline(false);
  await ada.sees("live", 0);
  await ada.waitingHere(0);
  const refused = ada.page.locator("#refused-here li");
  await refused.filter({ hasText: /Widest crack of Weir.*200/s }).waitFor();
  await ada.page.locator("#status-detail", { hasText: "1 change was refused" }).waitFor();
  await ada.reads("notes", "Measured twice");
  await ada.reads("crack", "");
  await ada.picture("refused");
  await ada.reload();
  assert.equal(await refused.locator("input").inputValue(), "2500");
  await refused.locator("input").fill("25");
  await refused.locator("button", { hasText: "Send again" }).click();
  await refused.waitFor({ state: "detached" });
  await ada.sees("live", 0);
  await ada.reads("crack", "25");
  const weir = (await logged(demo.url, "rules")).get("Weir")!;
  assert.deepEqual(counted(weir), { "name-given": 1, "notes-written": 1, "crack-measured": 1 });
});

test("a file that is too large is refused at once; one that fits is kept with its name", async () => {
  await bob.open(demo.url, "rules");
  await bob.visitSite("Weir");
  await bob.attach("add-file", "drawing.dxf", "application/dxf", Buffer.alloc(1_200_000));
  await bob.page.locator("#failure", { hasText: "“drawing.dxf” has 1.1 MiB: a file may have 1.0 MiB" }).waitFor();
  await bob.attach("add-file", "plan.txt", "text/plain", Buffer.from("upstream side"));
  await bob.attachments(1);
  assert.equal(await bob.page.locator("#attached a").getAttribute("download"), "plan.txt");
  await bob.sees("live", 0);
  await bob.page.locator("#attached button").click();
  await bob.attachments(0);
});

test("a round is searched by name and progress; the page fits a phone, and everything has a name", async () => {
  await ada.open(demo.url, "north");
  await ada.page.locator("#filter").selectOption("done");
  await ada.row("Mill Lane").waitFor({ state: "detached" });
  await ada.row("Canal lock").waitFor();
  await ada.page.locator("#search").fill("mill");
  await ada.page.locator("#none-found").waitFor();
  await ada.page.locator("#filter").selectOption("all");
  await ada.visitSite("Mill Lane");
  const { wide, small, nameless } = await ada.page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLInputElement>("input, select, textarea, button, .button")];
    const seen = controls.filter(one => one.offsetParent !== null && one.type !== "file");
    const isNamed = (one: HTMLInputElement) =>
      (one.labels?.length ?? 0) > 0 || one.ariaLabel !== null || one.textContent !== "";
    return {
      wide: document.documentElement.scrollWidth,
      small: seen.filter(one => (one.closest(".switch") ?? one).getBoundingClientRect().height < 32).map(one => one.id),
      nameless: seen.filter(one => !isNamed(one)).map(one => one.id),
    };
  });
  assert.deepEqual({ wide, small, nameless }, { wide: 360, small: [], nameless: [] });
});

test("the pages ran without an error and within their content security policy", () => {
  assert.deepEqual(ada.faults, []);
  assert.deepEqual(bob.faults, []);
});
