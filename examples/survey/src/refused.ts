/** What the log refused for good: the reason, the text that was written, and a way to correct it and send it again. */
import type { RejectedAppend } from "celeriant";
import { showFailure } from "../../shared/src/elements.js";
import { dataOf, fieldOf, writtenOf } from "./fields.js";
import { button, keepList, node } from "../../shared/src/nodes.js";
import { reasonOf } from "./rules.js";
import type { Sites } from "./sites.js";

export class RefusedList {
  constructor(
    private readonly section: HTMLElement,
    private readonly sites: Sites,
  ) {}

  /** What a person is correcting stays as it is. */
  show(rejected: readonly RejectedAppend[]): void {
    this.section.hidden = rejected.length === 0;
    const list = this.section.querySelector("ul")!;
    keepList(
      list,
      rejected,
      append => append.id,
      append => this.item(append),
    );
  }

  private item(append: RejectedAppend): HTMLElement {
    const [event] = append.events;
    const field = append.events.length === 1 ? fieldOf(event?.key) : undefined;
    const what = field?.label ?? append.events.map(({ type }) => type).join(", ");
    const id = event?.aggregate.replace("site/", "") ?? "";
    const correction = node("input", {
      value: field ? writtenOf(field, event?.data) : "",
      hidden: field === undefined,
    });
    correction.setAttribute("aria-label", `${what}, corrected`);
    const form = node("form", {}, correction, node("button", { type: "submit" }, "Send again"));
    form.append(button("Discard", () => void this.sites.app.discardRejected(append.id).catch(showFailure)));
    form.addEventListener("submit", submitted => {
      submitted.preventDefault();
      this.sendAgain(append, correction.value).catch(showFailure);
    });
    const title = node("p", {}, node("b", {}, what), ` of ${this.sites.nameOf(id)}`);
    return node("li", {}, title, node("p", {}, `The log refused it: ${reasonOf(append)}.`), form);
  }

  /** What is corrected takes the place of what was refused, in one step: a page that is killed finds one of the two. */
  private async sendAgain(append: RejectedAppend, written: string): Promise<void> {
    const [event] = append.events;
    const field = append.events.length === 1 ? fieldOf(event?.key) : undefined;
    if (event === undefined || field === undefined || written === writtenOf(field, event.data)) {
      await this.sites.app.retryRejected(append.id).local;
      return;
    }
    const { aggregate, type, key = "" } = event;
    await this.sites.append([{ aggregate, type, key, data: dataOf(field, written) }], append.id);
  }
}
