export type MishapKind =
  /** The person's process is killed with appends in the buffer that were never sent. */
  | "killed-offline"
  /** The person's process is killed as soon as a push has left it. */
  | "killed-pushing"
  /** The gateway has recorded a push; its answer is cut off and the person's process is killed. */
  | "killed-unanswered"
  /** The gateway is killed while the person goes online, and started again on the same data. */
  | "gateway-killed";

export interface Mishap {
  readonly kind: MishapKind;
  readonly person: number;
  /** It happens after the first burst offline that ends with at least so many steps taken. */
  readonly steps: number;
}

/** When what goes wrong, as shares of a person's steps: the same for every trace. */
const PLANS: readonly (readonly (readonly [share: number, kind: MishapKind])[])[] = [
  [
    [0.1, "killed-offline"],
    [0.3, "killed-pushing"],
    [0.5, "gateway-killed"],
    [0.8, "killed-unanswered"],
  ],
  [
    [0.2, "killed-unanswered"],
    [0.4, "killed-offline"],
    [0.7, "killed-pushing"],
  ],
];

/** What befalls a person, in order; the third and later ones have the fate of the first two, but the gateway's end. */
export function mishapsOf(person: number, steps: number): Mishap[] {
  const plan = PLANS[person % PLANS.length] ?? [];
  return plan
    .filter(([, kind]) => kind !== "gateway-killed" || person === 0)
    .map(([share, kind]) => ({ kind, person, steps: Math.ceil(steps * share) }));
}
