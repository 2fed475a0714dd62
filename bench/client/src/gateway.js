/** The gateway as a process of its own, and what is appended to it before and while pages are measured. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { accessOf, connect, memoryBuffer } from "celeriant";
import { valueAt } from "./pages/values.js";

const LAUNCHER = fileURLToPath(new URL("../../../celeriant", import.meta.url));
export const ORG = "bench";
/** Appends of this many events each fill an aggregate; so many of them are on their way at once. */
const EVENTS_PER_APPEND = 1_000;
const APPENDS_AHEAD = 20;

export async function startGateway(data) {
  const args = ["serve", "--port", "0", "--admin-port", "0", "--data", data, "--cors-origins", "*"];
  const process = spawn(LAUNCHER, args, { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: process.stdout })) {
    const said = /^listening (\S+)$/.exec(line);
    if (said !== null) return { url: said[1], stop: () => stop(process) };
  }
  throw new Error("the gateway ended before it served; ./celeriant serve says why");
}

async function stop(process) {
  const ended = once(process, "exit");
  process.kill("SIGTERM");
  await ended;
}

/** A backend that appends; it reads nothing back. */
export class Backend {
  static async at(url) {
    return new Backend(await connect({ url, org: ORG, buffer: memoryBuffer() }));
  }

  constructor(app) {
    this.app = app;
  }

  /** An aggregate that everybody may append to, with so many events that set so many keys in turn. */
  async fill(aggregate, events, keys) {
    await accessOf(this.app, aggregate).setPublic("contributor");
    const ahead = [];
    for (let at = 0; at < events; at += EVENTS_PER_APPEND) {
      const count = Math.min(EVENTS_PER_APPEND, events - at);
      ahead.push(this.append(aggregate, at, count, keys).confirmed);
      if (ahead.length === APPENDS_AHEAD) await ahead.shift();
    }
    await Promise.all(ahead);
  }

  append(aggregate, from, count, keys) {
    const event = at => ({ aggregate, type: "cell-painted", key: `cell-${at % keys}`, data: valueAt(at) });
    return this.app.append(Array.from({ length: count }, (_, place) => event(from + place)));
  }

  /** Appends at a steady rate, every event on its own. */
  async appendSteadily(aggregate, eventsPerSecond, seconds, keys) {
    const begun = performance.now();
    let made = 0;
    let last;
    while (made < eventsPerSecond * seconds) {
      const due = Math.floor(((performance.now() - begun) / 1_000) * eventsPerSecond);
      for (; made < due; made++) last = this.append(aggregate, made, 1, keys);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    await last.confirmed;
  }

  close() {
    return this.app.close();
  }
}
