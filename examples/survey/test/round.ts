/** What the log has of the sites of a round, asked for by a client of its own. */
import { connect, memoryBuffer, type Recorded, type EventInput } from "celeriant";

export type Logged = EventInput & Recorded;

/** Every event of every site of the round, by the site's name, in the order of the log. */
export async function logged(url: string, round: string): Promise<Map<string, Logged[]>> {
  const app = await connect({ url, org: "survey", buffer: memoryBuffer() });
  const sites = new Map<string, Logged[]>();
  try {
    for await (const { key = "" } of app.readEvents(`round/${round}`)) {
      if (!key.startsWith("site/")) continue;
      const events: Logged[] = [];
      for await (const event of app.readEvents(key)) events.push(event);
      sites.set(String(events[0]?.data), events);
    }
  } finally {
    await app.close();
  }
  return sites;
}

/** How often each type of event is there. */
export function counted(events: readonly Logged[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
