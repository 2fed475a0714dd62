/** The gateway as a process of its own, started by the launcher as a person would, and killed as power loss would. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const LAUNCHER = fileURLToPath(new URL("../../../../../celeriant", import.meta.url));
/** The launcher may have to build first. */
const START_MS = 300_000;

export class RealGateway {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  /** Resolves when it serves. */
  static async start(data: string, options: readonly string[] = []): Promise<RealGateway> {
    const given = options.includes("--port") ? [] : ["--port", "0"];
    const process = spawn(LAUNCHER, ["serve", ...given, "--admin-port", "0", "--data", data, ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const gone = once(process, "exit").then(([code]) => {
      throw new Error(`the gateway ended with ${String(code)} before it served`);
    });
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`the gateway did not serve within ${START_MS} ms`)), START_MS).unref();
    });
    return new RealGateway(process, await Promise.race([listening(process), gone, late]));
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** `SIGKILL`: nothing is flushed, nothing is told to anyone. */
  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, "exit");
    this.process.kill(signal);
    await exit;
  }
}

/** What the operator does; returns what the command prints. */
export async function operate(...command: readonly string[]): Promise<string> {
  return (await promisify(execFile)(LAUNCHER, command)).stdout.trim();
}

async function listening(process: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: process.stdout! })) {
    const said = /^listening (\S+)$/.exec(line);
    if (said !== null) return said[1]!;
  }
  throw new Error("the gateway closed its output");
}
