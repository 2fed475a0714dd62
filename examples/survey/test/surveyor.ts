/** One surveyor, or somebody in the office: what they do and see on the page. */
import type { BrowserContextOptions } from "playwright-core";
import { arrival, Visitor } from "../../shared/test/visitor.js";

export class Surveyor extends Visitor {
  static async arrive(name: string, device: BrowserContextOptions = {}, profile?: string): Promise<Surveyor> {
    return new Surveyor(await arrival(name, device, [], profile));
  }

  /** The same person with the same phone, after the browser was killed: nothing but the profile is left. */
  async afterKill(device: BrowserContextOptions = {}): Promise<Surveyor> {
    await this.kill();
    return await Surveyor.arrive(this.name, device, this.visit.profile);
  }

  async open(url: string, round: string): Promise<void> {
    await this.page.goto(`${url.replace(/\/$/, "")}/survey/#${round}`);
    await this.page.locator("#round-name").filter({ hasText: round }).waitFor();
    await this.page.locator("#status[data-state]").waitFor();
  }

  /** Waits until the page's own files are on the device. */
  async isReady(): Promise<void> {
    await this.page.locator('#in-touch[data-ready="true"]').waitFor();
  }

  async callMe(name: string): Promise<void> {
    await this.page.locator("#me").fill(name);
    await this.page.locator("#me").blur();
  }

  /** Adds a site on the spot, and is at its form. */
  async add(name: string): Promise<void> {
    await this.page.locator("#new-name").fill(name);
    await this.page.keyboard.press("Enter");
    await this.isAt(name);
  }

  async visitSite(name: string): Promise<void> {
    await this.page.locator("#sites a", { hasText: name }).click();
    await this.isAt(name);
  }

  private async isAt(name: string): Promise<void> {
    await this.page.locator("#site-name").filter({ hasText: name }).waitFor();
  }

  async note(field: string, text: string): Promise<void> {
    const control = this.page.locator(`#field-${field}`);
    if (field === "condition") await control.selectOption(text);
    else await control.fill(text);
    await control.blur();
  }

  /** Writes and does not leave the field. */
  async write(field: string, text: string): Promise<void> {
    await this.page.locator(`#field-${field}`).pressSequentially(text);
  }

  /** The phone shows something else now. */
  async putAway(): Promise<void> {
    await this.page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  }

  async toList(): Promise<void> {
    await this.page.locator("#back").click();
  }

  async tick(field: string): Promise<void> {
    await this.page.locator(`#field-${field}`).click();
  }

  /** Waits until a field shows this. */
  async reads(field: string, text: string): Promise<void> {
    await this.page.waitForFunction(
      ([id, wanted]) => (document.getElementById(id!) as HTMLInputElement | null)?.value === wanted,
      [`field-${field}`, text],
    );
  }

  /** What the page says of who set a field. */
  by(field: string, text: string | RegExp): Promise<void> {
    return this.page.locator(`#by-${field}`).filter({ hasText: text }).waitFor();
  }

  /** The changes of a field, latest first. */
  async history(field: string): Promise<string[]> {
    const details = this.page.locator(`.field:has(#field-${field}) details`);
    if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
    await details.locator("li").first().waitFor();
    return await details.locator("li").allTextContents();
  }

  async waitingHere(pending: number): Promise<void> {
    await this.page.locator(`#site-pending[data-pending="${pending}"]`).waitFor();
  }

  async attach(input: "add-photo" | "add-file", name: string, mimeType: string, buffer: Buffer): Promise<void> {
    await this.page.locator(`#${input}`).setInputFiles({ name, mimeType, buffer });
  }

  /** Waits until so many photographs and files are shown. */
  async attachments(number: number): Promise<void> {
    await this.page.waitForFunction(count => document.querySelectorAll("#attached li").length === count, number);
  }

  row(name: string) {
    return this.page.locator("#sites a", { hasText: name });
  }
}
