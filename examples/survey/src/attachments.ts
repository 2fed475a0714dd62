/** The photographs and files of one site: each is a register of its own. */
import type { AggregateView, RegisterValue } from "celeriant";
import { element, showFailure } from "../../shared/src/elements.js";
import { button, keepList, node, when } from "../../shared/src/nodes.js";
import { attachment, photo, sizeOf, type Attachment } from "./photos.js";
import type { Sites } from "./sites.js";

/** A browser draws these, whatever else their media type lets it do. */
const PICTURE = /^image\/(jpeg|png|webp|gif)$/;

export class Attachments {
  constructor(
    private readonly list: HTMLElement,
    private readonly sites: Sites,
    private readonly view: AggregateView,
  ) {
    this.takeFrom("add-photo", photo);
    this.takeFrom("add-file", attachment);
    this.list.replaceChildren();
    this.show();
  }

  show(): void {
    const kept = [...this.view.registers].filter(([key]) => /^(photo|file)\//.test(key));
    const place = ([, { position = Infinity }]: (typeof kept)[number]) => position;
    kept.sort((one, other) => place(one) - place(other) || one[0].localeCompare(other[0]));
    keepList(
      this.list,
      kept,
      ([key]) => key,
      ([key, register]) => this.item(key, register),
    );
    kept.forEach(([, { client, time, pending }], at) => {
      const said = [this.sites.who(client), when(time), ...(pending ? ["waits on this device"] : [])].join(" · ");
      const by = this.list.children[at]!.querySelector(".by")!;
      by.textContent = said;
      by.classList.toggle("waiting", pending);
    });
  }

  /** The input is there for every site; what it takes is this one's. */
  private takeFrom(id: string, made: (file: File) => Promise<Attachment>): void {
    const input = element<HTMLInputElement>(id);
    input.onchange = () => {
      const files = [...(input.files ?? [])];
      input.value = "";
      element("failure").hidden = true;
      for (const file of files) void made(file).then(this.append, showFailure);
    };
  }

  private readonly append = (of: Attachment): void => {
    void this.sites.append([{ aggregate: this.view.aggregate, ...of }]);
  };

  private item(key: string, { type, data_base64 = "", datacontenttype = "" }: RegisterValue): HTMLElement {
    const name = key.split("/").slice(2).join("/") || "photo.jpg";
    const href = `data:${datacontenttype};base64,${data_base64}`;
    const link = node("a", { href, download: name });
    if (PICTURE.test(datacontenttype)) link.append(node("img", { src: href, alt: `Photograph or file ${name}` }));
    else link.append(`${name}, ${sizeOf((data_base64.length * 3) / 4)}`);
    const remove = button("Remove", () => {
      void this.sites.append([{ aggregate: this.view.aggregate, type, key, data: null }]);
    });
    remove.setAttribute("aria-label", `Remove ${name}`);
    return node("li", {}, link, node("p", { className: "by" }), remove);
  }
}
