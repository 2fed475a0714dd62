/** The same page from a gateway that speaks TLS: the browser chooses HTTP/2, and everything goes over it. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { between, keyOf } from "../src/grid.js";
import { Demo } from "../../shared/test/demo.js";
import { Person } from "./person.js";

const RED = "#d64545";
const HAS_OPENSSL = spawnSync("openssl", ["version"]).status === 0;

const data = mkdtempSync(join(tmpdir(), "canvas-tls-"));
const key = join(data, "key.pem");
const certificate = join(data, "certificate.pem");
let demo: Demo | undefined;
const people: Person[] = [];

after(async () => {
  for (const person of people) await person.leave();
  await demo?.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
});

function makeCertificate(): void {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "7"];
  const files = ["-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", "-x509", ...kind, ...subject, ...files], { stdio: "ignore" });
}

async function arrive(name: string): Promise<Person> {
  const person = await Person.arrive(name, { ignoreHTTPSErrors: true }, ["--ignore-certificate-errors"]);
  people.push(person);
  return person;
}

test("two who draw over HTTP/2 see the same", { skip: HAS_OPENSSL ? false : "openssl is not installed" }, async () => {
  makeCertificate();
  demo = await Demo.start(data, 0, ["--tls-certificate", certificate, "--tls-key", key]);
  assert.match(demo.url, /^https:/);
  const [ada, bob] = [await arrive("ada-tls"), await arrive("bob-tls")];
  await ada.open(demo.url, "tls");
  await bob.open(demo.url, "tls");
  await ada.sees("live", 0);
  await bob.sees("live", 0);
  await ada.choose("red");
  await ada.stroke({ x: 2, y: 2 }, { x: 12, y: 2 });
  const drawn = new Map(between({ x: 2, y: 2 }, { x: 12, y: 2 }).map(cell => [keyOf(cell), RED] as const));
  await bob.shows(drawn);

  const protocols = await ada.page.evaluate(() =>
    performance.getEntries().flatMap(entry => {
      const { nextHopProtocol } = entry as PerformanceResourceTiming;
      return nextHopProtocol === undefined || nextHopProtocol === "" ? [] : [nextHopProtocol];
    }),
  );
  assert.ok(protocols.length > 2, "the page and its requests are measured");
  assert.deepEqual([...new Set(protocols)], ["h2"]);
  assert.deepEqual(ada.faults, []);
});
