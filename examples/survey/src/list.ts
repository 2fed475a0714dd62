/** The sites of the round: which there are, how far each is, and what of it waits here or was refused. */
import type { RejectedAppend } from "celeriant";
import { element } from "../../shared/src/elements.js";
import { count } from "../../shared/src/status-text.js";
import { progressOf } from "./fields.js";
import { keepList, node } from "../../shared/src/nodes.js";
import type { Sites } from "./sites.js";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly progress: string;
  readonly line: string;
  readonly waiting: number;
  readonly refused: number;
}

/** The filters, in the order in which they are offered. */
const FILTERS: Readonly<Record<string, (row: Row) => boolean>> = {
  all: () => true,
  "to do": row => row.progress === "to do",
  started: row => row.progress === "started",
  done: row => row.progress === "done",
  waiting: row => row.waiting > 0,
  refused: row => row.refused > 0,
};

export class SiteList {
  private readonly filter = element<HTMLSelectElement>("filter");
  private readonly search = element<HTMLInputElement>("search");

  constructor(
    private readonly sites: Sites,
    private readonly addressOf: (id: string) => string,
    changed: () => void,
  ) {
    this.filter.append(...Object.keys(FILTERS).map(name => node("option", { value: name }, name)));
    this.filter.addEventListener("change", changed);
    this.search.addEventListener("input", changed);
  }

  show(rejected: readonly RejectedAppend[], open: string | undefined): void {
    const rows = [...this.sites.views.keys()].map(id => this.rowOf(id, rejected));
    rows.sort((one, other) => one.name.localeCompare(other.name));
    for (const option of this.filter.options) {
      option.textContent = `${option.value} (${rows.filter(FILTERS[option.value] ?? (() => false)).length})`;
    }
    const looked = this.search.value.trim().toLowerCase();
    const chosen = FILTERS[this.filter.value] ?? (() => true);
    const shown = rows.filter(row => row.name.toLowerCase().includes(looked)).filter(chosen);
    const list = element("sites");
    keepList(
      list,
      shown,
      row => row.id,
      () => node("li", {}, node("a")),
    );
    shown.forEach((row, place) => this.fill(list.children[place]!.firstElementChild as HTMLAnchorElement, row, open));
    element("no-sites").hidden = rows.length > 0;
    element("none-found").hidden = rows.length === 0 || shown.length > 0;
  }

  private rowOf(id: string, rejected: readonly RejectedAppend[]): Row {
    const { registers } = this.sites.views.get(id)!;
    const told = ["condition", "visited"].flatMap(key => registers.get(key)?.data ?? []);
    const attached = [...registers.keys()].filter(key => /^(photo|file)\//.test(key)).length;
    return {
      id,
      name: this.sites.nameOf(id),
      progress: progressOf(registers),
      line: [...told, ...(attached > 0 ? [count(attached, "attachment", "attachments")] : [])].join(" · "),
      waiting: this.sites.pendingOf(id),
      refused: rejected.filter(({ events }) => events.some(event => event.aggregate === `site/${id}`)).length,
    };
  }

  private fill(link: HTMLAnchorElement, row: Row, open: string | undefined): void {
    link.href = this.addressOf(row.id);
    if (row.id === open) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const badge = (text: string, className: string) => node("span", { className: `badge ${className}` }, text);
    const badges = node("span", { className: "badges" }, badge(row.progress, row.progress.replace(" ", "-")));
    if (row.waiting > 0) badges.append(badge(`${row.waiting} waiting`, "waiting"));
    if (row.refused > 0) badges.append(badge(`${row.refused} refused`, "refused"));
    const lines = [node("b", {}, row.name), badges, node("span", { className: "soft" }, row.line)];
    const isSame = link.textContent === lines.map(line => line.textContent).join("");
    if (!isSame) link.replaceChildren(...lines);
  }
}
