import { fileURLToPath } from "node:url";
import { Child } from "./child.js";

/** The launcher at the root of the clone, from dist/src/replay. */
const LAUNCHER = fileURLToPath(new URL("../../../../../celeriant", import.meta.url));

/** The real gateway, which may be killed and started again on the same data and at the same address. */
export class GatewayProcess {
  private constructor(
    private child: Child,
    private readonly data: string,
    readonly url: string,
    private readonly say: (text: string) => void,
  ) {}

  static async start(data: string, say: (text: string) => void): Promise<GatewayProcess> {
    const { child, url } = await serve(data, 0, say);
    return new GatewayProcess(child, data, url, say);
  }

  async killAndRestart(): Promise<void> {
    await this.child.kill();
    const { child, url } = await serve(this.data, Number(new URL(this.url).port), this.say);
    this.child = child;
    if (url !== this.url) throw new Error(`the gateway was at ${this.url} and came back at ${url}`);
  }

  async stop(): Promise<void> {
    await this.child.stop("SIGTERM");
  }

  async kill(): Promise<void> {
    await this.child.kill();
  }
}

async function serve(data: string, port: number, say: (text: string) => void): Promise<{ child: Child; url: string }> {
  // Those who are played by a browser come from a page of their own.
  const options = ["--port", String(port), "--data", data, "--cors-origins", "*"];
  const child = new Child("the gateway", LAUNCHER, ["serve", ...options], say);
  try {
    for (;;) {
      const [word, url] = (await child.next()).split(" ");
      if (word === "listening" && url !== undefined) return { child, url };
    }
  } catch (error) {
    await child.kill();
    throw error;
  }
}
