import type { Effect } from "./effects.ts";
import type { History } from "./histories.ts";
import type { TrailEntry } from "./readTrail.ts";

/**
 * How many invitations a person got beyond one for each decision to let them in.
 *
 * A mail whose call the journal names belongs to that decision. One whose answer or worker was lost belongs to no entry:
 * it is taken for the one mail of a decision that was not settled yet when it was sent and has no mail in the journal,
 * and is a duplicate if there is no such decision left.
 *
 * @param mails invitations to the history's own person
 */
export function countDuplicateInvites(
  history: History,
  mails: readonly Effect[],
  journal: ReadonlyMap<string, TrailEntry>,
): number {
  const requestIds = new Set(mails.map(({ requestId }) => requestId));
  const entries = history.filter(({ wants }) => wants === "in").flatMap(({ id }) => journal.get(id) ?? []);
  const named = new Set(
    entries.flatMap(({ outcome, requestId }) =>
      outcome === "applied" && requestId !== undefined ? [requestId] : [],
    ),
  );
  const open = entries
    .filter(({ outcome, requestId }) => outcome !== "applied" || !requestIds.has(requestId ?? ""))
    .map(({ settledAt }) => settledAt)
    .sort((a, b) => a - b);
  const unnamed = mails
    .filter(({ requestId }) => !named.has(requestId))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  return unnamed.length - matched(unnamed, open);
}

/** How many of the mails can each have a decision of its own that was settled only after them. Both in order of time. */
function matched(mails: readonly number[], settlements: readonly number[]): number {
  let count = 0;
  for (const settledAt of settlements)
    if ((mails[count] ?? Number.POSITIVE_INFINITY) <= settledAt) count += 1;
  return count;
}
