/**
 * One person as a process of its own, which may be killed at any moment. What it does it is told on standard input;
 * it ends when that ends, so that it never outlives the replay.
 */
import { createInterface } from "node:readline";
import { historyOf } from "./history.js";
import type { Command, PlayerStart, Report } from "./messages.js";
import { loadTrace } from "./trace.js";
import { Writer } from "./writer.js";

const start = JSON.parse(process.argv[2] ?? "null") as PlayerStart;
const writer = await Writer.open(start, historyOf(loadTrace(start.trace)));
report({ is: "ready", client: writer.client, recorded: writer.recorded, pending: writer.standing.pending });
let work = Promise.resolve();
createInterface({ input: process.stdin })
  .on("line", line => (work = work.then(() => take(JSON.parse(line) as Command))))
  .on("close", () => void writer.close().finally(() => process.exit()));

async function take(command: Command): Promise<void> {
  switch (command.do) {
    case "begin":
      writer.begin(command.clients);
      return;
    case "type":
      await writer.type(command.steps, command.offline, () => report({ is: "progress", ...writer.standing }));
      report({ is: "typed", ...writer.standing });
      return;
    case "sync": {
      await writer.sync();
      const { content } = writer;
      report({ is: "synced", ...writer.standing, ...(content === undefined ? {} : { content }) });
      return;
    }
  }
}

function report(message: Report): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
