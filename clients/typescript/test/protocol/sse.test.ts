import assert from "node:assert/strict";
import { test } from "node:test";
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
