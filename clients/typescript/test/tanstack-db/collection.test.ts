import assert from "node:assert/strict";
import { test } from "node:test";
import { createCollection, createLiveQueryCollection, eq } from "@tanstack/db";
import { registerCollection } from "../../src/tanstack-db.js";
import { clientOf } from "../support/client.js";
import { ModelGateway } from "../support/model-gateway.js";

interface Task {
  id: string;
  title: string;
  done: boolean;
}

const OPTIONS = { aggregate: "list/l", type: "task-set", getKey: (task: Task) => task.id };
const task = (id: string, done = false): Task => ({ id, title: `task ${id}`, done });

async function tasksOf(gateway: ModelGateway) {
  const client = await clientOf(gateway);
  const tasks = createCollection(registerCollection<Task>(client.app, OPTIONS));
  await tasks.preload();
  const shown = () => tasks.toArray.map(({ id, done }) => `${id}${done ? "+" : ""}`).sort();
  const close = async () => {
    await tasks.cleanup();
    await client.app.close();
  };
  return { ...client, tasks, shown, close };
}

test("rows are inserted, updated and deleted at once, and others see it", async () => {
  const gateway = new ModelGateway();
  const [ada, bob] = [await tasksOf(gateway), await tasksOf(gateway)];
  const inserted = ada.tasks.insert([task("a"), task("b")]);
  assert.deepEqual(ada.shown(), ["a", "b"]);
  await inserted.isPersisted.promise;
  await bob.until(() => bob.shown().join() === "a,b");
  bob.tasks.update("a", draft => {
    draft.done = true;
  });
  assert.deepEqual(bob.shown(), ["a+", "b"]);
  bob.tasks.delete("b");
  await ada.until(() => ada.shown().join() === "a+");
  assert.deepEqual(
    gateway.log.events.map(event => [event.type, event.key, (event.data as Task | null)?.done]),
    [
      ["task-set", "a", false],
      ["task-set", "b", false],
      ["task-set", "a", true],
      ["task-set", "b", undefined],
    ],
  );
  await ada.close();
  await bob.close();
});

test("rows that are changed offline stay, and are sent when the client is back", async () => {
  const gateway = new ModelGateway();
  const ada = await tasksOf(gateway);
  ada.app.goOffline();
  await ada.tasks.insert(task("a")).isPersisted.promise;
  assert.deepEqual(ada.shown(), ["a"]);
  assert.equal(gateway.log.events.length, 0);
  ada.app.goOnline();
  await ada.app.whenSettled();
  assert.equal(gateway.log.events.length, 1);
  assert.deepEqual(ada.shown(), ["a"]);
  await ada.close();
});

test("a row that the log rejects goes back to what it was", async () => {
  const gateway = new ModelGateway();
  const ada = await tasksOf(gateway);
  await ada.tasks.insert(task("a")).isPersisted.promise;
  await ada.app.whenSettled();
  gateway.log.admission = () => ({ code: "access-denied", status: 403, done: "settled" });
  ada.tasks.update("a", draft => {
    draft.done = true;
  });
  await ada.until(() => ada.app.status.rejected === 1);
  await ada.until(() => ada.shown().join() === "a");
  await ada.close();
});

test("a live query follows the log", async () => {
  const gateway = new ModelGateway();
  const [ada, bob] = [await tasksOf(gateway), await tasksOf(gateway)];
  const open = createLiveQueryCollection(query =>
    query.from({ task: ada.tasks }).where(({ task: row }) => eq(row.done, false)),
  );
  await open.preload();
  bob.tasks.insert([task("a"), task("b", true), task("c")]);
  await ada.until(() => open.toArray.length === 2);
  bob.tasks.update("a", draft => {
    draft.done = true;
  });
  await ada.until(() => open.toArray.map(row => row.id).join() === "c");
  await open.cleanup();
  await ada.close();
  await bob.close();
});

test("registers of another form become rows, and rows data, as the application says", async () => {
  const gateway = new ModelGateway();
  const { app } = await clientOf(gateway, { online: false });
  app.append({ aggregate: "list/l", type: "task-set", key: "a", data: ["Write", false] });
  app.append({ aggregate: "list/l", type: "note", key: "n", data: "not a task" });
  const tasks = createCollection(
    registerCollection<Task>(app, {
      ...OPTIONS,
      toRow: ({ type, data }, id) => {
        if (type !== "task-set") return undefined;
        const [title, done] = data as [string, boolean];
        return { id, title, done };
      },
      toData: ({ title, done }) => [title, done],
    }),
  );
  await tasks.preload();
  assert.deepEqual(
    tasks.toArray.map(({ title }) => title),
    ["Write"],
  );
  await tasks.insert({ id: "b", title: "Read", done: true }).isPersisted.promise;
  const view = await app.open("list/l");
  assert.deepEqual(view.registers.get("b")?.data, ["Read", true]);
  await tasks.cleanup();
  await app.close();
});
