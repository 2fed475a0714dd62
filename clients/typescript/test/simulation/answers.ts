/** Answers as the client reads them, and nothing more of the Fetch standard: a simulated world needs many of them. */
import type { Fetch } from "../../src/protocol/transport.js";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or what brings bytes as they come. */
  readonly body: string | Bytes;
}

/** Bytes that come over time, in order. */
export class Bytes {
  private readonly chunks: Uint8Array[] = [];
  private ended = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly left: () => void) {}

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.wake?.();
  }

  async read(): Promise<{ done: boolean; value?: Uint8Array }> {
    while (this.chunks.length === 0) {
      if (this.failure !== undefined) throw this.failure;
      if (this.ended) return { done: true };
      await new Promise<void>(resolve => (this.wake = resolve));
    }
    return { done: false, value: this.chunks.shift()! };
  }

  cancel(): Promise<void> {
    this.left();
    return Promise.resolve();
  }
}

export function responseOf(answer: Answer, cut: (body: string) => string | Error): Response {
  const { status, headers, body } = answer;
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    body: {
      getReader: () => body as Bytes,
      cancel: () => (typeof body === "string" ? Promise.resolve() : body.cancel()),
    },
    text: () => {
      const text = cut(body as string);
      return typeof text === "string" ? Promise.resolve(text) : Promise.reject(text);
    },
  } as unknown as Response;
}

export type Init = Parameters<Fetch>[1];
