/**
 * Scripts for a page that its browser's driver reaches no more, since another tab crashed: the page itself asks for
 * them, over HTTP, and sends back what they found.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PATIENCE_MS } from "./engine.js";

/** The body of a page's script that does what letters say as long as the page is open. */
export const ANSWER_LETTERS = `
  const [box] = given;
  (async () => {
    for (;;) {
      const { body, given } = await (await fetch(box)).json();
      const answer = await new Function("given", "return (async (...given) => { " + body + " })(...given)")(given).then(
        found => ({ found: found ?? null }),
        error => ({ error: String(error) }),
      );
      await fetch(box, { method: "POST", body: JSON.stringify(answer) });
    }
  })();`;

interface Answer {
  readonly found?: unknown;
  readonly error?: string;
}

export class Letterbox {
  private letter: string | undefined;
  private asking: ServerResponse | undefined;
  private answered: ((answer: Answer) => void) | undefined;
  private readonly http = createServer((request, response) => void this.serve(request, response));

  static async open(): Promise<Letterbox> {
    const box = new Letterbox();
    box.http.listen(0, "127.0.0.1");
    await once(box.http, "listening");
    return box;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** What the page's function with this body returns, as JSON. */
  async ask<T>(body: string, given: readonly unknown[]): Promise<T> {
    const answer = new Promise<Answer>((resolve, reject) => {
      this.answered = resolve;
      setTimeout(() => reject(new Error("the page does not answer")), PATIENCE_MS).unref();
    });
    this.letter = JSON.stringify({ body, given });
    this.deliver();
    const { found, error } = await answer;
    if (error !== undefined) throw new Error(error);
    return found as T;
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (request.method === "GET") {
      this.asking = response;
      this.deliver();
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    response.end();
    this.answered?.(JSON.parse(Buffer.concat(parts).toString()) as Answer);
  }

  private deliver(): void {
    if (this.letter === undefined || this.asking === undefined) return;
    this.asking.end(this.letter);
    this.letter = this.asking = undefined;
  }
}
