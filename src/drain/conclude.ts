import type { DirectoryAccount } from "../directory/directory.ts";
import type { ConcludeAnswer, Conclusion, Lease, Ledger } from "../ledger/ledger.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Grant } from "./claim.ts";
import type { Group } from "./collapse.ts";
import { type DecisionToDefer, defer } from "./defer.ts";
import type { Verdict } from "./plan.ts";
import { type FollowedVerdict, putFollowUps } from "./putFollowUps.ts";
import type { QueueRecord } from "./queueRecord.ts";
import type { ScopedDecision } from "./screen.ts";
import { toJournalEntry } from "./toJournalEntry.ts";
import { ledgerUnavailable } from "./triedAgain.ts";

export interface ConcludeContext {
  rules: PolicyRules;
  ledger: Ledger;
  pending: PendingStore;
  lease: Lease;
  clock: () => number;
}

export interface ConcludedBatch {
  granted: ReadonlyMap<Group<ScopedDecision>, Grant>;
  /** Whose suspension the safeguard counts: whoever of them is tried again must not be counted anew. */
  counted: ReadonlySet<Group<ScopedDecision>>;
  records: readonly QueueRecord[];
  accounts: ReadonlyMap<string, DirectoryAccount>;
}

/**
 * Verdicts on claimed groups in, the verdicts that stand out: each is written to the journal and its claim let go.
 * What the ledger did not take is a retry, so that nothing is acknowledged which is not remembered.
 */
export async function conclude(
  verdicts: readonly Verdict[],
  { granted, counted, records, accounts }: ConcludedBatch,
  context: ConcludeContext,
): Promise<Verdict[]> {
  const putOffs = await putOff(verdicts, records, context);
  const final = await putFollowUps(putOffs, accounts, context, context.clock());
  const settledAt = new Date(context.clock()).toISOString();
  const answers = await context.ledger.conclude(
    final.map((verdict) => {
      const { group } = verdict;
      return toConclusion(verdict, granted.get(group), counted.has(group), settledAt);
    }),
    context.lease,
  );
  return final.map((verdict, index) => confirmed(verdict, answers[index]));
}

/** Those who wait for a user to exist, or for an operator, are put off before their claim is let go. */
async function putOff(
  verdicts: readonly Verdict[],
  records: readonly QueueRecord[],
  context: ConcludeContext,
): Promise<readonly Verdict[]> {
  const waiting: DecisionToDefer[] = [];
  for (const { group, outcome } of verdicts)
    if (outcome.kind === "deferred" || outcome.kind === "held")
      waiting.push({ decision: group.leader, deferred: outcome });
  if (waiting.length === 0) return verdicts;
  const settlements = await defer(waiting, records, context, context.clock());
  const outcomeOf = new Map(settlements.map(({ index, outcome }) => [index, outcome]));
  return verdicts.map(({ group, outcome }) => ({
    group,
    outcome: outcomeOf.get(group.leader.index) ?? outcome,
  }));
}

function toConclusion(
  { group: { leader: claim }, outcome, followUp }: FollowedVerdict,
  grant: Grant | undefined,
  isCounted: boolean,
  settledAt: string,
): Conclusion {
  switch (outcome.kind) {
    case "retry":
      return { claim, kind: outcome.mayStillHappen ? "keep" : "release", counted: isCounted };
    case "deferred":
    case "held":
      return { claim, kind: "release", entry: toJournalEntry(claim, outcome, settledAt) };
    case "applied":
    case "unchanged":
    case "superseded":
    case "excluded":
    case "rejected": {
      const as = outcome.kind === "rejected" ? "rejected" : "applied";
      const { approvedBy, pending: waiting = [] } = grant ?? {};
      // What follows from this very decision waits since a moment ago, and is not to be cancelled by it.
      const pending = followUp === undefined ? waiting : waiting.filter((kind) => kind !== followUp);
      const entry = toJournalEntry(claim, outcome, settledAt, grant);
      const stand: Extract<Conclusion, { kind: "stand" }> = { claim, kind: "stand", as, entry, pending };
      if (approvedBy !== undefined) stand.approvedBy = approvedBy;
      if (outcome.kind === "rejected" && outcome.carriedOut) stand.counted = true;
      return stand;
    }
  }
}

function confirmed(verdict: Verdict, answer: ConcludeAnswer | undefined): Verdict {
  if (answer?.kind === "done") return verdict;
  return { group: verdict.group, outcome: ledgerUnavailable(answer) };
}
