import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notice } from "../../src/sync/notice.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

test("a revoked aggregate loses its confirmed state and keeps what is pending; the rest goes on", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  for (const board of ["a", "b"]) await writer.app.append(painted(board, "1,1", "red")).confirmed;
  const reader = await clientOf(gateway, { aggregates: ["canvas/a", "canvas/b"] });
  const notices: Notice[] = [];
  reader.app.onNotice(notice => notices.push(notice));
  const [a, b] = [await reader.app.open("canvas/a"), await reader.app.open("canvas/b")];
  await reader.until(() => reader.app.status.state === "live");
  gateway.fault = call => (call.path.endsWith("/appends") ? { kind: "request-lost" } : undefined);
  gateway.send('event: revoked\nid: 2\ndata: {"aggregate":"canvas/a"}\n\n');
  await reader.until(() => !a.readable);
  assert.equal(a.registers.size, 0);
  assert.equal(a.version, 0);
  assert.equal(b.registers.get("1,1")?.data, "red");
  reader.app.append(painted("a", "2,2", "mine"));
  assert.equal(a.registers.get("2,2")?.pending, true);

  gateway.send('event: granted\nid: 2\ndata: {"aggregate":"canvas/a","level":"reader"}\n\n');
  gateway.fault = () => undefined;
  await reader.until(() => a.readable && a.registers.size === 2 && reader.app.status.pending === 0);
  assert.equal(a.registers.get("1,1")?.data, "red");
  assert.deepEqual(
    notices.map(notice => notice.kind),
    ["revoked", "granted"],
  );
  await reader.app.close();
  await writer.app.close();
});

test("an aggregate that goes while its events are read is read again, and nobody has to sign in", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  await writer.app.append(painted("a", "1,1", "red")).confirmed;
  gateway.extension = ({ path, method }) => {
    if (method === "GET" && path.endsWith("/canvas/a/events") && gateway.log.exists("canvas/a")) {
      gateway.log.remove("canvas/a");
    }
    return undefined;
  };
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/a"] });
  const view = await app.open("canvas/a");
  view.project({ initial: 0, apply: count => count + 1 });
  await until(() => ["live", "needs-auth"].includes(app.status.state));
  assert.equal(app.status.state, "live");
  assert.equal(view.registers.size, 0);
  await app.close();
  await writer.app.close();
});

test("what was said not to be seen, and shows all the same, is read again", async () => {
  const gateway = new ModelGateway();
  const writer = await clientOf(gateway);
  await writer.app.append(painted("a", "1,1", "red")).confirmed;
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/a"] });
  const view = await app.open("canvas/a");
  await until(() => app.status.state === "live");
  gateway.send('event: revoked\nid: 1\ndata: {"aggregate":"canvas/a"}\n\n');
  await until(() => !view.readable);
  await writer.app.append(painted("a", "2,2", "blue")).confirmed;
  await until(() => view.readable && view.registers.size === 2);
  await app.close();
  await writer.app.close();
});
