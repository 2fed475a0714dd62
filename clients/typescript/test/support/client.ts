/** Clients against a `ModelGateway`, and patience that needs no real time. */
import { connect } from "../../src/connect.js";
import type { Celeriant } from "../../src/celeriant.js";
import type { ConnectOptions } from "../../src/connect-options.js";
import { memoryBuffer } from "../../src/buffer/memory.js";
import { BACKOFF_MAX_MS } from "../../src/limits.js";
import type { ModelGateway } from "./model-gateway.js";
import { TestClock } from "./test-clock.js";

export interface TestClient {
  readonly app: Celeriant;
  readonly clock: TestClock;
  /** Lets the client work until the condition holds; waits between tries pass at once. */
  until(condition: () => boolean): Promise<void>;
}

/** Real time after which a test says what it waited for in vain. */
const PATIENCE_MS = 60_000;

export async function clientOf(gateway: ModelGateway, options: Partial<ConnectOptions> = {}): Promise<TestClient> {
  const clock = (options.clock as TestClock | undefined) ?? new TestClock();
  const app = await connect({
    url: gateway.url,
    org: "demo",
    buffer: memoryBuffer(),
    fetch: gateway.fetch,
    ...options,
    clock,
  });
  return {
    app,
    clock,
    until: condition =>
      patiently(
        condition,
        () => {
          // Not while the answer to a push is waited for: its time would be over, too.
          if (app.status.state === "backing-off" && !app["loop"]["ending"]) clock.advance(BACKOFF_MAX_MS);
        },
        () => JSON.stringify(app.status),
      ),
  };
}

export async function patiently(
  condition: () => boolean,
  nudge: () => void = () => undefined,
  state: () => string = () => "",
): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${condition.toString()} ${state()}`);
    nudge();
    await new Promise(resolve => setImmediate(resolve));
  }
}

/** The pushes of appends, without those that only ask for the head. */
export function pushesTo(gateway: ModelGateway) {
  return gateway.callsTo("/appends").filter(({ body }) => !body.endsWith('"appends":[]}'));
}

export function painted(board: string, key: string, data: string) {
  return { aggregate: `canvas/${board}`, type: "cell-painted", key, data };
}
