import { type DirectoryAccount, type DirectoryUser, unknownLicense } from "../directory/directory.ts";
import { type Tie, tieOf } from "../ledger/decisionOrder.ts";
import type { ClaimResult, CommitAnswer, Lease, Ledger, UserBefore } from "../ledger/ledger.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Grant, GrantedClaims } from "./claimDecisions.ts";
import type {
  PersonDecisions,
  QueueRecord,
  ResolvedPerson,
  ScopedDecision,
  UserResolution,
} from "./decision.ts";
import { type DecisionToDefer, deferDecisions, waitsBeside } from "./deferDecisions.ts";
import { type FollowedResult, putFollowUps } from "./followUps.ts";
import { toJournalEntry, wordOfState } from "./journalEntries.ts";
import {
  duplicate,
  isCarriedOut,
  ledgerUnavailable,
  type MessageOutcome,
  type Outcome,
  type PersonResult,
} from "./outcome.ts";

export interface CommitContext {
  rules: PolicyRules;
  ledger: Ledger;
  pending: PendingStore;
  lease: Lease;
  clock: () => number;
}

export interface ClaimedBatch {
  granted: GrantedClaims;
  /** The groups whose suspension the safeguard counts: a retry must not count them anew. */
  counted: ReadonlySet<PersonDecisions<ScopedDecision>>;
  records: readonly QueueRecord[];
  accounts: ReadonlyMap<string, DirectoryAccount>;
  /** The people whom the directory was asked about, or knows. */
  people: readonly ResolvedPerson[];
}

/**
 * Commits the results of claimed groups: each is written to the journal, and its claim let go. A result that the ledger did
 * not take becomes a retry, so that nothing is acknowledged which is not remembered.
 */
export async function commitResults(
  results: readonly PersonResult[],
  { granted, counted, records, accounts, people }: ClaimedBatch,
  context: CommitContext,
): Promise<PersonResult[]> {
  const deferred = await deferWaiting(results, records, context);
  const followed = await putFollowUps(deferred, accounts, context, context.clock());
  const settledAt = new Date(context.clock()).toISOString();
  const userOf = new Map(people.map(({ group, user }) => [group, user]));
  const answers = await context.ledger.commit(
    followed.map((result) => {
      const { group } = result;
      const grant = granted.get(group);
      const userBefore = userBeforeOf(userOf.get(group), grant, group.newest.userBefore);
      return toClaimResult(result, { grant, userBefore }, counted.has(group), settledAt);
    }),
    context.lease,
  );
  return followed.map((result, index) => withCommitAnswer(result, answers[index]));
}

/** Decisions that wait for a user, or for an operator, are stored before their claim is let go. */
async function deferWaiting(
  results: readonly PersonResult[],
  records: readonly QueueRecord[],
  context: CommitContext,
): Promise<readonly PersonResult[]> {
  const waiting: DecisionToDefer[] = [];
  for (const { group, outcome } of results)
    if (outcome.kind === "deferred" || outcome.kind === "held")
      waiting.push({ decision: group.newest, isClaimed: true, deferred: outcome });
  if (waiting.length === 0) return results;
  const outcomes = await deferDecisions(waiting, records, context, context.clock());
  const outcomeOf = new Map(outcomes.map(({ index, outcome }) => [index, outcome]));
  return results.map(({ group, outcome }) => ({
    group,
    outcome: outcomeOf.get(group.newest.index) ?? outcome,
  }));
}

