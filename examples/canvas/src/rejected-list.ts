import type { RejectedAppend } from "celeriant";
import { element } from "../../shared/src/elements.js";
import { button, node } from "../../shared/src/nodes.js";
import { count } from "../../shared/src/status-text.js";

/** What the log refused for good, each with its reason and a button to let it go. */
export function rejectedList(rejected: readonly RejectedAppend[], discard: (id: string) => void): void {
  element("rejected").hidden = rejected.length === 0;
  element("rejected-title").textContent = `${count(rejected.length, "change was", "changes were")} refused`;
  element("rejected-list").replaceChildren(
    ...rejected.map(({ id, problem: { title, code, detail } }) => {
      const reason = `${title ?? code}${detail === undefined ? "" : `: ${detail}`}`;
      return node(
        "li",
        {},
        node("span", {}, reason),
        button("Let go", () => discard(id)),
      );
    }),
  );
}
