import type { Budget, Directory, DirectoryAccount } from "../directory/directory.ts";
import type { AccountCache, ScanMemory } from "../directory/directoryCache.ts";
import type { IdentityCache, Lease, Ledger } from "../ledger/ledger.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { Pipeline } from "../pipelineSettings.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Safeguard } from "../safeguard/safeguard.ts";
import { applyPolicy } from "./applyPolicy.ts";
import {
  defect,
  defectOf,
  directoryWithoutThrows,
  inParts,
  ledgerWithoutThrows,
  pendingWithoutThrows,
  unreadableOf,
} from "./boundary.ts";
import { abandonClaims, claimDecisions, type GrantedClaims } from "./claimDecisions.ts";
import { commitResults, fanOutToMessages } from "./commitResults.ts";
import type { Decision, PersonDecisions, QueueRecord, ResolvedPerson, ScopedDecision } from "./decision.ts";
import { deferDecisions, splitByEffectiveDate } from "./deferDecisions.ts";
import { dropObsoleteFollowUps } from "./followUps.ts";
import { groupBy, groupByPerson } from "./groupByPerson.ts";
import { journalUnclaimed } from "./journalEntries.ts";
import { type LimitContext, limitSuspensions, returnUnusedAdmissions } from "./limitSuspensions.ts";
import { inRecordOrder, type MessageOutcome, type Outcome, type PersonResult } from "./outcome.ts";
import { parseRecords } from "./parseRecords.ts";
import { type PerformedCall, performCalls, toPersonResults } from "./performCalls.ts";
import { planCalls } from "./planCalls.ts";
import { type PostSuspensionContext, runPostSuspensionActions } from "./postSuspensionActions.ts";
import {
  askForState,
  askSparingly,
  type ChooseQuestion,
  type ResolveContext,
  resolveUsers,
} from "./resolveUsers.ts";

/** What a batch needs; all of it but `budget` and `lease` lives as long as the execution environment. */
export interface BatchContext {
  pipeline: Pipeline;
  rules: PolicyRules;
  directory: Directory;
  accounts: AccountCache;
  scans: ScanMemory;
  ledger: Ledger;
  pending: PendingStore;
  identities: IdentityCache;
  safeguard: Safeguard;
  /** Milliseconds since the epoch. */
  clock: () => number;
  budget: Budget;
  lease: Lease;
  /** Calls of the directory under way at once. */
  concurrency: number;
}

export interface BatchResult {
  /** One for each record, in record order. */
  outcomes: Outcome[];
  /** The batch calls that were made or could not be started. */
  calls: PerformedCall[];
  /** The decisions that could be parsed, in record order; with an account where the policy names one. */
  decisions: readonly (Decision | undefined)[];
}

/**
 * Processes one batch of queue records, and gives each of them exactly one outcome. This file is the list of a batch's
 * steps, in their order; `carryOutDecisions` and `runRound` are its middle part.
 */
export async function processBatch(
  records: readonly QueueRecord[],
  given: BatchContext,
): Promise<BatchResult> {
  const context = withoutThrows(given);
  const now = context.clock();
  const parsed = parseRecords(records, context.pipeline);
  const scoped = applyPolicy(parsed.decisions, context.rules, now);
  const split = await inParts(scoped.inScope, (part) => splitByEffectiveDate(part, now), unreadableOf);
  const later = split.results.flatMap((part) => part.later);
  const effective = split.results.flatMap((part) => part.effective);
  const deferred = await inParts(
    later,
    (part) => deferDecisions(part, records, context, now),
    ({ decision }, error) => unreadableOf(decision, error),
  );
  const current = await inParts(effective, (part) => dropObsoleteFollowUps(part, context), unreadableOf);
  const decided = current.results.flatMap((part) => part.decisions);
  const groups = await inParts(decided, groupByPerson<ScopedDecision>, unreadableOf);
  const claimed = await inParts(groups.results.flat(), (part) => claimDecisions(part, context), defectOf);
  const granted: GrantedClaims = new Map(claimed.results.flatMap((part) => [...part.granted]));

  const { results, calls, counted, accounts, people, thrown } = await carryOutDecisions(granted, context);

  const claims = { granted, counted: new Set(counted), records, accounts, people };
  const committed = await inParts(results, (part) => commitResults(part, claims, context), defectOfResult);
  const finished = [...committed.results.flat(), ...claimed.results.flatMap((part) => part.refused)];
  const fannedOut = await inParts(finished, fanOutToMessages, defectOfResult);
  const outcomes = [
    ...parsed.outcomes,
    ...scoped.outcomes,
    ...deferred.results.flat(),
    ...current.results.flatMap((part) => part.outcomes),
    ...fannedOut.results.flat(),
  ];
  const decisions = toRecordOrder(records.length, parsed.decisions);
  const unclaimed = withoutClaimed(decisions, granted);
  const ended = await inParts(outcomes, (part) => abandonClaims(part, unclaimed, context), defectOfMessage);
  const journalled = await inParts(
    ended.results.flat(),
    (part) => journalUnclaimed(part, unclaimed, context),
    defectOfMessage,
  );
  const steps = [
    split,
    deferred,
    current,
    groups,
    claimed,
    { thrown },
    committed,
    fannedOut,
    ended,
    journalled,
  ];
  const all = [...journalled.results.flat(), ...steps.flatMap((step) => step.thrown)];
  return { outcomes: inRecordOrder(records.length, all), calls, decisions };
}

