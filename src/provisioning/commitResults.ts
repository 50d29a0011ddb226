import type { DirectoryAccount } from "../directory/directory.ts";
import type {
  ClaimResult,
  CommitAnswer,
  JournalEntry,
  JournalOutcome,
  Lease,
  Ledger,
} from "../ledger/ledger.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Grant } from "./claimDecisions.ts";
import type { Decision, PersonDecisions, QueueRecord, ScopedDecision } from "./decision.ts";
import { type DecisionToDefer, deferDecisions } from "./deferDecisions.ts";
import { type FollowedVerdict, putFollowUps } from "./followUps.ts";
import {
  ledgerUnavailable,
  type MessageOutcome,
  type Outcome,
  type PersonResult,
  type Retry,
} from "./outcome.ts";

export interface CommitContext {
  rules: PolicyRules;
  ledger: Ledger;
  pending: PendingStore;
  lease: Lease;
  clock: () => number;
}

export interface CommitBatch {
  granted: ReadonlyMap<PersonDecisions<ScopedDecision>, Grant>;
  /** Whose suspension the safeguard counts: whoever of them is tried again must not be counted anew. */
  counted: ReadonlySet<PersonDecisions<ScopedDecision>>;
  records: readonly QueueRecord[];
  accounts: ReadonlyMap<string, DirectoryAccount>;
}

/**
 * Verdicts on claimed groups in, the verdicts that stand out: each is written to the journal and its claim let go.
 * What the ledger did not take is a retry, so that nothing is acknowledged which is not remembered.
 */
export async function commitResults(
  verdicts: readonly PersonResult[],
  { granted, counted, records, accounts }: CommitBatch,
  context: CommitContext,
): Promise<PersonResult[]> {
  const putOffs = await putOff(verdicts, records, context);
  const final = await putFollowUps(putOffs, accounts, context, context.clock());
  const settledAt = new Date(context.clock()).toISOString();
  const answers = await context.ledger.commit(
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
  verdicts: readonly PersonResult[],
  records: readonly QueueRecord[],
  context: CommitContext,
): Promise<readonly PersonResult[]> {
  const waiting: DecisionToDefer[] = [];
  for (const { group, outcome } of verdicts)
    if (outcome.kind === "deferred" || outcome.kind === "held")
      waiting.push({ decision: group.newest, deferred: outcome });
  if (waiting.length === 0) return verdicts;
  const settlements = await deferDecisions(waiting, records, context, context.clock());
  const outcomeOf = new Map(settlements.map(({ index, outcome }) => [index, outcome]));
  return verdicts.map(({ group, outcome }) => ({
    group,
    outcome: outcomeOf.get(group.newest.index) ?? outcome,
  }));
}

function toConclusion(
  { group: { newest: claim }, outcome, followUp }: FollowedVerdict,
  grant: Grant | undefined,
  isCounted: boolean,
  settledAt: string,
): ClaimResult {
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
      const stand: Extract<ClaimResult, { kind: "stand" }> = { claim, kind: "stand", as, entry, pending };
      if (approvedBy !== undefined) stand.approvedBy = approvedBy;
      if (outcome.kind === "rejected" && outcome.carriedOut) stand.counted = true;
      return stand;
    }
  }
}

function confirmed(verdict: PersonResult, answer: CommitAnswer | undefined): PersonResult {
  if (answer?.kind === "done") return verdict;
  return { group: verdict.group, outcome: ledgerUnavailable(answer) };
}

const duplicate: Outcome = { kind: "unchanged", because: "duplicate" };

/**
 * Verdicts in, exactly one outcome for every message of their groups out. Several messages about one person share the
 * fate of the newest: they come again together or leave together. A copy of a rejected event is a mere duplicate,
 * because one copy in the dead-letter queue is enough.
 */
