import { existsSync } from "node:fs";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import type { Command, PlayerStart, Standing } from "../messages.js";
import type { Player, ReportOf } from "./player.js";

/** Where Chromium is; undefined where there is none. */
export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** A player who is a page of a real browser, with a buffer in its IndexedDB. The browser is theirs alone. */
export class PagePlayer implements Player {
  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
    readonly ready: ReportOf<"ready">,
  ) {}

  static async start(start: PlayerStart, progress: (standing: Standing) => void): Promise<PagePlayer> {
    if (CHROMIUM === undefined) throw new Error("no Chromium here (Debian's package chromium)");
    const browser = await puppeteer.launch({
      executablePath: CHROMIUM,
      headless: true,
      userDataDir: start.buffer,
      // A person waits for the others as long as those take.
      protocolTimeout: 0,
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-sync", "--no-first-run"],
    });
    try {
      const page = await browser.newPage();
      await page.exposeFunction("watch", progress);
      await page.goto(start.page!);
      const ready = (await page.evaluate(`sitDown(${JSON.stringify(start)})`)) as ReportOf<"ready">;
      return new PagePlayer(browser, page, ready);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  begin(clients: readonly string[]): void {
    // What fails here fails what is asked next, too.
    this.tell({ do: "begin", clients }).catch(() => undefined);
  }

  async type(steps: number, offline: boolean): Promise<ReportOf<"typed">> {
    return (await this.tell({ do: "type", steps, offline })) as ReportOf<"typed">;
  }

  async sync(): Promise<ReportOf<"synced">> {
    return (await this.tell({ do: "sync" })) as ReportOf<"synced">;
  }

  /** Ends the browser as a power cut would. */
  async kill(): Promise<void> {
    const process = this.browser.process()!;
    if (process.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise(resolve => process.once("exit", resolve));
    process.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }

  private async tell(command: Command): Promise<unknown> {
    return await this.page.evaluate(`take(${JSON.stringify(command)})`);
  }
}
