/** The page: connects, opens the round, and ties what a person does to the client, and the client to what is shown. */
import { connect, type AggregateView, type Celeriant, type Notice, type RejectedAppend } from "celeriant";
import { element, offlineSwitch, showFailure, showStatus } from "../../shared/src/elements.js";
import { wantsOffline } from "../../shared/src/offline-choice.js";
import { count } from "../../shared/src/status-text.js";
import { Attachments } from "./attachments.js";
import { Form } from "./form.js";
import { InTouch } from "./in-touch.js";
import { SiteList } from "./list.js";
import { RefusedList } from "./refused.js";
import { stateRules } from "./rules.js";
import { Sites } from "./sites.js";

const ORG = "survey";
const ADDRESS = /^#([A-Za-z0-9_-][A-Za-z0-9._~-]{0,99})(?:\/([A-Za-z0-9_-]{1,64}))?$/;
const EXAMPLES = ["Mill Lane footbridge", "Canal bridge 14", "Old railway viaduct"];

/** The round, and the site of it that is looked at, as the address names them behind its `#`. */
function address(): { readonly round: string; readonly site: string | undefined } {
  const [, round = "round-1", site] = ADDRESS.exec(location.hash) ?? [];
  return { round, site };
}

class SurveyPage {
  private readonly list: SiteList;
  private readonly refusedHere: RefusedList;
  private readonly refusedElsewhere: RefusedList;
  private readonly inTouch: InTouch;
  private rejected: readonly RejectedAppend[] = [];
  private shown: { readonly id: string; readonly form: Form; readonly attachments: Attachments } | undefined;
  private due = false;

  constructor(
    private readonly app: Celeriant,
    private readonly sites: Sites,
    private readonly round: string,
  ) {
    this.list = new SiteList(sites, id => `#${round}/${id}`, this.showSoon);
    this.refusedHere = new RefusedList(element("refused-here"), sites);
    this.refusedElsewhere = new RefusedList(element("refused-elsewhere"), sites);
    this.inTouch = new InTouch(app);
    element<HTMLAnchorElement>("back").href = `#${round}`;
    element("round-name").textContent = round;
    this.takeNewSites();
    this.takeMyName();
    app.onStatus(() => this.showStatus());
    this.showStatus();
    window.addEventListener("hashchange", () => {
      if (address().round === this.round) this.showSoon();
      else location.reload();
    });
  }

  /** Shows everything once before the next frame, however often it is asked. */
  readonly showSoon = (): void => {
    if (this.due) return;
    this.due = true;
    setTimeout(() => {
      this.due = false;
      this.show();
    });
  };

  private show(): void {
    const { site } = address();
    const view = site === undefined ? undefined : this.sites.views.get(site);
    const isOther = this.shown?.id !== (view && site);
    if (isOther) this.open(site, view);
    document.body.dataset["at"] = this.shown === undefined ? "list" : "site";
    element("site").hidden = this.shown === undefined;
    if (isOther) element("site-name").focus();
    this.shown?.form.show();
    this.shown?.attachments.show();
    this.list.show(this.rejected, this.shown?.id);
    const isHere = ({ events }: RejectedAppend) => events.some(event => event.aggregate === `site/${this.shown?.id}`);
    const here = this.rejected.filter(isHere);
    this.showHeads(here.length > 0 ? "The log has all but this:" : "Everything here is in the log.");
    this.refusedHere.show(here);
    this.refusedElsewhere.show(this.rejected.filter(append => !isHere(append)));
  }

  private open(id = "", view?: AggregateView): void {
    this.shown?.form.close();
    this.shown = view && {
      id,
      form: new Form(element("form"), this.sites, view),
      attachments: new Attachments(element("attached"), this.sites, view),
    };
    window.scrollTo(0, 0);
  }

  private showHeads(settled: string): void {
    const { app, sites, shown } = this;
    const me = element<HTMLInputElement>("me");
    if (document.activeElement !== me) me.value = sites.calledOf(app.clientId);
    me.placeholder = app.clientId.slice(0, 8);
    if (shown === undefined) return;
    element("site-name").textContent = sites.nameOf(shown.id);
    const waiting = sites.pendingOf(shown.id);
    const stored = waiting === 0 ? settled : `${count(waiting, "change waits", "changes wait")} on this device.`;
    const pending = element("site-pending");
    pending.dataset["pending"] = sites.storing > 0 ? "storing" : String(waiting);
    pending.textContent = sites.storing > 0 ? "Storing…" : stored;
  }

  private showStatus(): void {
    showStatus(this.app.status);
    this.inTouch.show();
    void this.app.rejected().then(rejected => {
      this.rejected = rejected;
      this.showSoon();
    });
  }

  private takeNewSites(): void {
    const name = element<HTMLInputElement>("new-name");
    element("new-site").addEventListener("submit", event => {
      event.preventDefault();
      if (name.value.trim() === "") return;
      location.hash = `#${this.round}/${this.sites.add(name.value.trim())}`;
      name.value = "";
    });
    element("examples").addEventListener("click", () => EXAMPLES.forEach(example => this.sites.add(example)));
  }

  private takeMyName(): void {
    const me = element<HTMLInputElement>("me");
    me.addEventListener("change", () => this.sites.call(me.value.trim()));
  }
}

/** What happened to this device or to the log; nothing was lost by it. */
function showNotice(notice: Notice): void {
  const line = element("notice");
  line.hidden = false;
  if ("resent" in notice) line.textContent = `${notice.kind}: ${notice.resent} changes of this device are sent again.`;
  else line.textContent = `${notice.aggregate}: ${notice.kind}${"reason" in notice ? `, ${notice.reason}` : ""}.`;
}

async function start(): Promise<void> {
  const offline = wantsOffline();
  const { round } = address();
  const app = await connect({ url: location.origin, org: ORG, online: !offline });
  app.onNotice(showNotice);
  let page: SurveyPage | undefined;
  page = new SurveyPage(app, await Sites.of(app, round, () => page?.showSoon()), round);
  page.showSoon();
  offlineSwitch(app, offline);
  await navigator.serviceWorker?.register("offline-worker.js");
  await stateRules(app);
}

start().catch(showFailure);
