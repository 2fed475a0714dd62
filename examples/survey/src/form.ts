/**
 * The form of one site. Each field is noted by itself, as soon as it is left or the page is hidden: there is nothing to
 * save, and a page that is killed has it. What a person is writing is not touched by what comes from elsewhere.
 */
import type { AggregateView, Projection } from "celeriant";
import { count } from "../../shared/src/status-text.js";
import { CONDITIONS, dataOf, FIELDS, toldOf, writtenOf, type Field } from "./fields.js";
import { withEvent, type Change } from "./history.js";
import { node, when } from "../../shared/src/nodes.js";
import type { Sites } from "./sites.js";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Row {
  readonly field: Field;
  readonly control: Control;
  readonly by: HTMLElement;
  readonly details: HTMLDetailsElement;
  /** Somebody is writing in it. */
  dirty: boolean;
}

export class Form {
  private readonly rows: readonly Row[];
  private readonly history: Projection<readonly Change[]>;
  private readonly ended = new AbortController();

  constructor(
    container: HTMLElement,
    private readonly sites: Sites,
    private readonly view: AggregateView,
  ) {
    this.rows = FIELDS.map(field => this.row(field));
    container.replaceChildren(...this.rows.map(row => fieldset(row)));
    this.history = view.project<readonly Change[]>({ initial: [], apply: withEvent });
    this.history.subscribe(() => this.show());
    const { signal } = this.ended;
    const left = () => document.visibilityState === "hidden" && this.noteAll();
    document.addEventListener("visibilitychange", left, { signal });
    this.show();
  }

  close(): void {
    this.noteAll();
    this.ended.abort();
    this.history.close();
  }

  show(): void {
    for (const row of this.rows) this.showRow(row);
  }

  private row(field: Field): Row {
    const row = { field, control: controlOf(field), by: node("p"), details: node("details"), dirty: false };
    row.details.append(node("summary"), node("ol"));
    row.details.addEventListener("toggle", () => this.showHistory(row));
    row.control.addEventListener("input", () => {
      row.dirty = true;
    });
    row.control.addEventListener("change", () => this.note(row));
    return row;
  }

  private noteAll(): void {
    for (const row of this.rows) if (row.dirty) this.note(row);
  }

  private note(row: Row): void {
    row.dirty = false;
    const { key, type } = row.field;
    const data = dataOf(row.field, written(row.control));
    const known = this.view.registers.get(key)?.data ?? (row.field.control === "tick" ? false : null);
    if (data !== known) void this.sites.append([{ aggregate: this.view.aggregate, type, key, data }]);
    this.showRow(row);
  }

  private showRow(row: Row): void {
    const { field, by, control } = row;
    const register = this.view.registers.get(field.key);
    if (!row.dirty) write(control, writtenOf(field, register?.data));
    const last = this.history.state.findLast(change => change.field === field);
    const said = register === undefined ? [] : [this.sites.who(register.client), when(register.time)];
    if (row.dirty && register !== undefined) said.unshift(`now ${toldOf(field, register.data)}`);
    if (register?.pending === true) said.push("waits on this device");
    const me = this.sites.app.clientId;
    const isReplaced = last?.replaced === me && last.client !== undefined && last.client !== me;
    if (isReplaced) said.push(`replaced yours, ${toldOf(field, last.before)}`);
    by.textContent = said.filter(part => part !== "").join(" · ");
    by.className = register?.pending === true ? "by waiting" : isReplaced ? "by replaced" : "by";
    this.showHistory(row);
  }

  private showHistory({ field, details }: Row): void {
    const changes = this.history.state.filter(change => change.field === field);
    details.hidden = changes.length === 0;
    details.firstElementChild!.textContent = count(changes.length, "change", "changes");
    if (!details.open) return;
    const told = [...changes].reverse().map(change => node("li", {}, this.told(change)));
    details.lastElementChild!.replaceChildren(...told);
  }

  private told({ field, client, data, before, replaced, time, recordedAt }: Change): string {
    const instead = replaced === undefined ? "" : ` instead of ${toldOf(field, before)} by ${this.sites.who(replaced)}`;
    const landed = recordedAt === undefined ? "not in the log yet" : `in the log ${when(recordedAt)}`;
    return `${toldOf(field, data)}${instead}: ${this.sites.who(client)}, ${when(time)}, ${landed}`;
  }
}

function fieldset({ field, control, by, details }: Row): HTMLElement {
  control.id = `field-${field.key}`;
  by.id = `by-${field.key}`;
  control.setAttribute("aria-describedby", by.id);
  const label = node("label", { htmlFor: control.id }, field.label);
  if (field.hint !== undefined) label.append(node("span", { className: "soft" }, ` (${field.hint})`));
  return node("div", { className: `field ${field.control}` }, label, control, by, details);
}

/** A number is written as text: what is none is not thrown away by the browser. */
function controlOf({ control }: Field): Control {
  if (control === "notes") return node("textarea", { rows: 4 });
  if (control === "choice") {
    const options = ["", ...CONDITIONS].map(value => node("option", { value }, value || "not judged yet"));
    return node("select", {}, ...options);
  }
  const type = control === "tick" ? "checkbox" : control === "date" ? "date" : "text";
  return node("input", { type, inputMode: control === "number" ? "decimal" : "", autocomplete: "off" });
}

function isTick(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && control.type === "checkbox";
}

function written(control: Control): string {
  return isTick(control) ? (control.checked ? "yes" : "") : control.value;
}

function write(control: Control, text: string): void {
  if (isTick(control)) control.checked = text === "yes";
  else if (control.value !== text) control.value = text;
}