function toClaimResult(
  { group, outcome, followUp }: FollowedResult,
  { grant, userBefore }: { grant: Grant | undefined; userBefore: UserBefore | undefined },
  isCounted: boolean,
  settledAt: string,
): ClaimResult {
  const { newest: claim, older } = group;
  switch (outcome.kind) {
    case "retry": {
      const seen = userBefore !== undefined && { userBefore };
      if (outcome.mayStillHappen) return { claim, kind: "keep", counted: isCounted, ...seen };
      return {
        claim,
        kind: "release",
        counted: isCounted,
        interrupted: grant?.interrupted === true,
        ...(outcome.carriedOut && { staysOpen: true, ...seen }),
      };
    }
    case "observed":
      throw new TypeError(
        "expected a claimed decision to be carried out; it was observed, which takes no claim",
      );
    case "deferred":
    case "held":
      return {
        claim,
        kind: "release",
        entry: toJournalEntry(claim, outcome, settledAt),
        older: older.map(({ version }) => version),
        ...(waitsBeside(claim, outcome) && { waitsBeside: true }),
      };
    case "applied":
    case "unchanged":
    case "superseded":
    case "excluded":
    case "rejected": {
      const as = outcome.kind === "rejected" ? "rejected" : "applied";
      const { approvedBy, pending: waiting = [], replaces } = grant ?? {};
      // This decision's own follow-up has just been stored, and must not be cancelled by it.
      const pending = followUp === undefined ? waiting : waiting.filter((kind) => kind !== followUp);
      const tie = wonTie(group, grant);
      const told = { ...grant, ...(tie !== undefined && { tie }) };
      const entry = toJournalEntry(claim, outcome, settledAt, told, userBefore);
      if (grant?.interrupted) entry.interrupted = true;
      const stand: Extract<ClaimResult, { kind: "stand" }> = { claim, kind: "stand", as, entry, pending };
      if (replaces !== undefined) stand.replaces = replaces;
      if (followUp !== undefined) stand.waits = followUp;
      if (approvedBy !== undefined) stand.approvedBy = approvedBy;
      if (isCarriedOut(outcome)) stand.carriedOut = true;
      return stand;
    }
  }
}

/**
 * How the user was before. Whether it is known depends on the call: a suspension by a remembered id needs no look at the user. What is
 * seen after a try that may have changed the user is no answer; that try may have told it.
 *
 * @param told by the event, as a reconciliation saw the user
 */
function userBeforeOf(
  user: UserResolution | undefined,
  grant: Grant | undefined,
  told: UserBefore | undefined,
): UserBefore | undefined {
  return grant?.interrupted ? (grant.userBefore ?? told) : (seenBefore(user) ?? told);
}

function seenBefore(user: UserResolution | undefined): UserBefore | undefined {
  switch (user?.kind) {
    case "found":
      return asSeen(user.user);
    case "absent":
      return { status: "absent" };
    case "known":
      return user.seen && { ...asSeen(user.seen.user), seenAt: new Date(user.seen.at).toISOString() };
    case "notAsked":
    case "failed":
    case undefined:
      return undefined;
  }
}

function asSeen({ state, license }: DirectoryUser): UserBefore {
  return {
    status: wordOfState[state],
    ...(license !== undefined && license !== unknownLicense && { license }),
  };
}

function withCommitAnswer(result: PersonResult, answer: CommitAnswer | undefined): PersonResult {
  if (answer?.kind === "done") return result;
  return { group: result.group, outcome: ledgerUnavailable(answer) };
}

/**
 * Gives every message of the groups exactly one outcome. Messages about one person share a retry of the newest, so they come
 * again together. A copy of a rejected event is a mere duplicate: one copy in the dead-letter queue is enough.
 */
export function fanOutToMessages(results: readonly PersonResult[]): MessageOutcome[] {
  const outcomes: MessageOutcome[] = [];
  for (const { group, outcome } of results) {
    const { newest, duplicates, older } = group;
    const retry = outcome.kind === "retry" ? outcome : undefined;
    outcomes.push({ index: newest.index, outcome });
    for (const { index } of duplicates) outcomes.push({ index, outcome: retry ?? duplicate });
    for (const each of older) {
      // One id is one event, whatever time it names.
      const copy = each.eventId === newest.eventId && duplicate;
      outcomes.push({ index: each.index, outcome: retry ?? (copy || supersededBy(newest, each)) });
    }
  }
  return outcomes;
}

function supersededBy(newest: ScopedDecision, older: ScopedDecision): Outcome {
  const tie = tieOf(newest, older);
  return { kind: "superseded", by: newest.eventId, ...(tie !== undefined && { tie }) };
}

/** What makes a decision newer than the one that stands, or than one that came with it, where HR made both at one time. */
function wonTie(
  { newest, older }: PersonDecisions<ScopedDecision>,
  grant: Grant | undefined,
): Tie | undefined {
  return grant?.tie ?? older.map((each) => tieOf(newest, each)).find((tie) => tie !== undefined);
}
