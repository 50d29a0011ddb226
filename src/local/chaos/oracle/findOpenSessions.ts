import type { Effect } from "./effects.ts";
import type { History } from "./histories.ts";
import type { TrailEntry } from "./readTrail.ts";

/** What the journal says of a leave of which nothing is left to do. */
const done: readonly string[] = ["applied", "unchanged"];

/**
 * Leaves that the journal calls done before the person's session was ended, as it had to be; a sentence each.
 *
 * @param suspensions what happened to the person's access
 * @param endings what happened to the person's session
 */
export function findOpenSessions(
  history: History,
  suspensions: readonly Effect[],
  endings: readonly Effect[],
  journal: ReadonlyMap<string, TrailEntry>,
): string[] {
  return history.flatMap(({ id, personId, endsSession }) => {
    const entry = journal.get(id);
    if (!endsSession || entry === undefined || !done.includes(entry.outcome)) return [];
    // Where the journal names no call, any ending may be the one: an earlier try may have suspended the person.
    const suspendedAt = suspensions.find(({ requestId }) => requestId === entry.requestId)?.at ?? 0;
    const isEnded = endings.some(({ at }) => suspendedAt <= at && at <= entry.settledAt);
    return isEnded
      ? []
      : [`${personId}: the journal says that ${id} was done, and the session was not ended`];
  });
}
