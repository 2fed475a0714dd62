/** What must hold in a simulated world: some of it after every step, the rest when all has come to rest. */
import type { AppendRef, ConfirmedRegister } from "../../src/model.js";
import type { Cursor } from "../../src/buffer/local-buffer.js";
import type { BufferTables } from "../../src/buffer/tables.js";
import { PUT_BACK, type Device, type Tracked } from "./device.js";
import type { OrgLog } from "./org-log.js";
import type { World } from "./world.js";

/** After a step, of one device, whatever costs little. */
export function inspect(world: World, device: Device): void {
  const { doubled } = world.log;
  if (doubled !== undefined) world.fail(`${doubled} is in the log twice`);
  if (device.app === undefined) return;
  inspectQueue(world, device);
}

/** Once in some steps, of one device, the rest. */
export function inspectThoroughly(world: World, device: Device): void {
  inspect(world, device);
  if (device.app === undefined) return;
  inspectKept(world, device);
  inspectStored(world, device);
  for (const name of device.views.keys()) inspectOverlay(world, device, name);
}

/** Appends wait in the order of their numbers, without a gap between them. */
function inspectQueue(world: World, device: Device): void {
  let last: number | undefined;
  for (const sequence of pendingOf(device).keys()) {
    if (last !== undefined && sequence !== last + 1) world.fail(`${device.name}: ${sequence} follows ${last}`);
    last = sequence;
  }
}

/** What is durable is pending, in the log, or in the rejected list with its reason. */
function inspectKept(world: World, device: Device): void {
  const kept = new Set<string>();
  for (const { id } of pendingOf(device).values()) kept.add(id);
  for (const { id } of rejectedOf(device)) kept.add(id);
  for (const { durable, excused, id } of device.tracked) {
    if (!durable || excused !== undefined || world.log.landed.has(id) || kept.has(id)) continue;
    if (!world.formerLogs.some(log => log.landed.has(id))) world.fail(`${device.name}: ${id} is lost`);
  }
  for (const { id, problem } of rejectedOf(device)) {
    if (typeof problem.code !== "string") world.fail(`${device.name}: ${id} was rejected for no reason`);
  }
}

/** What is looked at in a buffer's tables. */
interface Stored {
  readonly cursor: Cursor | null;
  readonly follows: readonly string[];
  readonly loadAggregate: BufferTables["loadAggregate"];
}

/** The position of what is stored is never ahead of what is stored: it is what some log said just there. */
function inspectStored(world: World, device: Device): void {
  const { tables } = device.buffer as unknown as { readonly tables: Stored };
  const { cursor, follows } = tables;
  if (cursor === null) return;
  const { check, position } = cursor;
  const log = world.logs.find(each => check === undefined || each.hash(check.position) === check.hash);
  if (log === undefined || position > log.position || world.formerLogs.length > 0) return;
  for (const name of follows) {
    const stored = tables.loadAggregate(name);
    if (stored === undefined || stored.version === 0) continue;
    const { events } = log.book(name)!;
    let version = log.versionAt(name, Math.max(position, stored.position));
    // What was trimmed meanwhile was not shown.
    while (version > stored.version && !log.isThere(events[version - 1]!)) version--;
    if (stored.version < version && log.book(name)!.exists && mayRead(log, device, name)) {
      world.fail(`${device.name}: at ${position} ${name} is at ${stored.version}, not ${version}`);
    }
    compare(world, `${device.name}: stored ${name}`, stored.registers, log.registersAt(name, stored.version));
  }
}

/** On top of what is confirmed lies what is pending, in the order of its numbers. */
function inspectOverlay(world: World, device: Device, name: string): void {
  const open = device.innards.aggregates.get(name);
  if (open === undefined) return;
  const expected = [...pendingOf(device).values()]
    .filter(append => append.events.some(event => event.aggregate === name))
    .map(append => append.id);
  const stored = new Set(expected);
  const shown = [...open.overlay.entries(name)].filter(entry => stored.has(entry.id));
  if (shown.some(entry => entry.confirmation !== undefined)) {
    world.fail(`${device.name}: ${name} shows as confirmed what is pending`);
  }
  // One that was read back before the answer to its push came is part of what is confirmed.
  const ids = new Set(shown.map(entry => entry.id));
  const missing = expected.filter(id => !ids.has(id) && !world.logs.some(log => log.landed.has(id)));
  const inOrder = expected.filter(id => ids.has(id));
  if (missing.length > 0) world.fail(`${device.name}: ${name} does not show ${missing.join()}`);
  if ([...ids].join() !== inOrder.join()) {
    world.fail(`${device.name}: ${name} has ${[...ids].join()} over each other, not ${inOrder.join()}`);
  }
}

