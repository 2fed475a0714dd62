/** What is measured: each work of each product in a browser of its own, with a profile that nobody used before. */
import { busyPerFrame, inBrowser, profiled } from "./browser.js";
import { ORG } from "./gateway.js";

/** Sizes of the works, in full. */
export const FULL = { appends: 500, pending: 10_000, registers: 100_000, events: 1_000_000, keys: 1_000, seconds: 15 };
const EVENTS_PER_SECOND = 1_000;

/**
 * @param of `url` of the gateway, `pages`, a `backend`, `sizes`, and `profile`, where a CPU profile of a work goes
 * @returns the works by name; each takes the folder of its profile and returns its figures
 */
export function worksOf({ url, pages, backend, sizes, profile }) {
  const gateway = { url, org: ORG };
  const { appends, pending, registers, keys, seconds } = sizes;
  const at = (name, hash) => pages.url(name, hash);
  const profiles = name => (profile === undefined ? undefined : `${profile}/${name}.cpuprofile`);
  let made = 0;

  const append = (name, hash) => folder =>
    inBrowser(folder, at(name, hash), async ({ run, page }) => {
      const options = { keys, ...gateway, aggregate: "bench/own" };
      return await profiled(page, profiles(`append-${name}`), () => run("append", { ...options, count: appends }));
    });

  const open = name => async folder => {
    await inBrowser(folder, at(name, "#watched"), async ({ run }) => {
      if (name === "celeriant") await run("firstSync", { ...gateway, aggregate: "bench/registers", keys: registers });
      else await run("fill", { keys: registers });
    });
    return await inBrowser(folder, at(name), ({ run, page }) =>
      profiled(page, profiles(`open-${name}`), () =>
        run("open", { ...gateway, aggregate: "bench/registers", keys: registers }),
      ),
    );
  };

  const sync = async folder => {
    const aggregate = `bench/pending-${folder.replace(/\W/g, "")}-${made++}`;
    return await inBrowser(folder, at("celeriant"), async ({ run, page }) => {
      const { ms } = await run("pend", { ...gateway, aggregate, count: pending, keys });
      const synced = await profiled(page, profiles("sync"), () => run("sync"));
      return { ms: synced.ms, pend: ms };
    });
  };

  const firstSync = (aggregate, keys) => folder =>
    inBrowser(folder, at("celeriant"), ({ run, page }) =>
      profiled(page, profiles(`first-sync-${keys}`), () => run("firstSync", { ...gateway, aggregate, keys })),
    );

  const follow = folder =>
    inBrowser(folder, at("celeriant"), async ({ run, page }) => {
      const events = EVENTS_PER_SECOND * seconds;
      await run("follow", { ...gateway, aggregate: "bench/live", events });
      const following = () =>
        Promise.all([run("followed"), backend.appendSteadily("bench/live", EVENTS_PER_SECOND, seconds, keys)]);
      const measured = async () => (await following())[0];
      if (profile !== undefined) return await profiled(page, profiles("follow"), measured);
      return await busyPerFrame(page, measured);
    });

  return new Map([
    ["celeriant append", append("celeriant", "")],
    ["celeriant sync", sync],
    ["celeriant open", open("celeriant")],
    ["celeriant first-sync", firstSync("bench/million", keys)],
    ["celeriant first-sync-registers", firstSync("bench/registers", registers)],
    ["celeriant follow", follow],
    ["yjs append", append("yjs", "#watched")],
    ["yjs append-strict", append("yjs", "#strict")],
    ["yjs open", open("yjs")],
    ["rxdb append", append("rxdb", "#watched")],
    ["rxdb append-strict", append("rxdb", "#strict")],
    ["rxdb open", open("rxdb")],
    ["livestore append", append("livestore", "")],
    ["livestore open", open("livestore")],
  ]);
}
