/**
 * Chromium over its own protocol: Debian's package chromium. Of the three it alone freezes a tab when told; of the
 * others the process that runs the page is stopped.
 */
import { existsSync } from "node:fs";
import puppeteer, { type Browser as Chromium, type Page } from "puppeteer-core";
import { PATIENCE_MS, type Browser, type Engine, type Tab } from "./engine.js";

const PATH = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

export const chromium: Engine = {
  name: "Chromium",
  missing: PATH === undefined ? "needs Chromium (Debian's package chromium)" : undefined,
  keepsPages: true,
  keepsProfile: true,
  ends: ["freeze", "crash"],
  async start(profile, isPrivate = false) {
    const started = await puppeteer.launch({
      executablePath: PATH!,
      headless: true,
      timeout: PATIENCE_MS,
      userDataDir: profile,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-sync", "--no-first-run"],
    });
    if (!isPrivate) return browserOf(started, tabOfChromium);
    const window = await started.createBrowserContext();
    return browserOf(started, tabOfChromium, window);
  },
};

/** What puppeteer drives, Firefox included. */
export function browserOf(
  started: Chromium,
  tab: (page: Page) => Promise<Tab>,
  window: { newPage(): Promise<Page> } = started,
): Browser {
  return {
    async open(url) {
      const page = await window.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(url);
      return await tab(page);
    },
    async kill() {
      const process = started.process()!;
      const ended = new Promise(resolve => process.once("exit", resolve));
      process.kill("SIGKILL");
      await ended;
    },
    close: () => started.close(),
  };
}

export function tabOf(page: Page): Tab {
  return {
    run: async (body, ...given) => {
      const text = (await page.evaluate(
        `(async (...given) => { ${body} })(...${JSON.stringify(given)}).then(found => JSON.stringify(found ?? null))`,
      )) as string;
      return JSON.parse(text) as never;
    },
    goTo: async url => {
      await page.goto(url);
    },
    goBack: async () => {
      await page.goBack();
    },
    close: () => page.close(),
  };
}

async function tabOfChromium(page: Page): Promise<Tab> {
  const session = await page.createCDPSession();
  return {
    ...tabOf(page),
    freeze: async () => {
      await session.send("Page.setWebLifecycleState", { state: "frozen" });
    },
    thaw: async () => {
      await session.send("Page.setWebLifecycleState", { state: "active" });
    },
    // The page is gone before it could answer.
    crash: async () => {
      const gone = new Promise(resolve => page.once("error", resolve));
      session.send("Page.crash").catch(() => undefined);
      await gone;
    },
  };
}