/** The ports throw for nobody: see `boundary.ts`. */
function withoutThrows(context: BatchContext): BatchContext {
  return {
    ...context,
    ledger: ledgerWithoutThrows(context.ledger),
    pending: pendingWithoutThrows(context.pending),
    directory: directoryWithoutThrows(context.directory),
  };
}

function defectOfResult({ group }: { group: PersonDecisions<Decision> }, error: unknown): MessageOutcome[] {
  return defectOf(group, error);
}

function defectOfMessage({ index }: MessageOutcome, error: unknown): MessageOutcome[] {
  return [{ index, outcome: defect(error) }];
}

export interface CarryOutContext extends ResolveContext, PostSuspensionContext {
  safeguard: Safeguard;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

export interface CarriedOut {
  /** One for each group. */
  results: PersonResult[];
  calls: PerformedCall[];
  /** The people whose suspension the safeguard counts: it was made, or nobody knows whether it was. */
  counted: PersonDecisions<ScopedDecision>[];
  /** The accounts that were read, by id. */
  accounts: ReadonlyMap<string, DirectoryAccount>;
  people: ResolvedPerson[];
  /** The outcomes of people whose processing threw: their claims run out, and they have no results. */
  thrown: readonly MessageOutcome[];
}

/**
 * Carries out the claimed decisions in two rounds of calls, then runs the post-suspension actions. These come after every
 * suspension of every account: signing one leaver out must not leave another one in.
 */
export async function carryOutDecisions(
  granted: GrantedClaims,
  context: CarryOutContext,
): Promise<CarriedOut> {
  const limited = { ...context, passesUncounted: passesUncounted(granted) };
  const firstRound = await runRound([...granted.keys()], askSparingly(granted), limited);

  // An id that HR or an earlier look-up gave may be unknown to the account: then the address decides, once.
  const { calls } = firstRound;
  const unknown = await inParts(
    firstRound.people,
    (people) => groupsWithUnknownId({ calls, people }),
    defectOfResult,
  );
  const forgotten = await inParts(
    unknown.results.flat(),
    (groups) => forgetIds(groups, context.identities),
    defectOf,
  );
  const again = forgotten.results.flat();
  const secondRound = again.length === 0 ? undefined : await runRound(again, askForState, limited);

  const rounds = mergeRounds(firstRound, secondRound);
  const followedUp = await runPostSuspensionActions(rounds, context);
  const thrown = [rounds, unknown, forgotten, followedUp].flatMap((step) => step.thrown);
  const withoutResult = new Set(thrown.map(({ index }) => index));
  return {
    results: followedUp.results.filter(({ group }) => !withoutResult.has(group.newest.index)),
    calls: [...rounds.calls, ...followedUp.calls],
    counted: rounds.counted,
    accounts: rounds.accounts,
    people: rounds.people,
    thrown,
  };
}

/** Finds the users of the groups, plans the fewest calls, and makes those that the safeguard admits. */
async function runRound(
  groups: readonly PersonDecisions<ScopedDecision>[],
  chooseQuestion: ChooseQuestion,
  context: CarryOutContext & LimitContext,
): Promise<CarriedOut> {
  const resolved = await inParts(groups, (part) => resolveUsers(part, chooseQuestion, context), defectOf);
  const people = resolved.results.flat();
  const now = context.clock();
  const planned = await inParts(
    people,
    (part) => planCalls(part, context.directory.limits, now),
    defectOfResult,
  );
  const limited = await limitSuspensions(
    planned.results.flatMap((part) => part.calls),
    context,
  );
  const calls = await performCalls(limited.calls, context);
  const counted = await returnUnusedAdmissions(limited.admitted, calls, context.safeguard);
  const withoutCall = planned.results.flatMap((part) => part.results);
  const results = toPersonResults(calls, [...withoutCall, ...limited.stopped]);
  const thrown = [...resolved.thrown, ...planned.thrown];
  return { people, calls, counted, results, accounts: accountsOf(people), thrown };
}

/**
 * A suspension passes uncounted if an operator has released it, or if the safeguard has counted it at an earlier try
 * whose result nobody knows.
 */
function passesUncounted(granted: GrantedClaims): LimitContext["passesUncounted"] {
  return (group) => {
    const { approvedBy, counted } = granted.get(group) ?? {};
    return approvedBy !== undefined || counted === true;
  };
}

/**
 * The groups whose user id the account does not know, unless the directory itself has just given the id. Groups that gave
 * way to another one of the same id are among them: it may be the id of neither.
 */
function groupsWithUnknownId({
  calls,
  people,
}: Pick<CarriedOut, "calls"> & { people: readonly ResolvedPerson[] }): PersonDecisions<ScopedDecision>[] {
  const unknown = new Set<string>();
  for (const { call, results } of calls)
    results.forEach((result, target) => {
      if (result.kind === "failed" && result.failure.class === "noSuchUser")
        unknown.add(`${call.accountId} ${target}`);
    });
  if (unknown.size === 0) return [];
  return people.flatMap(({ group, user }) =>
    user.kind === "known" && unknown.has(`${group.newest.accountId} ${user.userId}`) ? [group] : [],
  );
}

/** Returns the groups, whose ids are forgotten by then. */
async function forgetIds<Groups extends readonly PersonDecisions<ScopedDecision>[]>(
  groups: Groups,
  identities: IdentityCache,
): Promise<Groups> {
  for (const [accountId, ofAccount] of groupBy(groups, ({ newest }) => newest.accountId)) {
    const emails = ofAccount.map(({ newest }) => newest.email);
    await identities.forget(accountId, emails);
  }
  return groups;
}

/** The second round's results take the place of the first one's; the calls of both were made. */
function mergeRounds(first: CarriedOut, second: CarriedOut | undefined): CarriedOut {
  if (second === undefined) return first;
  const retried = new Set(second.people.map(({ group }) => group));
  return {
    people: [...first.people.filter(({ group }) => !retried.has(group)), ...second.people],
    results: [...first.results.filter(({ group }) => !retried.has(group)), ...second.results],
    calls: [...first.calls, ...second.calls],
    counted: [...first.counted, ...second.counted],
    accounts: new Map([...first.accounts, ...second.accounts]),
    thrown: [...first.thrown, ...second.thrown],
  };
}

function accountsOf(people: readonly ResolvedPerson[]): Map<string, DirectoryAccount> {
  const accounts = new Map<string, DirectoryAccount>();
  for (const { account } of people)
    if (account.kind === "found") accounts.set(account.value.accountId, account.value);
  return accounts;
}

function toRecordOrder(recordCount: number, parsed: readonly Decision[]): (Decision | undefined)[] {
  const decisions = new Array<Decision | undefined>(recordCount).fill(undefined);
  for (const decision of parsed) decisions[decision.index] = decision;
  return decisions;
}

/** The decisions that were not claimed, in record order. */
function withoutClaimed(
  decisions: readonly (Decision | undefined)[],
  granted: GrantedClaims,
): (Decision | undefined)[] {
  const unclaimed = [...decisions];
  for (const { newest } of granted.keys()) unclaimed[newest.index] = undefined;
  return unclaimed;
}
