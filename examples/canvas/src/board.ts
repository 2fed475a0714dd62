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
    const size = Math.max(SIDE, Math.round(element.clientWidth * devicePixelRatio));
    if (element.width !== size) {
      element.width = size;
      element.height = size;
    }
    this.drawEmpty();
    for (const [key, { data, pending }] of this.registers) {
      const cell = cellOf(key);
      if (cell === undefined) continue;
      const colour = typeof data === "string" && COLOUR.test(data) ? data : undefined;
      if (colour !== undefined) {
        const { left, top, width, height } = this.square(cell);
        pen.fillStyle = colour;
        pen.fillRect(left, top, width, height);
      }
      if (pending) this.mark(cell, colour ?? "#ffffff");
    }
    if (this.cursor !== undefined) this.frame(this.cursor);
  }

  private drawEmpty(): void {
    const { pen } = this;
    const size = this.element.width;
    pen.fillStyle = "#fbfaf7";
    pen.fillRect(0, 0, size, size);
    pen.fillStyle = "#efece5";
    for (let line = 1; line < SIDE; line++) {
      pen.fillRect(this.edge(line), 0, 1, size);
      pen.fillRect(0, this.edge(line), size, 1);
    }
  }

  /** A dot that is seen on any colour. */
  private mark(cell: Cell, colour: string): void {
    const { pen } = this;
    const { left, top, width, height } = this.square(cell);
    pen.fillStyle = isDark(colour) ? "rgb(255 255 255 / 80%)" : "rgb(31 36 48 / 60%)";
    pen.beginPath();
    pen.arc(left + width / 2, top + height / 2, Math.max(1, width * 0.14), 0, 2 * Math.PI);
    pen.fill();
  }

  private frame(cell: Cell): void {
    const { pen } = this;
    const { left, top, width, height } = this.square(cell);
    const line = Math.max(1, Math.round(width / 8));
    pen.lineWidth = line;
    pen.strokeStyle = "#1f2430";
    pen.strokeRect(left + line / 2, top + line / 2, width - line, height - line);
  }

  /** Where a cell begins, in the screen's own pixels: whole ones, so that edges are sharp at every size. */
  private edge(line: number): number {
    return Math.round((line * this.element.width) / SIDE);
  }

  private square({ x, y }: Cell) {
    const left = this.edge(x);
    const top = this.edge(y);
    return { left, top, width: this.edge(x + 1) - left, height: this.edge(y + 1) - top };
  }
}

function isDark(colour: string): boolean {
  const value = Number.parseInt(colour.slice(1), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140;
}
