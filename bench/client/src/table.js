/** Figures of all rounds as a table: times in milliseconds; of a work that is one time, the median and the extremes. */
export function table(figures) {
  const measured = Object.entries(figures).filter(([, rounds]) => rounds.length > 0);
  const rows = measured.flatMap(([name, rounds]) => rowsOf(name, rounds));
  return ["| Work | p50 | p99 | worst |", "|---|---|---|---|", ...rows, ""].join("\n");
}

function rowsOf(name, rounds) {
  const [first] = rounds;
  const all = pick => rounds.flatMap(pick);
  if (first.shown !== undefined) {
    return [
      row(
        `${name}: shown`,
        all(({ shown }) => shown),
      ),
      row(
        `${name}: durable`,
        all(({ durable }) => durable),
      ),
    ];
  }
  if (first.frames !== undefined) {
    const rows = [
      row(
        `${name}: between frames`,
        all(({ frames }) => frames),
      ),
    ];
    if (first.busy === undefined) return rows;
    return [
      ...rows,
      row(
        `${name}: busy in 1/60 s`,
        all(({ busy }) => busy.frames),
      ),
      row(
        `${name}: longest task of a round`,
        all(({ busy }) => [busy.longest]),
      ),
    ];
  }
  return Object.keys(first).map(part => {
    const label = part === "ms" ? name : `${name}: ${part}`;
    return row(
      label,
      all(figure => [figure[part]]),
    );
  });
}

function row(label, times) {
  const sorted = [...times].sort((one, other) => one - other);
  const at = share => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return `| ${label} | ${[at(0.5), at(0.99), sorted.at(-1)].map(shown).join(" | ")} |`;
}

function shown(ms) {
  return ms < 10 ? ms.toFixed(2) : ms.toFixed(0);
}
