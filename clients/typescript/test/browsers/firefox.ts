/** Firefox over WebDriver BiDi: Debian's package firefox-esr, driven as it is. */
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { browserOf, tabOf } from "./chromium.js";
import type { Engine } from "./engine.js";

const PATH = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync);

export const firefox: Engine = {
  name: "Firefox",
  missing: PATH === undefined ? "needs Firefox (Debian's package firefox-esr)" : undefined,
  keepsProfile: true,
  async start(profile, isPrivate = false) {
    const started = await puppeteer.launch({
      browser: "firefox",
      executablePath: PATH!,
      headless: true,
      userDataDir: profile,
      extraPrefsFirefox: { "browser.privatebrowsing.autostart": isPrivate },
    });
    return browserOf(started, page => Promise.resolve(tabOf(page)));
  },
};
