/** The colours to paint with, as a row of radio buttons; the last one takes a cell's colour away. */

const COLOURS: readonly (readonly [name: string, colour: string])[] = [
  ["ink", "#1f2430"],
  ["slate", "#6b7280"],
  ["white", "#ffffff"],
  ["brown", "#7a4e2d"],
  ["red", "#d64545"],
  ["coral", "#f2845c"],
  ["gold", "#d4a017"],
  ["yellow", "#f6d743"],
  ["moss", "#5d8233"],
  ["green", "#2fa36b"],
  ["teal", "#1b998b"],
  ["sky", "#6bb7e8"],
  ["blue", "#2e62c9"],
  ["violet", "#6d4bc3"],
  ["pink", "#e27bb1"],
];

/** null: take the colour away. */
export type Paint = string | null;

export class Palette {
  private chosen: Paint = "#d64545";

  constructor(private readonly container: HTMLElement) {
    for (const [name, colour] of COLOURS) this.add(name, colour);
    this.add("eraser", null);
  }

  get paint(): Paint {
    return this.chosen;
  }

  private add(name: string, paint: Paint): void {
    const label = document.createElement("label");
    label.className = paint === null ? "swatch eraser" : "swatch";
    label.title = name;
    if (paint !== null) label.style.setProperty("--paint", paint);
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "paint";
    radio.value = paint ?? "";
    radio.checked = paint === this.chosen;
    radio.setAttribute("aria-label", name);
    radio.addEventListener("change", () => {
      this.chosen = paint;
    });
    label.append(radio);
    this.container.append(label);
  }
}
