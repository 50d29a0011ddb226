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

/** The groups that may be acted on, each with its grant. */
export type GrantedClaims = ReadonlyMap<PersonDecisions<ScopedDecision>, Grant>;

export interface ClaimContext {
  ledger: Pick<Ledger, "claim">;
  lease: Lease;
}

/** Claims the newest decision of each group. A group whose claim is refused has its result at once. */
export async function claimDecisions(
  groups: readonly PersonDecisions<ScopedDecision>[],
  { ledger, lease }: ClaimContext,
): Promise<{ granted: GrantedClaims; refused: PersonResult[] }> {
  const answers = await ledger.claim(
    groups.map(({ newest }) => newest),
    lease,
  );
  const granted = new Map<PersonDecisions<ScopedDecision>, Grant>();
  const refused: PersonResult[] = [];
  groups.forEach((group, index) => {
    const answer = answers[index];
    if (answer?.kind === "granted") granted.set(group, answer);
    else if (answer?.kind === "discarded") refused.push(...resultsBesideDiscarded(group));
    else refused.push({ group, outcome: toOutcome(answer) });
  });
  return { granted, refused };
}

/** A discarded decision supersedes no older one: the older messages come again, and are processed without it. */
function resultsBesideDiscarded(group: PersonDecisions<ScopedDecision>): PersonResult[] {
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

function toOutcome(answer: Exclude<ClaimAnswer, Grant | { kind: "discarded" }> | undefined): Outcome {
  switch (answer?.kind) {
    case "duplicate":
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
