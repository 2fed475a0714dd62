/** One person, who draws and looks at the board. */
import type { BrowserContextOptions } from "playwright-core";
import { arrival, Visitor } from "../../shared/test/visitor.js";
import { SIDE, type Cell } from "../src/grid.js";

export class Person extends Visitor {
  static async arrive(name: string, device?: BrowserContextOptions, flags?: readonly string[]): Promise<Person> {
    return new Person(await arrival(name, device, flags));
  }

  /** A second tab of the same browser: one profile, one device. */
  async anotherTab(): Promise<Person> {
    const page = await this.visit.browser.newPage();
    return new Person({ ...this.visit, name: `${this.name}-tab`, page });
  }

  async open(url: string, board: string): Promise<void> {
    await this.page.goto(`${url.replace(/\/$/, "")}/#${board}`);
    await this.page.locator("#board-name").filter({ hasText: board }).waitFor();
    await this.page.locator("#status[data-state]").waitFor();
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
}
