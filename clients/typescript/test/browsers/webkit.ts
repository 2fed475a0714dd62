/**
 * WebKit, Safari's engine: Debian's webkit2gtk-driver, over W3C WebDriver, on a display of its own (xvfb). Each tab is
 * a window of its own, since the driver never looks at a second tab. Automated windows are private ones. The driver
 * answers nothing more once the process of a page was killed: then the pages that are left are asked themselves.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { PATIENCE_MS, type Browser, type Engine, type Tab } from "./engine.js";
import { ANSWER_LETTERS, Letterbox } from "./letterbox.js";
import { endsOf } from "./processes.js";

const NEEDED = ["/usr/bin/WebKitWebDriver", "/usr/bin/xvfb-run", "/usr/bin/xauth"];
const ENVIRONMENT = {
  WEBKIT_DISABLE_COMPOSITING_MODE: "1",
  LIBGL_ALWAYS_SOFTWARE: "1",
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
};
const MISSING = "needs WebKit's driver and a display (Debian's packages webkit2gtk-driver, xvfb and xauth)";

export const webkit: Engine = {
  name: "WebKit",
  missing: NEEDED.every(existsSync) && miniBrowser() !== undefined ? undefined : MISSING,
  keepsPages: true,
  keepsProfile: false,
  ends: ["freeze", "crash"],
  async start() {
    const port = await freePort();
    const driver = spawn("xvfb-run", ["-a", "WebKitWebDriver", `--port=${port}`], {
      env: { ...process.env, ...ENVIRONMENT },
      stdio: "ignore",
      detached: true,
    });
    const root = `http://127.0.0.1:${port}`;
    await patiently(() => fetch(`${root}/status`));
    const options = { binary: miniBrowser(), args: ["--automation"] };
    const timeouts = { script: PATIENCE_MS, pageLoad: PATIENCE_MS };
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options, timeouts } };
    const { sessionId } = await call<{ sessionId: string }>(root, "POST", "/session", { capabilities });
    return browserOf(driver, `${root}/session/${sessionId}`);
  },
};

function miniBrowser(): string | undefined {
  const libraries = existsSync("/usr/lib") ? readdirSync("/usr/lib").filter(name => name.includes("linux-gnu")) : [];
  const places = libraries.flatMap(library =>
    ["4.1", "4.0", "6.0"].map(version => `/usr/lib/${library}/webkit2gtk-${version}/MiniBrowser`),
  );
  return places.find(existsSync);
}

function browserOf(driver: ChildProcess, session: string): Browser {
  const boxes: Letterbox[] = [];
  const end = async () => {
    if (driver.exitCode !== null || driver.signalCode !== null) return;
    const ended = once(driver, "exit");
    // The driver, its display and the browser are one group of processes.
    process.kill(-driver.pid!, "SIGKILL");
    await ended;
    for (const box of boxes) box.close();
  };
  const open: string[] = [];
  let driven = true;
  return {
    async open(url) {
      const [known] = open;
      if (known !== undefined) await call(session, "POST", "/window", { handle: known });
      const handle =
        known === undefined
          ? await call<string>(session, "GET", "/window")
          : (await call<{ handle: string }>(session, "POST", "/window/new", { type: "window" })).handle;
      open.push(handle);
      const tab = tabOf(session, handle, () => open.splice(open.indexOf(handle), 1));
      await call(session, "POST", "/window", { handle });
      await call(session, "POST", "/url", { url });
      const box = await Letterbox.open();
      boxes.push(box);
      await tab.run(ANSWER_LETTERS, box.url);
      const ends = endsOf(driver.pid!, tab);
      return {
        ...tab,
        ...ends,
        run: (body, ...given) => (driven ? tab.run(body, ...given) : box.ask(body, given)),
        crash: async () => {
          await ends.crash();
          driven = false;
        },
      };
    },
    kill: end,
    async close() {
      await call(session, "DELETE", "").catch(() => undefined);
      await end();
    },
  };
}

const SCRIPT = `const told = arguments[arguments.length - 1];
  new Function("given", "return (async (...given) => { " + arguments[0] + " })(...given)")(arguments[1]).then(
    found => told({ found: JSON.stringify(found ?? null) }),
    error => told({ error: String(error) }),
  );`;

/** One window is addressed at a time: whoever runs in a tab switches to it first. */
function tabOf(session: string, handle: string, closed: () => void): Tab {
  return {
    async run(body, ...given) {
      await call(session, "POST", "/window", { handle });
      const answer = await call<{ found?: string; error?: string }>(session, "POST", "/execute/async", {
        script: SCRIPT,
        args: [body, given],
      });
      if (answer.error !== undefined) throw new Error(answer.error);
      return JSON.parse(answer.found!) as never;
    },
    async goTo(url) {
      await call(session, "POST", "/window", { handle });
      await call(session, "POST", "/url", { url });
    },
    async goBack() {
      await call(session, "POST", "/window", { handle });
      await call(session, "POST", "/back", {});
    },
    async close() {
      await call(session, "POST", "/window", { handle });
      await call(session, "DELETE", "/window");
      closed();
    },
  };
}

async function call<T>(root: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(root + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
  return value;
}

async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