export function fanOutToMessages(verdicts: readonly PersonResult[]): MessageOutcome[] {
  const settlements: MessageOutcome[] = [];
  for (const { group, outcome } of verdicts) {
    const { newest, duplicates, older } = group;
    const again = outcome.kind === "retry" ? outcome : undefined;
    settlements.push({ index: newest.index, outcome });
    for (const { index } of duplicates) settlements.push({ index, outcome: again ?? duplicate });
    for (const { index } of older)
      settlements.push({ index, outcome: again ?? { kind: "superseded", by: newest.eventId } });
  }
  return settlements;
}

/**
 * Writes down what became of the messages that were never claimed: superseded, excluded or put off. Duplicates have
 * their entry, and what could not be read has no event to write about: the dead-letter queue keeps it. An entry that the
 * ledger did not take makes its message come again.
 *
 * @param unclaimed in record order
 */
export async function journalUnclaimed(
  settlements: readonly MessageOutcome[],
  unclaimed: readonly (Decision | undefined)[],
  { ledger, clock }: { ledger: Ledger; clock: () => number },
): Promise<readonly MessageOutcome[]> {
  const settledAt = new Date(clock()).toISOString();
  const written: { index: number; entry: JournalEntry }[] = [];
  for (const { index, outcome } of settlements) {
    const decision = unclaimed[index];
    if (decision !== undefined && isWritten(outcome))
      written.push({ index, entry: toJournalEntry(decision, outcome, settledAt) });
  }
  if (written.length === 0) return settlements;
  const answers = await ledger.record(written.map(({ entry }) => entry));
  const failed = new Map<number, Outcome>();
  for (const [position, { index }] of written.entries()) {
    const answer = answers[position];
    if (answer?.kind !== "done") failed.set(index, ledgerUnavailable(answer));
  }
  return settlements.map(({ index, outcome }) => ({ index, outcome: failed.get(index) ?? outcome }));
}

type Written = Extract<Outcome, { kind: "superseded" | "excluded" | "deferred" }>;

function isWritten(outcome: Outcome): outcome is Written {
  return outcome.kind === "superseded" || outcome.kind === "excluded" || outcome.kind === "deferred";
}

/** Who released a decision that was held, and why. */
export type Approval = Pick<Grant, "approvedBy" | "approvalNote">;

/** The audit trail's line for a decision and what became of it. `settledAt` as ISO 8601: one for a whole batch. */
export function toJournalEntry(
  decision: Decision,
  outcome: Exclude<Outcome, Retry>,
  settledAt: string,
  { approvedBy, approvalNote }: Approval = {},
): JournalEntry {
  const { personId, eventId, intent, version, accountId, occurredAt, effectiveAt, receivedAt } = decision;
  const { kind, code, requestId } = describe(outcome);
  const entry: JournalEntry = {
    personId,
    eventId,
    intent,
    version,
    outcome: kind,
    occurredAt: new Date(occurredAt).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    settledAt,
  };
  if (code !== undefined) entry.code = code;
  if (requestId !== undefined) entry.requestId = requestId;
  if (approvedBy !== undefined) entry.by = approvedBy;
  if (approvalNote !== undefined) entry.note = approvalNote;
  if (accountId !== undefined) entry.accountId = accountId;
  if (effectiveAt !== occurredAt) entry.effectiveAt = new Date(effectiveAt).toISOString();
  return entry;
}

function describe(outcome: Exclude<Outcome, Retry>): {
  kind: JournalOutcome;
  code?: string;
  requestId?: string | undefined;
} {
  const { kind } = outcome;
  switch (kind) {
    case "applied":
      return { kind, requestId: outcome.requestId };
    case "unchanged":
      return { kind, code: outcome.because };
    case "superseded":
      return { kind, code: outcome.by };
    case "deferred":
      return { kind, code: outcome.because };
    case "held":
    case "excluded":
      return { kind, code: outcome.rule };
    case "rejected":
      return { kind, code: outcome.code, requestId: outcome.requestId };
  }
}
