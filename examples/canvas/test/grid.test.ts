import assert from "node:assert/strict";
import { test } from "node:test";
import { between, cellAt, cellOf, inside, keyOf, SIDE } from "../src/grid.js";

test("a cell and its register's key name each other", () => {
  assert.equal(keyOf({ x: 3, y: 31 }), "3,31");
  assert.deepEqual(cellOf("3,31"), { x: 3, y: 31 });
});

test("a key that is no cell of the board is none", () => {
  for (const key of ["", "3", "3,", "-1,2", "32,0", "0,32", "1,2,3", "a,b", "title"]) {
    assert.equal(cellOf(key), undefined, key);
  }
});

test("a place on the board is in the cell around it, up to its edges", () => {
  assert.deepEqual(cellAt(0, 0, 640), { x: 0, y: 0 });
  assert.deepEqual(cellAt(19.9, 20, 640), { x: 0, y: 1 });
  assert.deepEqual(cellAt(639.9, 639.9, 640), { x: SIDE - 1, y: SIDE - 1 });
  assert.equal(inside(cellAt(640, 0, 640)), false);
  assert.equal(inside(cellAt(0, -0.1, 640)), false);
});

test("a fast stroke leaves no gap, in any direction", () => {
  const middle = { x: 16, y: 16 };
  for (let x = 0; x < SIDE; x += 3) {
    for (let y = 0; y < SIDE; y += 5) {
      const cells = between(middle, { x, y });
      assert.deepEqual(cells[0], middle);
      assert.deepEqual(cells.at(-1), { x, y });
      cells.slice(1).forEach((cell, place) => {
        const before = cells[place]!;
        assert.ok(Math.max(Math.abs(cell.x - before.x), Math.abs(cell.y - before.y)) === 1);
      });
    }
  }
});
