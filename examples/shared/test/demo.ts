/** The demo as a process of its own, started by the launcher as a person would, and killed as power loss would. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../../../../celeriant", import.meta.url));

export class Demo {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  /** Resolves when it serves. */
  static async start(data: string, port = 0, more: readonly string[] = []): Promise<Demo> {
    const process = spawn(LAUNCHER, ["demo", "--port", String(port), "--data", data, ...more], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const gone = once(process, "exit").then(([code]) => {
      throw new Error(`the demo ended with ${String(code)} before it served`);
    });
    return new Demo(process, await Promise.race([listening(process), gone]));
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

async function listening(process: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: process.stdout! })) {
    const said = /^listening (\S+)$/.exec(line);
    if (said !== null) return said[1]!;
  }
  throw new Error("the demo closed its output");
}
