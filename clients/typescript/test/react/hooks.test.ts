import { container } from "../support/dom.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { act, createElement, StrictMode, type FunctionComponent } from "react";
import { createRoot } from "react-dom/client";
import type { Celeriant } from "../../src/celeriant.js";
import {
  CeleriantProvider,
  useAggregate,
  useAppend,
  useCeleriant,
  usePresence,
  useProjection,
  usePutPresence,
  useRegister,
  useRegisters,
  useStatus,
} from "../../src/react.js";
import type { AnyEvents } from "../../src/typed-events.js";
import { clientOf, painted } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

/** Real time after which a test says what it shows in place of what was wanted. */
const PATIENCE_MS = 60_000;

/** Renders a component under a client; the text of the page, and patience. */
async function shown(app: Celeriant, component: FunctionComponent) {
  const element = container();
  const root = createRoot(element);
  const tree = createElement(CeleriantProvider, { app }, createElement(component));
  await act(() => root.render(createElement(StrictMode, undefined, tree)));
  const text = () => element.textContent;
  return {
    text,
    settles: async (wanted: string) => {
      const end = performance.now() + PATIENCE_MS;
      while (text() !== wanted && performance.now() < end) {
        await act(() => new Promise(resolve => setImmediate(resolve)));
      }
      assert.equal(text(), wanted);
    },
    unmount: () => act(() => root.unmount()),
  };
}

test("a component shows an aggregate, what it appends at once, and what others append", async () => {
  const gateway = new ModelGateway();
  const other = await clientOf(gateway);
  await other.app.append(painted("b", "1,1", "red")).confirmed;
  const { app } = await clientOf(gateway);
  let append: ReturnType<typeof useAppend<AnyEvents>> | undefined;
  const page = await shown(app, () => {
    append = useAppend();
    const registers = useRegisters(useAggregate("canvas/b"));
    return [...registers].map(([key, { data, pending }]) => `${key}=${String(data)}${pending ? "?" : ""} `).join("");
  });
  await page.settles("1,1=red ");
  app.goOffline();
  await act(async () => void append!(painted("b", "2,2", "blue")));
  assert.equal(page.text(), "1,1=red 2,2=blue? ");
  app.goOnline();
  await page.settles("1,1=red 2,2=blue ");
  await other.app.append(painted("b", "3,3", "green")).confirmed;
  await page.settles("1,1=red 2,2=blue 3,3=green ");
  await page.unmount();
  await app.close();
  await other.app.close();
});

test("a component that shows one register is rendered when that one changes, and not for others", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway, { online: false });
  let renders = 0;
  const page = await shown(app, () => {
    renders++;
    return String(useRegister(useAggregate("canvas/b"), "1,1")?.data);
  });
  await page.settles("undefined");
  await act(async () => void app.append(painted("b", "1,1", "red")));
  assert.equal(page.text(), "red");
  const before = renders;
  for (let n = 0; n < 10; n++) await act(async () => void app.append(painted("b", `2,${n}`, "blue")));
  assert.equal(renders, before);
  await page.unmount();
  await app.close();
});

test("a projection is a component's own fold, and ends with it", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway);
  const added = (n: number) => ({ aggregate: "counter/c", type: "added", data: n });
  const page = await shown(app, () => {
    const sum = useProjection(useAggregate("counter/c"), {
      initial: 0,
      apply: (total: number, event: { data?: unknown }) => total + (event.data as number),
    });
    return `sum ${sum}`;
  });
  await page.settles("sum 0");
  await act(async () => void app.append([added(1), added(2)]));
  await page.settles("sum 3");
  await act(() => app.whenSettled());
  await page.settles("sum 3");
  await page.unmount();
  await app.close();
});

test("the status line says how the client is", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway, { online: false });
  const page = await shown(app, () => {
    const { state, pending } = useStatus();
    return `${state} ${pending}`;
  });
  assert.equal(page.text(), "offline 0");
  await act(async () => void app.append(painted("b", "1,1", "red")));
  await page.settles("offline 1");
  app.goOnline();
  await page.settles("live 0");
  await page.unmount();
  await app.close();
});

test("presence of others shows until it lapses", async () => {
  const gateway = new ModelGateway();
  const { app, until } = await clientOf(gateway, { aggregates: ["canvas/b"] });
  await app.append(painted("b", "1,1", "red")).confirmed;
  await until(() => app.status.state === "live");
  const put: string[] = [];
  gateway.extension = call => {
    if (!call.path.endsWith("/presence")) return undefined;
    put.push(call.body);
    return new Response(null, { status: 204, headers: { "DPoP-Nonce": gateway.nonce } });
  };
  let putPresence: ReturnType<typeof usePutPresence> | undefined;
  const page = await shown(app, () => {
    putPresence = usePutPresence("canvas/b");
    return [...usePresence("canvas/b").values()].map(({ data }) => String(data)).join();
  });
  await act(() => putPresence!("me"));
  assert.equal(put.length, 1);
  const send = (aggregate: string, instance: string, data: unknown) =>
    gateway.send(`event: presence\ndata: ${JSON.stringify({ aggregate, client: "c", instance, data })}\n\n`);
  send("canvas/b", "tab-1", "Ada");
  send("canvas/other", "tab-1", "Eve");
  send("canvas/b", "tab-2", "Bob");
  await page.settles("Ada,Bob");
  send("canvas/b", "tab-1", null);
  await page.settles("Bob");
  await page.unmount();
  await app.close();
});

test("without a provider the hooks say what is missing", async () => {
  const root = createRoot(container(), { onUncaughtError: () => undefined });
  const lost = createElement(() => String(useCeleriant().clientId));
  await assert.rejects(async () => act(() => root.render(lost)), /no CeleriantProvider above this component/);
});
