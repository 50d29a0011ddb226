import type { Effect } from "./effects.ts";
import type { History } from "./histories.ts";
import type { TrailEntry } from "./readTrail.ts";

/** Outcomes by which a decision stands over all older ones. A rejected one does too: only a newer one may follow it. */
const standing: readonly string[] = ["applied", "unchanged", "rejected"];

/**
 * Effects of a decision that came after a newer one about the same person and aspect had been settled; a sentence each.
 *
 * The call log names no decision. Where the journal ties the call's request id to one, that is the cause. Elsewhere, for
 * calls whose answer or worker was lost, the cause is unknown: the effect is an error only if every decision that could
 * have wanted it is older than the one that stood by then. So nothing is reported that could be right, and the effect of
 * an older decision goes unnoticed only where a newer one wants the very same.
 *
 * @param effects those of the history's own person and aspect, in any order
 */
export function findRegressions(
  history: History,
  effects: readonly Effect[],
  journal: ReadonlyMap<string, TrailEntry>,
): string[] {
  return effects.flatMap((effect) => {
    const stood = history.findLastIndex(({ id }) => stoodBefore(journal.get(id), effect.at));
    const known = history.findIndex(({ id }) => journal.get(id)?.requestId === effect.requestId);
    const cause = known === -1 ? history.findLastIndex(({ wants }) => wants === effect.result) : known;
    if (cause >= stood) return [];
    const newer = history[stood];
    return [
      `${history[0].personId}: "${effect.result}" of ${history[cause]?.id ?? "no decision"} took effect at ${iso(effect.at)}, after the newer ${newer?.id} ("${newer?.wants}") was settled`,
    ];
  });
}

function stoodBefore(entry: TrailEntry | undefined, time: number): boolean {
  return entry !== undefined && standing.includes(entry.outcome) && entry.settledAt < time;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
