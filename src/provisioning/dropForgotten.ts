import type { ForgottenPeople } from "../ledger/forgottenPeople.ts";
import type { Decision } from "./decision.ts";
import { ledgerUnavailable, type MessageOutcome, type Outcome } from "./outcome.ts";

/**
 * Gives an outcome to each decision from before its person was forgotten: a late copy must neither be applied nor be journalled,
 * because the journal would know the person again. A newer decision is one about somebody who is back. While nobody can tell who
 * was forgotten, all decisions are retried.
 */
export async function dropForgotten(
  decisions: readonly Decision[],
  { forgotten }: { forgotten: ForgottenPeople },
): Promise<MessageOutcome[]> {
  if (decisions.length === 0) return [];
  const answer = await forgotten.among(new Set(decisions.map(({ personId }) => personId)));
  if (answer.kind === "fault") {
    const outcome = ledgerUnavailable(answer);
    return decisions.map(({ index }) => ({ index, outcome }));
  }
  const { forgotten: forgottenAt } = answer;
  return decisions.flatMap(({ index, personId, occurredAt }) =>
    occurredAt <= (forgottenAt.get(personId) ?? Number.NEGATIVE_INFINITY)
      ? [{ index, outcome: personForgotten }]
      : [],
  );
}

const personForgotten: Outcome = { kind: "excluded", rule: "the person was forgotten" };
