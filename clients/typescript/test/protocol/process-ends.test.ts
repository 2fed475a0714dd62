import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { BODY_TIMEOUT_MS } from "../../src/limits.js";
import { modelServer } from "../support/model-server.js";

const PROCESS = fileURLToPath(new URL("../support/asks-and-ends.js", import.meta.url));

test("no answer keeps a process that has closed its client, whatever it asked for", async () => {
  const server = await modelServer();
  // With a body that nobody has asked for: what is not read holds the connection, and that the process.
  const page = () => new Response("{}".padEnd(1_000_000), { headers: { "Content-Type": "application/json" } });
  server.gateway.extension = ({ path }) => (/\/(snapshot|presence|schemas|shares)/.test(path) ? page() : undefined);
  const options = { timeout: BODY_TIMEOUT_MS / 3 };
  try {
    assert.equal((await promisify(execFile)(process.execPath, [PROCESS, server.url], options)).stdout, "closed\n");
  } finally {
    await server.close();
  }
});
