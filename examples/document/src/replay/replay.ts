import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type History, historyOf } from "../history.js";
import { prepare } from "../prepared.js";
import { Seeded } from "../seeded.js";
import { traceJson } from "../trace.js";
import { GENERATED, openTrace } from "../traces.js";
import { CuttingProxy } from "./cutting-proxy.js";
import { GatewayProcess } from "./gateway-process.js";
import { checkLog } from "./log-check.js";
import { readMergedLog, shareWithAll } from "./merged-log.js";
import { type Mishap, mishapsOf } from "./mishaps.js";
import { PageServer } from "./page-server.js";
import { readDocument } from "./reader.js";
import { Seat } from "./seat.js";

/** Where Maven puts the player in Java; from dist/src/replay, the example is three folders up. */
export const JAVA_PLAYER = fileURLToPath(new URL("../../../java/target/player.jar", import.meta.url));

const ORG = "demo";
const AGGREGATE = "document/replay";

export interface ReplayOptions {
  /** What `openTrace` takes. */
  readonly trace: string;
  /** An empty folder for the gateway's data and the clients' buffers. */
  readonly folder: string;
  readonly seed: number;
  /** People who are played by the Java client; `JAVA_PLAYER` must have been built. */
  readonly java?: readonly number[];
  /** People who are played by a browser of their own; Chromium must be there. */
  readonly browser?: readonly number[];
  /** Kill and cut on the way; else everybody goes through undisturbed. */
  readonly disturbed: boolean;
  /** The most steps that somebody takes before they go online again. */
  readonly longestBurst: number;
  readonly say: (text: string) => void;
  /** Called with the number of steps that all people together have taken, and of those not confirmed. */
  readonly progress: (taken: number, pending: number, of: number) => void;
}

/** What a replay did and found. */
export interface ReplaySummary {
  readonly trace: string;
  readonly people: number;
  readonly transactions: number;
  readonly offlineBursts: number;
  readonly syncs: number;
  readonly mishaps: readonly Mishap[];
  /** Appends that were in the log when their answer was cut off, by the mishap that did it. */
  readonly unreadAnswers: number;
  readonly eventsInLog: number;
  /** Of each person, and of the reader who came afterwards, whether their text is `endContent`. */
  readonly reached: readonly boolean[];
  /** Of all people together: for typing into the buffer, and for syncing, waiting for each other included. */
  readonly msTyping: number;
  readonly msSyncing: number;
  readonly msToConverge: number;
  readonly msToRead: number;
}

/** Replays a trace through a gateway of its own; see README. */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const { name, trace } = openTrace(options.trace);
  const history = historyOf(trace);
  await mkdir(options.folder, { recursive: true });
  const path = options.trace === GENERATED ? join(options.folder, "generated.json") : options.trace;
  if (path !== options.trace) await writeFile(path, JSON.stringify(traceJson(trace)));
  const gateway = await GatewayProcess.start(join(options.folder, "gateway"), options.say);
  try {
    return await replayThrough(gateway, name, history, { ...options, trace: path });
  } finally {
    await gateway.stop();
  }
}

async function replayThrough(
  gateway: GatewayProcess,
  name: string,
  history: History,
  options: ReplayOptions,
): Promise<ReplaySummary> {
  await shareWithAll(gateway.url, ORG, AGGREGATE);
  const begun = performance.now();
  const { java = [], browser = [] } = options;
  const prepared = java.length > 0 ? join(options.folder, "prepared") : undefined;
  if (prepared !== undefined) await prepare(history, prepared);
  const page = browser.length > 0 ? await PageServer.start(options.trace, prepared) : undefined;
  const seats = await takeSeats(gateway, history, options, prepared, page);
  try {
    const clients = seats.map(seat => seat.client);
    const contents = await Promise.all(seats.map(seat => seat.play(clients)));
    const converged = performance.now();
    const events = await readMergedLog(gateway.url, ORG);
    checkLog(events, AGGREGATE, clients, history);
    const sum = (of: (seat: Seat) => number) => seats.reduce((total, seat) => total + of(seat), 0);
    const read = await readDocument(gateway.url, ORG, AGGREGATE, history.startContent);
    return {
      trace: name,
      people: history.people.length,
      transactions: history.people.reduce((sum, steps) => sum + steps.length, 0),
      offlineBursts: sum(seat => seat.offlineBursts),
      syncs: sum(seat => seat.syncs),
      mishaps: seats.flatMap(seat => seat.happened),
      unreadAnswers: sum(seat => seat.unreadAnswers),
      eventsInLog: events.length,
      reached: [...contents, read].map(content => content === history.endContent),
      msTyping: Math.round(sum(seat => seat.msTyping)),
      msSyncing: Math.round(sum(seat => seat.msSyncing)),
      msToConverge: Math.round(converged - begun),
      msToRead: Math.round(performance.now() - converged),
    };
  } finally {
    await Promise.all(seats.map(seat => seat.leave()));
    page?.close();
  }
}

async function takeSeats(
  gateway: GatewayProcess,
  history: History,
  options: ReplayOptions,
  prepared: string | undefined,
  page: PageServer | undefined,
): Promise<Seat[]> {
  const { java = [], browser = [] } = options;
  const standings = history.people.map(() => ({ taken: 0, pending: 0 }));
  const steps = history.people.reduce((sum, own) => sum + own.length, 0);
  const seats: Seat[] = [];
  for (const [person, own] of history.people.entries()) {
    const proxy = await CuttingProxy.before(gateway.url);
    const start = {
      trace: options.trace,
      person,
      url: gateway.url,
      through: proxy.url,
      org: ORG,
      aggregate: AGGREGATE,
      buffer: join(options.folder, `person-${person}`, "buffer"),
      ...(prepared === undefined ? {} : { prepared }),
      ...(page !== undefined && browser.includes(person) ? { page: page.url } : {}),
      ...(java.includes(person) ? { java: JAVA_PLAYER } : {}),
    };
    const seat = new Seat(start, gateway, proxy, {
      random: new Seeded(options.seed + person),
      longestBurst: options.longestBurst,
      mishaps: options.disturbed ? mishapsOf(person, own.length) : [],
      progress: standing => {
        standings[person] = standing;
        const sum = (of: "taken" | "pending") => standings.reduce((total, each) => total + each[of], 0);
        options.progress(sum("taken"), sum("pending"), steps);
      },
      say: options.say,
    });
    seats.push(seat);
  }
  await Promise.all(seats.map(seat => seat.sitDown()));
  return seats;
}
