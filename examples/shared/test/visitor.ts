/** Somebody with a browser profile of their own, who looks at a page of an example. */
import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Where pictures of what was seen are kept, to be looked at after a run. */
const PICTURES = process.env["EXAMPLE_PICTURES"] ?? mkdtempSync(join(tmpdir(), "example-pictures-"));

/** A machine may be slow, and a browser that it starts for the first time slower. */
const PATIENCE_MS = 120_000;

/** A browser that was started on a profile. */
export interface Visit {
  readonly name: string;
  readonly profile: string;
  readonly browser: BrowserContext;
  readonly page: Page;
}

/** Starts a browser, on a new profile or on one that is there. */
export async function arrival(
  name: string,
  device: BrowserContextOptions = {},
  flags: readonly string[] = [],
  profile = mkdtempSync(join(tmpdir(), `${name}-`)),
): Promise<Visit> {
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    timeout: PATIENCE_MS,
    args: [...FLAGS, ...flags],
    viewport: { width: 1000, height: 900 },
    ...device,
  });
  browser.setDefaultTimeout(PATIENCE_MS);
  return { name, profile, browser, page: browser.pages()[0] ?? (await browser.newPage()) };
}

export class Visitor {
  readonly faults: string[] = [];
  readonly name: string;
  readonly page: Page;

  constructor(protected readonly visit: Visit) {
    this.name = visit.name;
    this.page = visit.page;
    this.page.on("pageerror", error => this.faults.push(error.message));
    this.page.on("console", message => {
      if (/Content Security Policy/i.test(message.text())) this.faults.push(message.text());
    });
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator("#status[data-state]").waitFor();
  }

  async switchOffline(offline: boolean): Promise<void> {
    const box = this.page.locator("#offline");
    if ((await box.isChecked()) !== offline) await this.page.locator("label.switch").click();
  }

  /** Waits for the status line; `pending` in numbers of appends. */
  async sees(state: string, pending?: number): Promise<void> {
    const count = pending === undefined ? "" : `[data-pending="${pending}"]`;
    await this.page.locator(`#status[data-state="${state}"]${count}`).waitFor();
  }

  async pending(): Promise<number> {
    return Number(await this.page.locator("#status").getAttribute("data-pending"));
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(PICTURES, `${name}-${this.name}.png`) });
  }

  /** The browser is killed as power loss would; its profile stays. The lock in it names the process. */
  async kill(): Promise<void> {
    const gone = new Promise(resolve => this.visit.browser.once("close", resolve));
    process.kill(Number(readlinkSync(join(this.visit.profile, "SingletonLock")).split("-").at(-1)), "SIGKILL");
    await gone;
  }

  async leave(): Promise<void> {
    await this.visit.browser.close();
    rmSync(this.visit.profile, { recursive: true, force: true });
  }
}
