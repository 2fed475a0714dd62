/**
 * Turns what a finger, a mouse or the arrow keys do on the board into cells. A stroke's cells are collected for one
 * frame and handed on together, each cell once.
 */
import type { Board } from "./board.js";
import { between, cellAt, inside, keyOf, SIDE, type Cell } from "./grid.js";

export class Strokes {
  private last: Cell | undefined;
  private collected = new Map<string, Cell>();

  constructor(
    private readonly board: Board,
    private readonly painted: (cells: readonly Cell[]) => void,
    private readonly pointedAt: (cell: Cell | undefined) => void,
  ) {
    const { element } = board;
    element.addEventListener("pointerdown", event => this.begin(event));
    element.addEventListener("pointermove", event => this.move(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      element.addEventListener(end, () => (this.last = undefined));
    }
    element.addEventListener("pointerleave", () => this.pointedAt(undefined));
    element.addEventListener("keydown", event => this.key(event));
    element.addEventListener("blur", () => this.moveCursor(undefined));
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.board.element.setPointerCapture(event.pointerId);
    this.moveCursor(undefined);
    const cell = this.cellOf(event);
    this.last = cell;
    this.collect([cell]);
  }

  private move(event: PointerEvent): void {
    const cell = this.cellOf(event);
    this.pointedAt(inside(cell) ? cell : undefined);
    if (this.last === undefined) return;
    this.collect(between(this.last, cell));
    this.last = cell;
  }

  private cellOf(event: PointerEvent): Cell {
    const box = this.board.element.getBoundingClientRect();
    return cellAt(event.clientX - box.left, event.clientY - box.top, box.width);
  }

  private collect(cells: readonly Cell[]): void {
    if (this.collected.size === 0) requestAnimationFrame(() => this.handOn());
    for (const cell of cells) {
      if (inside(cell)) this.collected.set(keyOf(cell), cell);
    }
  }

  private handOn(): void {
    const cells = [...this.collected.values()];
    this.collected = new Map();
    if (cells.length > 0) this.painted(cells);
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const cursor = this.board.cursor ?? { x: SIDE / 2, y: SIDE / 2 };
    if (step !== undefined) {
      const next = { x: cursor.x + (step[0] ?? 0), y: cursor.y + (step[1] ?? 0) };
      this.moveCursor(inside(next) ? next : cursor);
    } else if (event.key === " " || event.key === "Enter") {
      this.moveCursor(cursor);
      this.collect([cursor]);
    } else {
      return;
    }
    event.preventDefault();
  }

  private moveCursor(cell: Cell | undefined): void {
    this.board.cursor = cell;
    this.pointedAt(cell);
    this.board.draw();
  }
}
