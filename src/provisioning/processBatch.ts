import type { Budget, Directory, DirectoryAccount } from "../directory/directory.ts";
import type { AccountCache, ScanMemory } from "../directory/directoryCache.ts";
import type { IdentityCache } from "../ledger/identityCache.ts";
import type { Lease, Ledger } from "../ledger/ledger.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { Pipeline } from "../pipelines.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Safeguard } from "../safeguard/safeguard.ts";
import { applyPolicy } from "./applyPolicy.ts";
import { claimDecisions, type Grant } from "./claimDecisions.ts";
import { commitResults, fanOutToMessages, journalUnclaimed } from "./commitResults.ts";
import type { Decision, PersonDecisions, QueueRecord, ResolvedPerson, ScopedDecision } from "./decision.ts";
import { deferDecisions, splitByEffectiveDate } from "./deferDecisions.ts";
import { dropObsoleteFollowUps } from "./followUps.ts";
import { groupBy, groupByPerson } from "./groupByPerson.ts";
import { type LimitContext, performLimited } from "./limitSuspensions.ts";
import { inRecordOrder, type Outcome, type PersonResult } from "./outcome.ts";
import { parseRecords } from "./parseRecords.ts";
import { type PerformedCall, toPersonResults } from "./performCalls.ts";
import { planCalls } from "./planCalls.ts";
import { type PostSuspensionContext, runPostSuspensionActions } from "./postSuspensionActions.ts";
import { type Ask, type ResolveContext, resolveUsers } from "./resolveUsers.ts";

/** What the drain needs; all of it but `budget` and `lease` lives as long as the execution environment. */
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
  /** What could be read, in record order; with an account where the policy names one. */
  decisions: readonly (Decision | undefined)[];
}

/** A batch of queue records in, one outcome for each of them out. This is the way of an event, step by step. */
export async function processBatch(
  records: readonly QueueRecord[],
  context: BatchContext,
): Promise<BatchResult> {
  const now = context.clock();
  const opened = parseRecords(records, context.pipeline);
  const screened = applyPolicy(opened.decisions, context.rules, now);
  const { effective, later } = splitByEffectiveDate(screened.inScope, now);
  const deferred = await deferDecisions(later, records, context, now);
  const { standing, settled: overtaken } = await dropObsoleteFollowUps(effective, context);
  const groups = groupByPerson(standing);
  const { granted, verdicts: refused } = await claimDecisions(groups, context);
  const { verdicts, calls, counted, accounts } = await carryOutDecisions(granted, context);
  const concluded = await commitResults(
    verdicts,
    { granted, counted: new Set(counted), records, accounts },
    context,
  );
  const settled = [
    ...opened.settled,
    ...screened.settled,
    ...deferred,
    ...overtaken,
    ...fanOutToMessages([...concluded, ...refused]),
  ];
  const decisions = inPlace(records.length, opened.decisions);
  const journalled = await journalUnclaimed(settled, withoutClaims(decisions, granted), context);
  return { outcomes: inRecordOrder(records.length, journalled), calls, decisions };
}

/** In record order. */
function inPlace(recordCount: number, read: readonly Decision[]): (Decision | undefined)[] {
  const decisions = new Array<Decision | undefined>(recordCount).fill(undefined);
  for (const decision of read) decisions[decision.index] = decision;
  return decisions;
}

/** The decisions whose journal entry was not written with their claim, in record order. */
function withoutClaims(
  decisions: readonly (Decision | undefined)[],
  granted: ReadonlyMap<PersonDecisions<Decision>, Grant>,
): (Decision | undefined)[] {
  const unclaimed = [...decisions];
  for (const { newest } of granted.keys()) unclaimed[newest.index] = undefined;
  return unclaimed;
}

type Person = PersonDecisions<ScopedDecision>;

