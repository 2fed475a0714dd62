/** The page: connects, opens the board, and ties what a person does to the client, and the client to what is shown. */
import { connect, type AggregateView, type Celeriant } from "celeriant";
import { element, offlineSwitch, showFailure, showStatus } from "../../shared/src/elements.js";
import { wantsOffline } from "../../shared/src/offline-choice.js";
import { Board } from "./board.js";
import { keyOf, type Cell } from "./grid.js";
import { Palette } from "./palette.js";
import { rejectedList } from "./rejected-list.js";
import { Strokes } from "./strokes.js";

const ORG = "demo";
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._~-]{0,99}$/;

/** The board that the address names behind its `#`. */
function boardName(): string {
  const name = location.hash.slice(1);
  return NAME.test(name) ? name : "board-1";
}

async function start(): Promise<void> {
  const offline = wantsOffline();
  const aggregate = `canvas/${boardName()}`;
  const app = await connect({ url: location.origin, org: ORG, online: !offline });
  const view = await app.open(aggregate);
  const palette = new Palette(element("palette"));
  const board = new Board(element<HTMLCanvasElement>("board"), view.registers);
  const paint = (cells: readonly Cell[]) => paintCells(app, aggregate, cells, palette.paint);
  new Strokes(board, paint, cell => showPainter(app, view, cell));
  view.subscribe(() => board.draw());
  board.draw();
  element("board-name").textContent = boardName();
  showWho(app);
  followStatus(app);
  offlineSwitch(app, offline);
  window.addEventListener("hashchange", () => location.reload());
  await navigator.serviceWorker?.register("/offline-worker.js");
}

function paintCells(app: Celeriant, aggregate: string, cells: readonly Cell[], paint: string | null): void {
  const events = cells.map(cell => ({ aggregate, type: "cell-painted", key: keyOf(cell), data: paint }));
  app.append(events).local.catch((error: unknown) => showFailure(error));
}

function followStatus(app: Celeriant): void {
  const show = () => {
    showStatus(app.status);
    void app.rejected().then(rejected => rejectedList(rejected, id => void app.discardRejected(id).catch(showFailure)));
  };
  app.onStatus(show);
  show();
}

function showWho(app: Celeriant): void {
  const me = element("me");
  me.textContent = app.clientId.slice(0, 8);
  me.title = `This device's id, made from its key: ${app.clientId}`;
  element("me-colour").style.setProperty("--paint", colourOf(app.clientId));
}

function showPainter(app: Celeriant, view: AggregateView, cell: Cell | undefined): void {
  const register = cell === undefined ? undefined : view.registers.get(keyOf(cell));
  const painter = register?.client === app.clientId ? "you" : register?.client.slice(0, 8);
  const state = register?.pending === true ? ", waiting" : "";
  element("painter").textContent =
    cell === undefined || painter === undefined ? "" : `${cell.x + 1} × ${cell.y + 1}: ${painter}${state}`;
}

/** A hue that stays with the device. */
function colourOf(clientId: string): string {
  let hue = 0;
  for (const letter of clientId) hue = (hue * 31 + letter.charCodeAt(0)) % 360;
  return `hsl(${hue} 60% 50%)`;
}

start().catch(showFailure);
