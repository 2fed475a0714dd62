/** What is measured of this client. A page holds one client; the browser's driver calls these one after the other. */
import { connect } from "celeriant";
import { valueAt } from "../values.js";

let app;
let view;

function painted(aggregate, at, keys) {
  return { aggregate, type: "cell-painted", key: `cell-${at % keys}`, data: valueAt(at) };
}

/** One append after the other: until it is in the view, and until it is durable. */
export async function append({ count, keys, url, org, aggregate }) {
  app ??= await connect({ url, org, online: false });
  view ??= await app.open(aggregate);
  const shown = [];
  const durable = [];
  for (let at = 0; at < count; at++) {
    const begun = performance.now();
    const handle = app.append(painted(aggregate, at, keys));
    if (view.registers.get(`cell-${at % keys}`).data.at !== at) throw new Error("the append is not shown");
    shown.push(performance.now() - begun);
    await handle.local;
    durable.push(performance.now() - begun);
  }
  return { shown, durable };
}

/** So many appends while offline, at once; until all are durable. */
export async function pend({ count, keys, url, org, aggregate }) {
  app = await connect({ url, org, online: false });
  const begun = performance.now();
  const handles = Array.from({ length: count }, (_, at) => app.append(painted(aggregate, at, keys)));
  await handles.at(-1).local;
  return { ms: performance.now() - begun };
}

/** From the moment when there is a network until nothing is pending. */
export async function sync() {
  const begun = performance.now();
  app.goOnline();
  await app.whenSettled();
  return { ms: performance.now() - begun };
}

/** A client that starts, without a network, until an aggregate's last known state is there. */
export async function open({ url, org, aggregate, keys }) {
  const begun = performance.now();
  app = await connect({ url, org, online: false });
  const connected = performance.now() - begun;
  view = await app.open(aggregate);
  const ms = performance.now() - begun;
  if (view.registers.size !== keys) throw new Error(`${view.registers.size} registers, not ${keys}`);
  return { ms, connected };
}

/** A client that has never been here, until an aggregate's state is there, and until it is stored and followed. */
export async function firstSync({ url, org, aggregate, keys }) {
  const begun = performance.now();
  app = await connect({ url, org });
  view = await app.open(aggregate);
  await new Promise(resolve => {
    const look = () => view.registers.size === keys && resolve();
    view.subscribe(look);
    look();
  });
  const ms = performance.now() - begun;
  await app.whenLive();
  return { ms, live: performance.now() - begun };
}

/** Paints every register that changes, once a frame, until so many events came; the times between the frames. */
export async function follow({ url, org, aggregate, events }) {
  app = await connect({ url, org });
  view = await app.open(aggregate);
  await app.whenLive();
  const canvas = document.body.appendChild(document.createElement("canvas"));
  canvas.width = canvas.height = 512;
  const paint = canvas.getContext("2d");
  const dirty = new Set();
  view.subscribe(({ keys }) => keys.forEach(key => dirty.add(key)));
  const target = view.version + events;
  const frames = [];
  let last = performance.now();
  window.following = new Promise(resolve => {
    const frame = now => {
      frames.push(now - last);
      last = now;
      for (const key of dirty) {
        const at = Number(key.slice(5));
        paint.fillStyle = view.registers.get(key).data.colour;
        paint.fillRect((at % 32) * 16, Math.floor(at / 32) * 16, 16, 16);
      }
      dirty.clear();
      if (view.version >= target) resolve({ frames });
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

export async function followed() {
  return await window.following;
}

export async function close() {
  await app?.close();
}
