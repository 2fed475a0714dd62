import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

test("an application's listener that throws keeps nobody from being told, and nothing from going on", async () => {
  const { mock: said } = mock.method(console, "error", () => undefined);
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  const view = await app.open("canvas/b");
  const notices: string[] = [];
  const fails = () => {
    throw new Error("the application's");
  };
  app.onNotice(fails);
  app.onNotice(notice => notices.push(notice.kind));
  app.onStatus(fails);
  view.subscribe(fails);
  for (const key of ["1,1", "2,2"]) await app.append(painted("b", key, "red")).confirmed;
  await until(() => view.version === 2);
  gateway.cutStreams();
  await until(() => app.status.state === "live");
  gateway.log.restoreTo(1);
  gateway.cutStreams();
  await until(() => notices.length > 0 && app.status.state === "live" && view.version === 2);
  assert.deepEqual(notices, ["log-diverged"]);
  assert.ok(said.callCount() > 0, "what it threw is said");
  await app.close();
  said.restore();
});
