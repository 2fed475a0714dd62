/** The board as a grid: where its cells are, and which ones a stroke crosses. Pure. */

/** Cells along each side. */
export const SIDE = 32;

export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** The register that holds the colour of a cell. */
export function keyOf(cell: Cell): string {
  return `${cell.x},${cell.y}`;
}

/** The cell of a register; undefined for a key that another application may have set. */
export function cellOf(key: string): Cell | undefined {
  const parts = /^(\d{1,3}),(\d{1,3})$/.exec(key);
  if (parts === null) return undefined;
  const cell = { x: Number(parts[1]), y: Number(parts[2]) };
  return inside(cell) ? cell : undefined;
}

export function inside({ x, y }: Cell): boolean {
  return x >= 0 && y >= 0 && x < SIDE && y < SIDE;
}

/** The cell at a place on the board, both given in the same unit; outside of the board it is not `inside`. */
export function cellAt(left: number, top: number, boardSize: number): Cell {
  return { x: Math.floor((left / boardSize) * SIDE), y: Math.floor((top / boardSize) * SIDE) };
}

/** The cells from one to another, both included (Bresenham): a fast pointer reports only a few of them. */
export function between(from: Cell, to: Cell): Cell[] {
  const cells: Cell[] = [];
  const dx = Math.abs(to.x - from.x);
  const dy = Math.abs(to.y - from.y);
  const stepX = Math.sign(to.x - from.x);
  const stepY = Math.sign(to.y - from.y);
  let { x, y } = from;
  let error = dx - dy;
  for (;;) {
    cells.push({ x, y });
    if (x === to.x && y === to.y) return cells;
    const twice = 2 * error;
    if (twice > -dy) {
      error -= dy;
      x += stepX;
    }
    if (twice < dx) {
      error += dx;
      y += stepY;
    }
  }
}
