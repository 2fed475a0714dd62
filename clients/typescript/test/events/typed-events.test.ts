import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../../src/connect.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import { clientOf } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

interface CanvasEvents {
  "cell-painted": { readonly colour: string } | null;
  "board-renamed": string;
}

test("with a map of event types, appending and reading are typed", async () => {
  const gateway = new ModelGateway();
  const options = { url: gateway.url, org: "demo", buffer: memoryBuffer(), fetch: gateway.fetch, online: false };
  const app = await connect<CanvasEvents>(options);
  const view = await app.open("canvas/b");
  const aggregate = "canvas/b";
  app.append({ aggregate, type: "cell-painted", key: "1,1", data: { colour: "red" } });
  app.append([
    { aggregate, type: "board-renamed", key: "name", data: "Ours" },
    { aggregate, type: "cell-painted", key: "1,1", data: null },
    { aggregate, type: "cell-painted", key: "2,2", data: { colour: "blue" } },
  ]);
  const refusedByTheCompiler = () => {
    // @ts-expect-error a type that the map does not have
    app.append({ aggregate, type: "cell-pianted", data: "x" });
    // @ts-expect-error data of another type
    app.append({ aggregate, type: "board-renamed", data: 5 });
    // @ts-expect-error no data at all
    app.append({ aggregate, type: "board-renamed" });
  };
  assert.equal(typeof refusedByTheCompiler, "function");

  const name = view.registers.get("name");
  assert.ok(name?.type === "board-renamed");
  const text: string | undefined = name.data;
  assert.equal(text, "Ours");
  const colours = view.project<readonly string[]>({
    initial: [],
    apply: (seen, event) => (event.type === "cell-painted" && event.data ? [...seen, event.data.colour] : seen),
  });
  assert.deepEqual(colours.state, ["red", "blue"]);
  app.goOnline();
  await app.whenSettled();
  const renamed: string[] = [];
  for await (const event of app.readEvents(aggregate)) {
    if (event.type === "board-renamed") renamed.push(`${event.version}: ${event.data.toUpperCase()}`);
  }
  assert.deepEqual(renamed, ["2: OURS"]);
  await app.close();
});

test("without a map any type and any JSON can be appended", async () => {
  const { app } = await clientOf(new ModelGateway(), { online: false });
  const view = await app.open("a/b");
  app.append({ aggregate: "a/b", type: "anything", key: "k", data: [1, { two: null }] });
  app.append({ aggregate: "a/b", type: "bytes", key: "l", data_base64: "AAEC" });
  assert.deepEqual(view.registers.get("k")?.data, [1, { two: null }]);
  assert.equal(view.registers.get("l")?.data_base64, "AAEC");
  await app.close();
});
