import type { DirectoryAccount } from "../directory/directory.ts";
import type { DeferAnswer, FollowUpKind, PendingStore, WaitingDecision } from "../ledger/pendingStore.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import { type FollowUp, followUpOf } from "./followUp.ts";
import type { Verdict } from "./plan.ts";
import type { ScopedDecision } from "./screen.ts";
import { toFollowUpLine } from "./toFollowUpLine.ts";
import { ledgerUnavailable } from "./triedAgain.ts";

export interface FollowUpContext {
  rules: PolicyRules;
  pending: PendingStore;
}

/** A verdict, and the kind of what has been put among the waiting because it follows from it. */
export type FollowedVerdict = Verdict & { followUp?: FollowUpKind };

/**
 * Verdicts in, the same out: what follows from them waits in the ledger before the decision itself is concluded, so that a
 * worker which dies in between does both anew. Where the ledger did not take it the message comes again.
 *
 * @param now milliseconds since the epoch
 */
export async function putFollowUps(
  verdicts: readonly Verdict[],
  accounts: ReadonlyMap<string, DirectoryAccount>,
  { rules, pending }: FollowUpContext,
  now: number,
): Promise<readonly FollowedVerdict[]> {
  const following: { verdict: Verdict; followUp: FollowUp; waiting: WaitingDecision }[] = [];
  for (const verdict of verdicts) {
    const { leader } = verdict.group;
    const followUp = followUpOf(leader, verdict.outcome, accounts.get(leader.accountId), rules, now);
    if (followUp !== undefined) following.push({ verdict, followUp, waiting: toWaiting(leader, followUp) });
  }
  if (following.length === 0) return verdicts;
  const answers = await pending.defer(following.map(({ waiting }) => waiting));
  const followedOf = new Map<Verdict, FollowedVerdict>();
  for (const [index, { verdict, followUp }] of following.entries())
    followedOf.set(verdict, followed(verdict, followUp, answers[index]));
  return verdicts.map((verdict) => followedOf.get(verdict) ?? verdict);
}

function followed(verdict: Verdict, { kind }: FollowUp, answer: DeferAnswer | undefined): FollowedVerdict {
  // One that follows from a newer decision may wait already: then this one is out of date.
  if (answer?.kind === "deferred" || answer?.kind === "superseded") return { ...verdict, followUp: kind };
  return { ...verdict, outcome: ledgerUnavailable(answer) };
}

function toWaiting(decision: ScopedDecision, followUp: FollowUp): WaitingDecision {
  const { personId, eventId, version } = decision;
  const event = toFollowUpLine(decision, followUp);
  const { kind, dueAt } = followUp;
  const ofPerson = { personId, aspect: "access", intent: "relicense", followUp: kind } as const;
  return { ...ofPerson, eventId, version, event, because: "follows", dueAt };
}
