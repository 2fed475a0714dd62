/** `bench/client/run --help`: measures the browser client in Chromium, and others beside it, round by round. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { version } from "./browser.js";
import { Backend, startGateway } from "./gateway.js";
import { startPages } from "./page-server.js";
import { table } from "./table.js";
import { FULL, worksOf } from "./works.js";

const USAGE = `bench/client/run [OPTIONS]

--rounds N      so many rounds, each with every work once, in a browser and a profile of its own (default 3)
--only TEXT     only works whose name has this in it; may be repeated
--scale X       works of X times their size (default 1)
--profile DIR   write a CPU profile of each work of one round there; its figures are not to be kept
--json FILE     write every figure there, work by work
--show FILE     measure nothing: the table of the figures in that file
`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string", multiple: true, default: [] },
    scale: { type: "string", default: "1" },
    profile: { type: "string" },
    json: { type: "string" },
    show: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else if (values.show !== undefined) process.stdout.write(table(JSON.parse(await readFile(values.show, "utf8"))));
else await run();

async function run() {
  const folder = await mkdtemp(join(tmpdir(), "celeriant-bench-client-"));
  const gateway = await startGateway(join(folder, "data"));
  const pages = await startPages();
  const backend = await Backend.at(gateway.url);
  try {
    if (values.profile !== undefined) await mkdir(values.profile, { recursive: true });
    const sizes = sizesOf(Number(values.scale));
    const of = { url: gateway.url, pages, backend, sizes, profile: values.profile };
    const works = [...worksOf(of)].filter(([name]) => wanted(name));
    await fill(backend, sizes, works);
    const figures = await rounds(works, folder, values.profile === undefined ? Number(values.rounds) : 1);
    process.stdout.write(`${await version()}, Node ${process.version}, ${cpus().length} cores\n\n${table(figures)}`);
  } finally {
    await backend.close();
    pages.stop();
    await gateway.stop();
    await rm(folder, { recursive: true });
  }
}

function wanted(name) {
  return values.only.length === 0 || values.only.some(text => name.includes(text));
}

function sizesOf(scale) {
  const whole = { ...FULL, events: FULL.events * scale, registers: FULL.registers * scale };
  return { ...whole, appends: FULL.appends * Math.min(1, scale * 10), pending: FULL.pending * scale };
}

async function fill(backend, sizes, works) {
  const needs = text => works.some(([name]) => name.startsWith("celeriant") && name.includes(text));
  if (needs("open") || needs("registers")) await backend.fill("bench/registers", sizes.registers, sizes.registers);
  if (works.some(([name]) => name === "celeriant first-sync")) {
    await backend.fill("bench/million", sizes.events, sizes.keys);
  }
  if (needs("follow")) await backend.fill("bench/live", sizes.keys, sizes.keys);
}

async function rounds(works, folder, count) {
  const figures = Object.fromEntries(works.map(([name]) => [name, []]));
  for (let round = 1; round <= count; round++) {
    for (const [name, work] of works) {
      const profile = join(folder, `${name.replace(" ", "-")}-${round}`);
      process.stderr.write(`round ${round}: ${name}\n`);
      figures[name].push(await work(profile));
      if (values.json !== undefined) await writeFile(values.json, JSON.stringify(figures));
      await rm(profile, { recursive: true, maxRetries: 5 });
    }
  }
  return figures;
}
