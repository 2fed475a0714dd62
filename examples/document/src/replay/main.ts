/** `npm run replay -- <trace>`: replays a trace for somebody who watches. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { GENERATED, realTrace } from "../traces.js";
import { replay, type ReplaySummary } from "./replay.js";

const USAGE = `npm run replay -- [TRACE] [OPTIONS]

TRACE           a file in the format of the editing-traces collection (.json or .json.gz), the name of one of the
                histories beside the clone (friendsforever, sveltecomponent, automerge-paper), or "generated".
                Without it: friendsforever, or the generated one where there is none.
--calm          nobody is killed and nothing is cut
--burst N       type at most N steps before going online again (default 60); "all": the whole history offline
--java N        play person N with the Java client (build it: mvn -pl examples/document/java -am package)
--browser N     play person N in a page of Chromium (Debian's package chromium)
--seed N        other moments for the same trace (default 1)
--keep          leave the gateway's data and the clients' buffers where they are, and say where
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    calm: { type: "boolean", default: false },
    burst: { type: "string", default: "60" },
    java: { type: "string", multiple: true, default: [] },
    browser: { type: "string", multiple: true, default: [] },
    seed: { type: "string", default: "1" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await run();

async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "celeriant-replay-"));
  try {
    const summary = await replay({
      trace: traceOf(positionals[0]),
      folder,
      seed: count(values.seed, "--seed"),
      disturbed: !values.calm,
      java: values.java.map(Number),
      browser: values.browser.map(Number),
      longestBurst: values.burst === "all" ? Number.MAX_SAFE_INTEGER : count(values.burst, "--burst"),
      say: text => void process.stderr.write(text),
      progress: progressTo(process.stderr),
    });
    process.stdout.write(textOf(summary));
    if (!summary.reached.every(reached => reached)) process.exitCode = 1;
  } finally {
    if (values.keep) process.stdout.write(`kept: ${folder}\n`);
    else await rm(folder, { recursive: true });
  }
}

function traceOf(name: string | undefined): string {
  if (name === undefined) return realTrace("friendsforever") ?? GENERATED;
  return name === GENERATED ? name : (realTrace(name) ?? name);
}

function count(text: string, option: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`${option} ${text}: must be a whole number above 0`);
}

/** Writes a line whenever another twentieth of the steps is taken, or another tenth of what is left is confirmed. */
function progressTo(out: NodeJS.WritableStream): (taken: number, pending: number, of: number) => void {
  let shown = -1;
  return (taken, pending, of) => {
    const share = Math.floor((taken / of) * 20);
    if (share <= shown) return;
    shown = share;
    out.write(`${taken} of ${of} steps taken, ${pending} pending\n`);
  };
}

function textOf(summary: ReplaySummary): string {
  const { people, transactions, mishaps, reached } = summary;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const befell = mishaps.map(({ kind, person, steps }) => `  person ${person} from step ${steps} on: ${kind}`);
  return [
    `${summary.trace}: ${transactions} transactions by ${people === 1 ? "one person" : `${people} people`}`,
    `${summary.offlineBursts} bursts offline, ${summary.syncs} syncs, ${seconds(summary.msToConverge)} to agree`,
    `${seconds(summary.msTyping)} typing into buffers, ${seconds(summary.msSyncing)} syncing, over all people`,
    ...befell,
    `${summary.eventsInLog} events in the log, each append once (checked in ${seconds(summary.msToRead)})`,
    `${reached.filter(each => each).length} of ${reached.length} texts are the trace's end, the late one included`,
    "",
  ].join("\n");
}
