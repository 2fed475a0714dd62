/**
 * Server-Sent Events from the bytes of a response (WHATWG HTML §9.2). Unlike EventSource it also reports blocks that
 * only carry an id, which move a cursor on.
 */
import { MAX_STREAM_BLOCK_LENGTH } from "../limits.js";
import { NoAnswerError } from "./errors.js";

export interface SseBlock {
  /** The event's name; empty for an unnamed one. */
  readonly name: string;
  readonly data: string | undefined;
  readonly id: string | undefined;
}

export class SseParser {
  private readonly decoder = new TextDecoder();
  private rest = "";
  /** What came since the last block. */
  private length = 0;
  private name = "";
  private data: string[] = [];
  private id: string | undefined;
  private afterCarriageReturn = false;

  /** The blocks that these bytes complete, in order; `NoAnswerError` for one that is too long. */
  push(bytes: Uint8Array): SseBlock[] {
    const text = this.decoder.decode(bytes, { stream: true });
    if (text === "") return [];
    this.length += text.length;
    if (this.length > MAX_STREAM_BLOCK_LENGTH) throw new NoAnswerError("too long a message");
    // A line feed behind a carriage return, of which the one came before and the other now, ends one line.
    const more = this.afterCarriageReturn ? text.replace(/^\n/, "") : text;
    this.afterCarriageReturn = text.endsWith("\r");
    const lines = more.split(/\r\n?|\n/);
    // Of what is here alone: a line that comes in many pieces is looked at once.
    lines[0] = this.rest + lines[0];
    this.rest = lines.pop()!;
    return lines.flatMap(line => this.line(line) ?? []);
  }

  private line(line: string): SseBlock | undefined {
    if (line === "") return this.endOfBlock();
    // A comment has a field without a name.
    const [, field, value] = /^([^:]*):? ?(.*)/s.exec(line)!;
    if (field === "event") this.name = value!;
    else if (field === "data") this.data.push(value!);
    else if (field === "id") this.id = value;
    return undefined;
  }

  private endOfBlock(): SseBlock | undefined {
    const data = this.data.length === 0 ? undefined : this.data.join("\n");
    const block = { name: this.name, data, id: this.id };
    this.name = "";
    this.data = [];
    this.id = undefined;
    this.length = 0;
    return block.data === undefined && block.id === undefined && block.name === "" ? undefined : block;
  }
}
