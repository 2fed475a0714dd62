/**
 * What the log takes for a measurement: the rule is kept where everybody's appends pass. A page that was away for days
 * may not know the latest one; what it noted meanwhile is refused on its way in, shown with the reason, and the rest
 * goes on. In the demo any device may say what the rules are; elsewhere that is an administrator's.
 */
import { schemasOf, type Celeriant, type RejectedAppend } from "celeriant";

const CRACK_MEASURED = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "number",
  minimum: 0,
  maximum: 200,
};

/** The same again changes nothing. */
export async function stateRules(app: Celeriant): Promise<void> {
  await app.whenLive();
  await schemasOf(app).put({ eventType: "crack-measured", typeVersion: "1.0" }, CRACK_MEASURED);
}

/** Why the log refused an append, in the words of its answer. */
export function reasonOf({ problem }: RejectedAppend): string {
  const errors = Array.isArray(problem["errors"]) ? (problem["errors"] as { message?: string }[]) : [];
  const said = errors.flatMap(({ message }) => message ?? []).join(", ");
  return said || problem.detail || problem.title || problem.code;
}