export interface CarryOutContext extends ResolveContext, PostSuspensionContext {
  safeguard: Safeguard;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

export interface CarriedOut {
  /** One for each group. */
  verdicts: PersonResult[];
  calls: PerformedCall[];
  /** Whose suspension the safeguard counts: because it was done, or because nobody knows. */
  counted: Person[];
  /** Those that were asked for, by id. */
  accounts: ReadonlyMap<string, DirectoryAccount>;
}

/**
 * Groups that may be acted on in, their verdicts and the calls that were made out. What follows a suspension comes when
 * every suspension has been made, of all accounts: signing one leaver out must not leave another one in.
 */
export async function carryOutDecisions(
  granted: ReadonlyMap<Person, Grant>,
  context: CarryOutContext,
): Promise<CarriedOut> {
  const done = await carryOutInTwoRounds(granted, context);
  const { counted, accounts } = done;
  const { verdicts, calls } = await runPostSuspensionActions(done, context);
  return { verdicts, calls: [...done.calls, ...calls], counted, accounts };
}

/**
 * Whoever turns out to be unknown under a remembered id, or under the event's own, is looked up by address and tried once
 * more.
 */
async function carryOutInTwoRounds(
  granted: ReadonlyMap<Person, Grant>,
  context: CarryOutContext,
): Promise<Round> {
  const passesUncounted = (group: Person) => {
    const { approvedBy, counted } = granted.get(group) ?? {};
    return approvedBy !== undefined || counted === true;
  };
  const guarded = { ...context, passesUncounted };
  const first = await runRound([...granted.keys()], askSparingly(granted), guarded);
  const stale = unknownIds(first);
  if (stale.length === 0) return first;
  for (const [accountId, people] of groupBy(stale, ({ newest }) => newest.accountId)) {
    await context.identities.forget(
      accountId,
      people.map(({ newest }) => newest.email),
    );
  }
  const second = await runRound(stale, () => "state", guarded);
  const again = new Set(stale);
  return {
    people: [...first.people.filter(({ group }) => !again.has(group)), ...second.people],
    verdicts: [...first.verdicts.filter(({ group }) => !again.has(group)), ...second.verdicts],
    calls: [...first.calls, ...second.calls],
    counted: [...first.counted, ...second.counted],
    accounts: new Map([...first.accounts, ...second.accounts]),
  };
}

interface Round extends CarriedOut {
  people: ResolvedPerson[];
}

async function runRound(
  groups: readonly Person[],
  ask: Ask,
  context: CarryOutContext & Pick<LimitContext, "passesUncounted">,
): Promise<Round> {
  const people = await resolveUsers(groups, ask, context);
  const planned = planCalls(people, context.directory.limits, context.clock());
  const { calls, verdicts, counted } = await performLimited(planned.calls, context);
  const accounts = accountsOf(people);
  return {
    people,
    calls,
    counted,
    accounts,
    verdicts: toPersonResults(calls, [...planned.verdicts, ...verdicts]),
  };
}

function accountsOf(people: readonly ResolvedPerson[]): Map<string, DirectoryAccount> {
  const accounts = new Map<string, DirectoryAccount>();
  for (const { account } of people)
    if (account.kind === "found") accounts.set(account.value.accountId, account.value);
  return accounts;
}

/**
 * An id in the event is used as it is. Invitations go out by address without asking; only one that may have gone out
 * before is looked up first, because the answer may have been lost after the e-mail was sent.
 */
function askSparingly(granted: ReadonlyMap<Person, Grant>): Ask {
  return (group: Person, { capabilities }: DirectoryAccount) => {
    const { intent, userId } = group.newest;
    const answer = capabilities[intent];
    // Whoever came back by another id in HR, or by hand, has the license of somebody who is there.
    if (group.newest.follows?.type === "EmployeeLeft") return "state";
    if (answer.kind === "call" && answer.operation === "invite") {
      return cameBefore(group) || granted.get(group)?.interrupted ? "state" : "nothing";
    }
    return userId === undefined ? "id" : "nothing";
  };
}

/** Any message of the group counts: a newer decision, or a copy, may come for the first time beside one that did not. */
function cameBefore({ newest, duplicates, older }: Person): boolean {
  return [newest, ...duplicates, ...older].some(({ receiveCount }) => receiveCount > 1);
}

/**
 * Whose id the directory does not know, unless it is the directory that told it just now. Those who gave way to another
 * one of the same id are among them: it may be the id of neither.
 */
function unknownIds({ calls, people }: Round): Person[] {
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
