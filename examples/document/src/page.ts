/** One person as a page of a browser, with the client as a page gets it. What it does its driver calls. */
import { indexedDbBuffer } from "celeriant";
import { fromBase64 } from "./bytes.js";
import { historyOf } from "./history.js";
import type { Command, PersonStart, Report } from "./messages.js";
import { parseTrace } from "./trace.js";
import { Writer } from "./writer.js";

/** What is where a page is served: the trace, and for each person what they were to write, in Base64. */
export interface PageFiles {
  readonly trace: unknown;
  readonly prepared: readonly string[] | undefined;
}

declare global {
  /** Put here by the driver, for who watches. */
  var watch: (progress: Report) => void;
  var sitDown: (start: PersonStart) => Promise<Report>;
  /** Returns the answer, if there is one. */
  var take: (command: Command) => Promise<Report | undefined>;
}

let writer: Writer;

globalThis.sitDown = async start => {
  const { trace, prepared } = (await (await fetch(`/files/${start.person}`)).json()) as PageFiles;
  const history = historyOf(parseTrace(trace));
  writer = await Writer.open(start, history, indexedDbBuffer("player"), prepared?.map(fromBase64));
  return writer.ready;
};

globalThis.take = async command => {
  let answer: Report | undefined;
  await writer.take(command, report => {
    if (report.is === "progress") watch(report);
    else answer = report;
  });
  return answer;
};
