/** A document for React, and a root in it. Import this before React's DOM. */
import { Window } from "happy-dom";

const window = new Window({ url: "http://app.test/" });
const { document } = window;
// No more of it than React asks for: the client would take its locks for those of a browser with tabs.
const navigator = { userAgent: window.navigator.userAgent };
for (const [name, value] of Object.entries({ window, document, navigator, IS_REACT_ACT_ENVIRONMENT: true })) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

export function container(): HTMLElement {
  const element = window.document.createElement("div");
  window.document.body.append(element);
  return element as unknown as HTMLElement;
}
