import type { Effect } from "./effects.ts";
import type { History } from "./histories.ts";
import type { TrailEntry } from "./readTrail.ts";

/** Everything that is known about one aspect of one person, for whoever has to find out what went wrong. */
export function describeHistory(
  history: History,
  effects: readonly Effect[],
  journal: ReadonlyMap<string, TrailEntry>,
): string {
  const decisions = history.map(({ id, wants, occurredAt }) => {
    const { outcome = "nothing", code = "", requestId = "", settledAt } = journal.get(id) ?? {};
    const settled = settledAt === undefined ? "" : `, settled ${iso(settledAt)}`;
    return `\n  decided ${iso(occurredAt)} ${id} "${wants}": ${outcome} ${code} ${requestId}${settled}`;
  });
  const happened = effects.map(
    ({ at, result, requestId, isMail }) =>
      `\n  happened ${iso(at)} "${result}"${isMail ? " by mail" : ""} ${requestId}`,
  );
  return [...decisions, ...happened].join("");
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
