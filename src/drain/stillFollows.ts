import type { Ledger, StandingAnswer } from "../ledger/ledger.ts";
import type { FollowedEvent } from "./decision.ts";
import type { Outcome, Settlement } from "./outcome.ts";
import type { ScopedDecision } from "./screen.ts";
import { ledgerUnavailable, personBusy } from "./triedAgain.ts";

/**
 * Decisions in; those out that follow from no other, or whose other still is the newest about the person's access. Whoever
 * has come back keeps the license, and whoever has left gets none.
 *
 * A decision about access that is claimed after this reading comes after what follows here, as if it had come a moment later.
 */
export async function stillFollows(
  decisions: readonly ScopedDecision[],
  { ledger }: { ledger: Pick<Ledger, "standing"> },
): Promise<{ standing: readonly ScopedDecision[]; settled: Settlement[] }> {
  const followers = decisions.filter(({ follows }) => follows !== undefined);
  if (followers.length === 0) return { standing: decisions, settled: [] };
  const answers = await ledger.standing(followers.map(({ personId }) => ({ personId, aspect: "access" })));
  const settled: Settlement[] = [];
  const overtaken = new Set<ScopedDecision>();
  for (const [position, decision] of followers.entries()) {
    const outcome = outcomeBy(answers[position], decision.follows);
    if (outcome === undefined) continue;
    overtaken.add(decision);
    settled.push({ index: decision.index, outcome });
  }
  return { standing: decisions.filter((decision) => !overtaken.has(decision)), settled };
}

/** `undefined` if the decision may go on. */
function outcomeBy(
  answer: StandingAnswer | undefined,
  follows: FollowedEvent | undefined,
): Outcome | undefined {
  switch (answer?.kind) {
    case "stands":
      if (answer.eventId === follows?.id) return undefined;
      return answer.eventId === undefined ? busy : { kind: "superseded", by: answer.eventId };
    case "open":
      return busy;
    case "fault":
    case undefined:
      return ledgerUnavailable(answer);
  }
}

/** The decision that it follows from, or a newer one, is being carried out. */
const busy = personBusy(
  "the decision about access that it follows from has not come to its end; it is tried again soon",
);
