import type { Decision } from "./decision.ts";
import type { TrailEntry } from "./readTrail.ts";

/** How a decision ends that stands over all older ones. */
const ends: readonly string[] = ["applied", "unchanged", "rejected"];
const carriedOut: readonly string[] = ["applied", "unchanged"];

/**
 * Whether a decision has to have come to its end, as all have that HR made itself. A license that follows from another
 * decision is void once a newer one about access stands, unless it had been given by then.
 *
 * @param newestAccess the newest decision about the person's access
 */
export function isBinding(
  { id, follows }: Decision,
  newestAccess: Decision | undefined,
  journal: ReadonlyMap<string, TrailEntry>,
): boolean {
  if (follows === undefined || ends.includes(journal.get(id)?.outcome ?? "")) return true;
  const stands = follows.id === newestAccess?.id;
  return stands && !follows.isNeedless && carriedOut.includes(journal.get(follows.id)?.outcome ?? "");
}
