/**
 * Draws the registers of the board: one square per cell, a small mark on those that the log has not confirmed, a frame
 * around the one under the keyboard's cursor. It keeps no colours of its own; the view is the state.
 */
import type { RegisterValue } from "celeriant";
import { cellOf, SIDE, type Cell } from "./grid.js";

const COLOUR = /^#[0-9a-f]{6}$/i;

export class Board {
  /** Where the keyboard is, while it is used. */
  cursor: Cell | undefined;
  private readonly pen: CanvasRenderingContext2D;
  private due = false;

  constructor(
    readonly element: HTMLCanvasElement,
    private readonly registers: ReadonlyMap<string, RegisterValue>,
  ) {
    const pen = element.getContext("2d", { alpha: false });
    if (pen === null) throw new Error("this browser draws no canvas");
    this.pen = pen;
    new ResizeObserver(() => this.draw()).observe(element);
  }

  /** Draws once before the next frame, however often it is asked. */
  draw(): void {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.drawNow();
    });
  }

  private drawNow(): void {
    const { element, pen } = this;
    const cellPixels = Math.max(1, Math.round((element.clientWidth * devicePixelRatio) / SIDE));
    if (element.width !== cellPixels * SIDE) {
      element.width = cellPixels * SIDE;
      element.height = cellPixels * SIDE;
    }
    this.drawEmpty(cellPixels);
    for (const [key, { data, pending }] of this.registers) {
      const cell = cellOf(key);
      if (cell === undefined) continue;
      if (typeof data === "string" && COLOUR.test(data)) {
        pen.fillStyle = data;
        pen.fillRect(cell.x * cellPixels, cell.y * cellPixels, cellPixels, cellPixels);
      }
      if (pending) this.mark(cell, cellPixels, typeof data === "string" ? data : "#ffffff");
    }
    if (this.cursor !== undefined) this.frame(this.cursor, cellPixels);
  }

  private drawEmpty(cellPixels: number): void {
    const { pen } = this;
    const size = cellPixels * SIDE;
    pen.fillStyle = "#fbfaf7";
    pen.fillRect(0, 0, size, size);
    pen.fillStyle = "#efece5";
    for (let line = 1; line < SIDE; line++) {
      pen.fillRect(line * cellPixels, 0, 1, size);
      pen.fillRect(0, line * cellPixels, size, 1);
    }
  }

  /** A dot that is seen on any colour. */
  private mark(cell: Cell, cellPixels: number, colour: string): void {
    const { pen } = this;
    pen.fillStyle = isDark(colour) ? "rgb(255 255 255 / 80%)" : "rgb(31 36 48 / 60%)";
    pen.beginPath();
    pen.arc((cell.x + 0.5) * cellPixels, (cell.y + 0.5) * cellPixels, Math.max(1, cellPixels * 0.14), 0, 2 * Math.PI);
    pen.fill();
  }

  private frame(cell: Cell, cellPixels: number): void {
    const { pen } = this;
    const width = Math.max(1, Math.round(cellPixels / 8));
    pen.lineWidth = width;
    pen.strokeStyle = "#1f2430";
    pen.strokeRect(
      cell.x * cellPixels + width / 2,
      cell.y * cellPixels + width / 2,
      cellPixels - width,
      cellPixels - width,
    );
  }
}

function isDark(colour: string): boolean {
  const value = Number.parseInt(colour.slice(1), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140;
}
