/**
 * Registers as the browser's buffer keeps them, some to a row. Their keys come first, so that they are known without
 * reading the rest, which is read when one of the values is asked for.
 *
 *   page := JSON of [key…]  "\n"  JSON of [register | null…]
 *
 * A register leaves out its `client` and its `type` where they are those of the register before it: few write most of
 * what is in a page, and a client's name is as long as many a value. A line feed is in no JSON that was made here.
 */
import type { ConfirmedRegister } from "../model.js";
import type { LazyMap } from "../state/lazy-map.js";
import type { AggregateChange } from "./local-buffer.js";

export type Registers = AggregateChange["registers"];

type Mutable = { -readonly [Name in keyof ConfirmedRegister]: ConfirmedRegister[Name] };

export function pageText(page: Registers): string {
  let before: ConfirmedRegister | null | undefined;
  const rows = page.map(([, register]) => {
    const last = before;
    before = register;
    const known = (name: "client" | "type") => (register?.[name] === last?.[name] ? undefined : register?.[name]);
    return register && { ...register, client: known("client"), type: known("type") };
  });
  return `${JSON.stringify(page.map(([key]) => key))}\n${JSON.stringify(rows)}`;
}

/** Puts the registers of a page into `registers`, and takes those out that it says were cleared. */
export function readPage(text: string, registers: LazyMap<ConfirmedRegister>): void {
  const [first, rows] = text.split("\n");
  const keys = JSON.parse(first!) as string[];
  let read: Map<string, ConfirmedRegister> | undefined;
  const make = (key: string) => (read ??= new Map(registersOf(rows!).map((row, at) => [keys[at]!, row]))).get(key)!;
  for (const key of keys) {
    if (rows === "[null]") registers.delete(key);
    else registers.later(key, make);
  }
}

function registersOf(rows: string): ConfirmedRegister[] {
  let before: ConfirmedRegister | undefined;
  return (JSON.parse(rows) as Mutable[]).map(row => {
    row.client ??= before?.client ?? "";
    row.type ??= before?.type ?? "";
    return (before = row);
  });
}
