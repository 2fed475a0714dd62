import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_STREAM_BLOCK_LENGTH } from "../../src/limits.js";
import { NoAnswerError } from "../../src/protocol/errors.js";
import { SseParser, type SseBlock } from "../../src/protocol/sse.js";

const MESSAGES = ["id: 7", "data: [1,", "data:2]", "", ": heartbeat", "event: closing", "data", "", "id: 8", "", ""];
const BLOCKS: SseBlock[] = [
  { name: "", data: "[1,\n2]", id: "7" },
  { name: "closing", data: "", id: undefined },
  { name: "", data: undefined, id: "8" },
];

for (const [name, end] of Object.entries({ "line feeds": "\n", "carriage returns": "\r", both: "\r\n" })) {
  test(`messages whose lines end in ${name} are the same, in whatever pieces their bytes come`, () => {
    const bytes = new TextEncoder().encode(MESSAGES.join(end));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const parser = new SseParser();
      const pieces = [bytes.subarray(0, cut), new Uint8Array(), bytes.subarray(cut)];
      assert.deepEqual(
        pieces.flatMap(piece => parser.push(piece)),
        BLOCKS,
        `cut at ${cut}`,
      );
    }
  });
}

test("a letter of several bytes may come in pieces", () => {
  const parser = new SseParser();
  const bytes = new TextEncoder().encode('data: "é"\n\n');
  const blocks = [...bytes].flatMap(byte => parser.push(Uint8Array.of(byte)));
  assert.deepEqual(blocks, [{ name: "", data: '"é"', id: undefined }]);
});

test("a long line costs what it is long, in however many pieces it comes", { timeout: 60_000 }, () => {
  const parser = new SseParser();
  const piece = new TextEncoder().encode("sixteen letters.");
  const pieces = 300_000;
  parser.push(new TextEncoder().encode("data: "));
  for (let count = 0; count < pieces; count++) assert.deepEqual(parser.push(piece), []);
  const [block] = parser.push(new TextEncoder().encode("\n\n"));
  assert.equal(block?.data?.length, pieces * piece.length);
});

for (const [what, line] of Object.entries({
  "line that does not end": "x",
  "block of lines without end": "data: x\n",
})) {
  test(`a ${what} is given up at the limit, and one that is as long as that is not`, () => {
    const parser = new SseParser();
    const piece = new TextEncoder().encode(line.repeat((1024 * 1024) / line.length));
    for (let length = piece.length; length <= MAX_STREAM_BLOCK_LENGTH; length += piece.length) parser.push(piece);
    assert.throws(() => parser.push(piece), NoAnswerError);
    const other = new SseParser();
    const ended = new TextEncoder().encode(`id: 1\n${line.repeat(1_000_000 / line.length)}\n\n`);
    for (let count = 0; count < 20; count++) assert.equal(other.push(ended).length, 1);
  });
}
