import type { ClaimAnswer, Lease, Ledger } from "../ledger/ledger.ts";
import type { PersonDecisions, ScopedDecision } from "./decision.ts";
import { groupByPerson } from "./groupByPerson.ts";
import {
  ledgerUnavailable,
  longestWaitForOthersSeconds,
  type Outcome,
  type PersonResult,
  personBusy,
} from "./outcome.ts";

/** The right to act for one person, as the ledger gave it. */
export type Grant = Extract<ClaimAnswer, { kind: "granted" }>;

export interface ClaimContext {
  ledger: Pick<Ledger, "claim">;
  lease: Lease;
}

/** Groups in; those that may be acted on, with their grant, out. The others have their verdict already. */
export async function claimDecisions(
  groups: readonly PersonDecisions<ScopedDecision>[],
  { ledger, lease }: ClaimContext,
): Promise<{ granted: Map<PersonDecisions<ScopedDecision>, Grant>; verdicts: PersonResult[] }> {
  const answers = await ledger.claim(
    groups.map(({ newest }) => newest),
    lease,
  );
  const granted = new Map<PersonDecisions<ScopedDecision>, Grant>();
  const verdicts: PersonResult[] = [];
  groups.forEach((group, index) => {
    const answer = answers[index];
    if (answer?.kind === "granted") granted.set(group, answer);
    else if (answer?.kind === "discarded") verdicts.push(...withoutDiscarded(group));
    else verdicts.push({ group, outcome: refused(answer) });
  });
  return { granted, verdicts };
}

/** Whom the discarded decision led is not superseded by it: they come again, and are judged without it. */
function withoutDiscarded(group: PersonDecisions<ScopedDecision>): PersonResult[] {
  const outcome: Outcome = {
    kind: "retry",
    code: "BesideDiscarded",
    reason:
      "the newer decision that came with it was discarded by an operator; it is tried again soon, alone",
    atMostSeconds: longestWaitForOthersSeconds,
  };
  return [
    { group: { ...group, older: [] }, outcome: { kind: "unchanged", because: "duplicate" } },
    ...groupByPerson(group.older).map((others) => ({ group: others, outcome })),
  ];
}

function refused(answer: Exclude<ClaimAnswer, Grant | { kind: "discarded" }> | undefined): Outcome {
  switch (answer?.kind) {
    case "settled":
      return { kind: "unchanged", because: "duplicate" };
    case "superseded":
      return { kind: "superseded", by: answer.by };
    case "busy":
      return personBusy("another invocation acts for the same person; it is tried again soon");
    case "fault":
    case undefined:
      return ledgerUnavailable(answer);
  }
}
