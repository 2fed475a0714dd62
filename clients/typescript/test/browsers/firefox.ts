/** Firefox over WebDriver BiDi: Debian's package firefox-esr, driven as it is. */
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { browserOf, tabOf } from "./chromium.js";
import { PATIENCE_MS, type Engine } from "./engine.js";
import { endsOf } from "./processes.js";

const PATH = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync);

export const firefox: Engine = {
  name: "Firefox",
  missing: PATH === undefined ? "needs Firefox (Debian's package firefox-esr)" : undefined,
  keepsPages: false,
  keepsProfile: true,
  ends: ["freeze", "crash"],
  async start(profile, isPrivate = false) {
    const started = await puppeteer.launch({
      browser: "firefox",
      executablePath: PATH!,
      headless: true,
      timeout: PATIENCE_MS,
      userDataDir: profile,
      // Tabs of one site in processes of their own, so that one of them can be stopped.
      extraPrefsFirefox: { "browser.privatebrowsing.autostart": isPrivate, "dom.ipc.processCount.webIsolated": 8 },
    });
    return browserOf(started, page => {
      const tab = tabOf(page);
      return Promise.resolve({ ...tab, ...endsOf(started.process()!.pid!, tab) });
    });
  },
};
