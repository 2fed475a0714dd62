/** Chromium without a window, with a profile of its own; one page that runs what `pages/` offers. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import puppeteer from "puppeteer-core";

const PATH = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-sync", "--no-first-run"];
const CALL_MS = 240_000;

export async function version() {
  const browser = await launch(undefined);
  const name = await browser.version();
  await browser.close();
  return name;
}

function launch(profile) {
  if (PATH === undefined) throw new Error("needs Chromium (Debian's package chromium)");
  const options = { executablePath: PATH, headless: true, args: FLAGS, protocolTimeout: CALL_MS };
  return puppeteer.launch(profile === undefined ? options : { ...options, userDataDir: profile });
}

/** Opens the page in a browser of its own, lets `work` use it, and ends both. `work` is given `run(name, options)`. */
export async function inBrowser(profile, url, work) {
  const browser = await launch(profile);
  try {
    const page = await browser.newPage();
    page.on("pageerror", error => process.stderr.write(`page: ${error.message}\n`));
    page.on("console", message => message.type() === "error" && process.stderr.write(`page: ${message.text()}\n`));
    await page.goto(url);
    await page.waitForFunction("window.bench !== undefined");
    const run = (name, options = {}) => page.evaluate((name, options) => window.bench[name](options), name, options);
    const found = await work({ run, page });
    await run("close");
    return found;
  } finally {
    await browser.close();
  }
}

/** Runs `work` with V8's profiler on, and writes what it saw. */
export async function profiled(page, file, work) {
  if (file === undefined) return await work();
  const session = await page.createCDPSession();
  await session.send("Profiler.enable");
  await session.send("Profiler.setSamplingInterval", { interval: 200 });
  await session.send("Profiler.start");
  const found = await work();
  const { profile } = await session.send("Profiler.stop");
  await writeFile(file, JSON.stringify(profile));
  return found;
}

/** How long the page's main thread was busy in each stretch of 1/60 s while `work` ran: milliseconds, in order. */
export async function busyPerFrame(page, work) {
  await page.tracing.start({ categories: ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"] });
  const found = await work();
  const { traceEvents } = JSON.parse(Buffer.from(await page.tracing.stop()).toString());
  return { ...found, busy: busy(traceEvents) };
}

const FRAME_US = 1_000_000 / 60;

function busy(events) {
  const mains = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const tasks = events.filter(({ name, ph, dur }) => name === "RunTask" && ph === "X" && dur !== undefined);
  const threads = mains.map(main => tasks.filter(({ pid, tid }) => pid === main.pid && tid === main.tid));
  const [busiest = []] = threads.sort((one, other) => sum(other) - sum(one));
  const begun = Math.min(...busiest.map(({ ts }) => ts));
  const frames = [];
  for (const { ts, dur } of busiest) {
    // A task that is longer than a frame makes all that it touches late.
    for (let at = ts; at < ts + dur;) {
      const frame = Math.floor((at - begun) / FRAME_US);
      const end = Math.min(ts + dur, begun + (frame + 1) * FRAME_US);
      frames[frame] = (frames[frame] ?? 0) + (end - at) / 1_000;
      at = Math.max(end, at + 1);
    }
  }
  const longest = busiest.reduce((most, { dur }) => Math.max(most, dur / 1_000), 0);
  return { frames: Array.from(frames, ms => ms ?? 0), longest };
}

function sum(tasks) {
  return tasks.reduce((total, { dur }) => total + dur, 0);
}
