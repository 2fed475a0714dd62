import { fileURLToPath } from "node:url";
import type { Command, PlayerStart, Report, Standing } from "../messages.js";
import { Child } from "./child.js";
import type { Player, ReportOf } from "./player.js";

const JAVA = process.env["JAVA_HOME"] === undefined ? "java" : `${process.env["JAVA_HOME"]}/bin/java`;
const PLAYER = fileURLToPath(new URL("../player.js", import.meta.url));

/** A player who is a process of its own. */
export class PlayerProcess implements Player {
  private constructor(
    private readonly child: Child,
    private readonly progress: (standing: Standing) => void,
    readonly ready: ReportOf<"ready">,
  ) {}

  static async start(start: PlayerStart, progress: (standing: Standing) => void): Promise<PlayerProcess> {
    const [command, ...args] = start.java === undefined ? [process.execPath, PLAYER] : [JAVA, "-jar", start.java];
    const child = new Child(`person ${start.person}`, command, [...args, JSON.stringify(start)]);
    try {
      const ready = JSON.parse(await child.next()) as Report;
      if (ready.is !== "ready") throw new Error(`person ${start.person} began with ${ready.is}`);
      return new PlayerProcess(child, progress, ready);
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  begin(clients: readonly string[]): void {
    this.send({ do: "begin", clients });
  }

  async type(steps: number, offline: boolean): Promise<ReportOf<"typed">> {
    this.send({ do: "type", steps, offline });
    return await this.answer("typed");
  }

  async sync(): Promise<ReportOf<"synced">> {
    this.send({ do: "sync" });
    return await this.answer("synced");
  }

  async kill(): Promise<void> {
    await this.child.kill();
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  private send(command: Command): void {
    this.child.send(JSON.stringify(command));
  }

  private async answer<K extends Report["is"]>(is: K): Promise<ReportOf<K>> {
    for (;;) {
      const report = JSON.parse(await this.child.next()) as Report;
      if (report.is === is) return report as ReportOf<K>;
      if (report.is !== "progress") throw new Error(`a player answered ${report.is} in place of ${is}`);
      this.progress(report);
    }
  }
}
