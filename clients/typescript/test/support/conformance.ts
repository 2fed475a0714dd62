/** The cases that every client runs, from the repository's conformance/ folder. */
import { readFile } from "node:fs/promises";

const ROOT = new URL("../../../../../conformance/", import.meta.url);

export async function conformance<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(new URL(path, ROOT), "utf8")) as T;
}
