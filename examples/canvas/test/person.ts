/** One person with a browser profile of their own, who draws and looks at the board. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { SIDE, type Cell } from "../src/grid.js";

const FLAGS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Where pictures of what was seen are kept, to be looked at after a run. */
const PICTURES = process.env["CANVAS_PICTURES"] ?? mkdtempSync(join(tmpdir(), "canvas-pictures-"));

export class Person {
  readonly faults: string[] = [];

  private constructor(
    readonly name: string,
    private readonly profile: string,
    private readonly browser: BrowserContext,
    readonly page: Page,
  ) {
    page.on("pageerror", error => this.faults.push(error.message));
    page.on("console", message => {
      if (/Content Security Policy/i.test(message.text())) this.faults.push(message.text());
    });
  }

  static async arrive(
    name: string,
    device: BrowserContextOptions = {},
    flags: readonly string[] = [],
  ): Promise<Person> {
    const profile = mkdtempSync(join(tmpdir(), `canvas-${name}-`));
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [...FLAGS, ...flags],
      viewport: { width: 1000, height: 900 },
      ...device,
    });
    browser.setDefaultTimeout(20_000);
    const page = browser.pages()[0] ?? (await browser.newPage());
    return new Person(name, profile, browser, page);
  }

  /** A second tab of the same browser: one profile, one device. */
  async anotherTab(): Promise<Person> {
    return new Person(`${this.name}-tab`, this.profile, this.browser, await this.browser.newPage());
  }

  async open(url: string, board: string): Promise<void> {
    await this.page.goto(`${url.replace(/\/$/, "")}/#${board}`);
    await this.page.locator("#board-name").filter({ hasText: board }).waitFor();
    await this.page.locator("#status[data-state]").waitFor();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator("#status[data-state]").waitFor();
  }

  async switchOffline(offline: boolean): Promise<void> {
    const box = this.page.locator("#offline");
    if ((await box.isChecked()) !== offline) await this.page.locator("label.switch").click();
  }

  async choose(colour: string): Promise<void> {
    await this.page.locator(`.swatch[title="${colour}"]`).click();
  }

  /** One stroke with the mouse through these cells. */
  async stroke(...cells: readonly Cell[]): Promise<void> {
    const { mouse } = this.page;
    const places = await this.places(cells);
    for (const [turn, place] of places.entries()) {
      await mouse.move(place.x, place.y, { steps: 3 });
      if (turn === 0) await mouse.down();
    }
    await mouse.up();
  }

  async tap(cell: Cell): Promise<void> {
    const [place] = await this.places([cell]);
    await this.page.touchscreen.tap(place!.x, place!.y);
  }

  private async places(cells: readonly Cell[]): Promise<Cell[]> {
    const box = await this.page.locator("#board").boundingBox();
    if (box === null) throw new Error("the board is not shown");
    const size = box.width / SIDE;
    return cells.map(({ x, y }) => ({ x: box.x + (x + 0.5) * size, y: box.y + (y + 0.5) * size }));
  }

  /** Waits for the status line; `pending` in numbers of appends. */
  async sees(state: string, pending?: number): Promise<void> {
    const count = pending === undefined ? "" : `[data-pending="${pending}"]`;
    await this.page.locator(`#status[data-state="${state}"]${count}`).waitFor();
  }

  async pending(): Promise<number> {
    return Number(await this.page.locator("#status").getAttribute("data-pending"));
  }

  async clientId(): Promise<string> {
    return /: (\S+)$/.exec((await this.page.locator("#me").getAttribute("title")) ?? "")![1]!;
  }

  /** The colour of every cell as the screen shows it, read from the picture beside the mark in its middle. */
  async board(): Promise<string[]> {
    return await this.page.evaluate(async side => {
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const canvas = document.querySelector("canvas")!;
      const pen = canvas.getContext("2d")!;
      const cell = canvas.width / side;
      const colours: string[] = [];
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const at = [Math.round((x + 0.25) * cell), Math.round((y + 0.25) * cell)] as const;
          const [red, green, blue] = pen.getImageData(...at, 1, 1).data;
          colours.push("#" + [red!, green!, blue!].map(part => part.toString(16).padStart(2, "0")).join(""));
        }
      }
      return colours;
    }, SIDE);
  }

  /** Waits until the screen shows these colours, cell by cell. */
  async shows(expected: ReadonlyMap<string, string>): Promise<void> {
    const wanted = Object.fromEntries(expected);
    for (let look = 0; ; look++) {
      const board = await this.board();
      const wrong = Object.entries(wanted).filter(([key, colour]) => {
        const [x, y] = key.split(",").map(Number);
        return board[y! * SIDE + x!] !== colour;
      });
      if (wrong.length === 0) return;
      if (look === 200) throw new Error(`${this.name} does not see ${JSON.stringify(wrong.slice(0, 5))}`);
    }
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(PICTURES, `${name}-${this.name}.png`) });
  }

  async leave(): Promise<void> {
    await this.browser.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