/** When everything is healed and nothing moves any more. */
export function inspectAtRest(world: World): void {
  for (const device of world.devices) {
    inspectThoroughly(world, device);
    for (const name of device.views.keys()) inspectView(world, device, name);
    inspectOrder(world, device);
  }
  for (const tracked of world.tracked.values()) inspectFate(world, tracked);
}

/** Every client shows of every aggregate what the log says. */
function inspectView(world: World, device: Device, name: string): void {
  const view = device.views.get(name)!;
  const { log } = world;
  const readable = mayRead(log, device, name) && log.exists(name);
  const version = readable ? log.book(name)!.version : 0;
  const where = `${device.name} at rest: ${name}`;
  const deleted = !log.exists(name) && view.version === (log.book(name)?.version ?? 0);
  if (view.version !== version && !deleted) world.fail(`${where} is at ${view.version}, not ${version}`);
  const registers = log.registersAt(name, version);
  compare(world, where, view.registers, registers);
  const entries = [...device.innards.aggregates.get(name)!.overlay.entries(name)];
  if (entries.length > 0) world.fail(`${where} still has ${entries.length} on top`);
  const shown = device.projections.get(name);
  if (shown !== undefined && readable) inspectProjection(world, where, shown.state, log, name);
}

/** A projection has folded each event once, in order, up to the last. */
function inspectProjection(
  world: World,
  where: string,
  shown: readonly (readonly [number, string])[],
  log: OrgLog,
  name: string,
): void {
  const { events, firstVersion, version } = log.book(name)!;
  const first = shown[0]?.[0] ?? version + 1;
  if (first > firstVersion) world.fail(`${where}: the projection begins at ${first}, not at ${firstVersion}`);
  shown.forEach(([at, id], place) => {
    if (at !== first + place) world.fail(`${where}: the projection has ${at} in the place of ${first + place}`);
    if (events[at - 1]?.id !== id) world.fail(`${where}: the projection has another ${at} than the log`);
  });
  if (first + shown.length !== version + 1) world.fail(`${where}: the projection ends at ${first + shown.length - 1}`);
}

/**
 * The appends of one device are in the log in the order in which they were made. What a log lost of two identities of
 * one device is in order under each.
 */
function inspectOrder(world: World, device: Device): void {
  const { log } = world;
  const last = new Map<string, Tracked>();
  for (const tracked of device.tracked) {
    const position = log.landed.get(tracked.id);
    // A request of the storage that was put back may have been late.
    if (position === undefined || tracked.excused === PUT_BACK) continue;
    const identity = world.formerLogs.length === 0 ? "any" : log.events[position - 1]!.client;
    const before = last.get(identity);
    if (before !== undefined && log.landed.get(before.id)! > position) {
      world.fail(`${device.name}: ${tracked.id} stands before ${before.id}`);
    }
    last.set(identity, tracked);
  }
}

/** Every append that was durable is in the log, or was rejected and is listed. */
function inspectFate(world: World, { id, device, durable, excused, verdict }: Tracked): void {
  const landed = world.log.landed.has(id);
  const rejected = rejectedOf(device).some(append => append.id === id);
  if (landed && rejected) world.fail(`${id} is in the log and in the rejected list`);
  if (!durable || excused !== undefined || landed || rejected) return;
  world.fail(`${device.name}: ${id} is lost (${verdict ?? "never judged"})`);
}

function compare(
  world: World,
  where: string,
  shown: ReadonlyMap<string, Partial<ConfirmedRegister>>,
  expected: ReadonlyMap<string, ConfirmedRegister>,
): void {
  if (areSame(shown, expected)) return;
  const text = (registers: ReadonlyMap<string, Partial<ConfirmedRegister>>) =>
    [...registers].map(([key, { data, version }]) => `${key}=${JSON.stringify(data)}@${version}`).sort();
  const [is, should] = [text(shown).join(" "), text(expected).join(" ")];
  if (is !== should) world.fail(`${where} shows [${is}], not [${should}]`);
}

/** Whether they are the same at the first glance: most are, and no text is made for them. */
function areSame(
  shown: ReadonlyMap<string, Partial<ConfirmedRegister>>,
  expected: ReadonlyMap<string, ConfirmedRegister>,
): boolean {
  if (shown.size !== expected.size) return false;
  for (const [key, { data, version }] of expected) {
    const is = shown.get(key);
    if (is === undefined || is.version !== version || is.data !== data) return false;
  }
  return true;
}

function mayRead(log: OrgLog, device: Device, name: string): boolean {
  return log.allows(device.app!.clientId, name);
}

function pendingOf(device: Device) {
  return (device.innards.outbox as unknown as { pending: Map<number, AppendRef & { events: { aggregate: string }[] }> })
    .pending;
}

function rejectedOf(device: Device) {
  return device.app === undefined ? [] : device.innards.outbox.rejected;
}
