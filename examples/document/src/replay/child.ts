import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How much of what a child says on standard error is kept for the message when it ends unasked. */
const KEPT_ERROR_CHARS = 4_000;

/** A process that answers in lines on its standard output. It does not outlive this one. */
export class Child {
  /** Resolves when the process has ended and its output was read. */
  readonly ended: Promise<void>;
  private readonly process: ChildProcess;
  private readonly lines: string[] = [];
  private reader: { take(line: string): void; fail(error: Error): void } | undefined;
  private over = false;
  private errors = "";

  constructor(
    private readonly name: string,
    command: string,
    args: readonly string[],
    private readonly onError: (text: string) => void = () => undefined,
  ) {
    this.process = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    const killIfLeft = () => this.process.kill("SIGKILL");
    process.once("exit", killIfLeft);
    const { stdin, stdout, stderr } = this.process;
    if (stdin === null || stdout === null || stderr === null) throw new Error(`${name} has no pipes`);
    // A child that is killed does not read what was just written to it.
    stdin.on("error", () => undefined);
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors = (this.errors + text).slice(-KEPT_ERROR_CHARS);
      this.onError(text);
    });
    createInterface({ input: stdout }).on("line", line => this.take(line));
    this.ended = new Promise(resolve => {
      this.process.once("error", error => this.end(error.message, resolve));
      this.process.once("close", (code, signal) => {
        process.off("exit", killIfLeft);
        this.end(`ended with ${signal ?? code}`, resolve);
      });
    });
  }

  send(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** The next line; one reader at a time. */
  async next(): Promise<string> {
    const line = this.lines.shift();
    if (line !== undefined) return line;
    if (this.over) throw this.endedUnasked("has ended");
    return await new Promise((take, fail) => (this.reader = { take, fail }));
  }

  /** Ends it as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  /** Asks it to end, by the end of its input and by SIGTERM if it does not read that, and waits until it is gone. */
  async stop(signal?: NodeJS.Signals): Promise<void> {
    this.process.stdin?.end();
    if (signal !== undefined) this.process.kill(signal);
    await this.ended;
  }

  private take(line: string): void {
    if (this.reader === undefined) {
      this.lines.push(line);
      return;
    }
    const { reader } = this;
    this.reader = undefined;
    reader.take(line);
  }

  private end(how: string, resolve: () => void): void {
    this.over = true;
    this.reader?.fail(this.endedUnasked(how));
    this.reader = undefined;
    resolve();
  }

  private endedUnasked(how: string): Error {
    return new Error(`${this.name} ${how}${this.errors === "" ? "" : `, after it had said:\n${this.errors}`}`);
  }
}
