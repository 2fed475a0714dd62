/** Elements that are made by the page's script. Text only: nothing that comes from the log is ever read as HTML. */

export function node<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  of: Partial<HTMLElementTagNameMap[T]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[T] {
  const made = Object.assign(document.createElement(tag), of);
  made.append(...children);
  return made;
}

export function button(text: string, pressed: () => void): HTMLButtonElement {
  const made = node("button", { type: "button" }, text);
  made.addEventListener("click", pressed);
  return made;
}

/** Brings a list to these items and keeps the elements of those that stay, with what a person is doing in them. */
export function keepList<T>(
  list: HTMLElement,
  items: readonly T[],
  idOf: (item: T) => string,
  make: (item: T) => HTMLElement,
): void {
  const there = new Map([...list.children].map(child => [(child as HTMLElement).dataset["id"], child]));
  const wanted = items.map(item => {
    const made = there.get(idOf(item)) ?? make(item);
    (made as HTMLElement).dataset["id"] = idOf(item);
    return made;
  });
  const isSame = wanted.length === list.children.length && wanted.every((made, place) => list.children[place] === made);
  if (!isSame) list.replaceChildren(...wanted);
}

const DAY_AND_TIME = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** A moment for people; what is no moment gives nothing. */
export function when(time: string | number | undefined): string {
  const moment = new Date(time ?? NaN);
  return Number.isNaN(moment.getTime()) ? "" : DAY_AND_TIME.format(moment);
}
