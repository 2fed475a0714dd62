/**
 * One person as a process of its own, which may be killed at any moment. What it does it is told on standard input;
 * it ends when that ends, so that it never outlives the replay.
 */
import { fileBuffer } from "celeriant/node";
import { createInterface } from "node:readline";
import { historyOf } from "./history.js";
import type { Command, PlayerStart, Report } from "./messages.js";
import { readPrepared } from "./prepared.js";
import { loadTrace } from "./traces.js";
import { Writer } from "./writer.js";

const start = JSON.parse(process.argv[2] ?? "null") as PlayerStart;
const prepared = start.prepared === undefined ? undefined : readPrepared(start.prepared, start.person);
const writer = await Writer.open(start, historyOf(loadTrace(start.trace)), fileBuffer(start.buffer), prepared);
report(writer.ready);
let work = Promise.resolve();
createInterface({ input: process.stdin })
  .on("line", line => (work = work.then(() => writer.take(JSON.parse(line) as Command, report))))
  .on("close", () => void writer.close().finally(() => process.exit()));

function report(message: Report): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
