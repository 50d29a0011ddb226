import type { Budget, Directory } from "../directory/directory.ts";
import type { AccountCache, ScanMemory } from "../directory/directoryCache.ts";
import type { ForgottenPeople } from "../ledger/forgottenPeople.ts";
import type { IdentityCache, Lease, Ledger } from "../ledger/ledger.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { Observations } from "../ledger/trialObservations.ts";
import type { Pipeline } from "../pipelineSettings.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { PauseWatch } from "../safeguard/pauses.ts";
import type { Safeguard } from "../safeguard/safeguard.ts";
import { applyPolicy } from "./applyPolicy.ts";
import {
  defect,
  defectOf,
  defectOfResult,
  directoryWithoutThrows,
  inParts,
  ledgerWithoutThrows,
  pendingWithoutThrows,
  unreadableOf,
} from "./boundary.ts";
import { carryOutDecisions } from "./carryOutDecisions.ts";
import {
  abandonClaims,
  claimDecisions,
  dropEnded,
  type GrantedClaims,
  recognizeEnded,
} from "./claimDecisions.ts";
import { commitResults, fanOutToMessages } from "./commitResults.ts";
import type { Decision, QueueRecord, ScopedDecision } from "./decision.ts";
import { deferDecisions, splitByEffectiveDate } from "./deferDecisions.ts";
import { dropForgotten } from "./dropForgotten.ts";
import { dropObsoleteFollowUps } from "./followUps.ts";
import { groupByPerson } from "./groupByPerson.ts";
import { journalUnclaimed } from "./journalEntries.ts";
import { inRecordOrder, type MessageOutcome, type Outcome } from "./outcome.ts";
import { parseRecords } from "./parseRecords.ts";
import type { PerformedCall } from "./performCalls.ts";
import { observeDecisions, splitByTrial, takeTrialsOfSources } from "./stops/observeDecisions.ts";
import { setAsidePaused } from "./stops/setAsidePaused.ts";
import { updateIdentities } from "./users/knownIdentities.ts";

/** What a batch needs; all of it but `budget` and `lease` lives as long as the execution environment. */
export interface BatchContext {
  pipeline: Pipeline;
  rules: PolicyRules;
  directory: Directory;
  accounts: AccountCache;
  scans: ScanMemory;
  ledger: Ledger;
  observations: Observations;
  pending: PendingStore;
  identities: IdentityCache;
  forgotten: ForgottenPeople;
  safeguard: Safeguard;
  pauses: Pick<PauseWatch, "read">;
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
 * steps, in their order; `carryOutDecisions` is its middle part.
 */
export async function processBatch(
  records: readonly QueueRecord[],
  given: BatchContext,
): Promise<BatchResult> {
  const context = withoutThrows(given);
  const now = context.clock();
  const parsed = parseRecords(records, context.pipeline);
  const scoped = applyPolicy(parsed.decisions, context.rules, now);
  const screened = await inParts(
    scoped.outcomes,
    (part) => recognizeEnded(part, parsed.decisions, context),
    defectOfMessage,
  );
  const lateCopies = await inParts(parsed.decisions, (part) => dropForgotten(part, context), defectOfMessage);
  const dropped = new Set([...lateCopies.results.flat(), ...lateCopies.thrown].map(({ index }) => index));
  const known = scoped.inScope.filter(({ index }) => !dropped.has(index));
  const running = await inParts(known, (part) => setAsidePaused(part, context), defectOfMessage);
  const unpaused = running.results.flatMap((part) => part.decisions);
  const split = await inParts(unpaused, (part) => splitByEffectiveDate(part, now), unreadableOf);
  const later = split.results.flatMap((part) => part.later);
  const effective = split.results.flatMap((part) => part.effective);
  const early = await inParts(
    later,
    (part) => takeTrialsOfSources(part, context.rules),
    ({ decision }, error) => unreadableOf(decision, error),
  );
  const toWait = await inParts(
    early.results.flatMap((part) => part.waiting),
    (part) => dropEnded(part, context),
    ({ decision }, error) => unreadableOf(decision, error),
  );
  const deferred = await inParts(
    toWait.results.flatMap((part) => part.waiting),
    (part) => deferDecisions(part, records, context, now),
    ({ decision }, error) => unreadableOf(decision, error),
  );
  const current = await inParts(effective, (part) => dropObsoleteFollowUps(part, context), unreadableOf);
  const decided = current.results.flatMap((part) => part.decisions);
  const trials = await inParts(decided, (part) => splitByTrial(part, context.rules), unreadableOf);
  const ofTrials = [...early.results, ...trials.results].flatMap((part) => part.observed);
  const observed = await inParts(ofTrials, (part) => observeDecisions(part, context), defectOfMessage);
  const live = trials.results.flatMap((part) => part.live);
  const groups = await inParts(live, groupByPerson<ScopedDecision>, unreadableOf);
  const claimed = await inParts(groups.results.flat(), (part) => claimDecisions(part, context), defectOf);
  const granted: GrantedClaims = new Map(claimed.results.flatMap((part) => [...part.granted]));

  const { results, calls, counted, accounts, people, thrown } = await carryOutDecisions(granted, context);

  const claims = { granted, counted: new Set(counted), records, accounts, people };
  const committed = await inParts(results, (part) => commitResults(part, claims, context), defectOfResult);
  const finished = [
    ...observed.results.flat(),
    ...committed.results.flat(),
    ...claimed.results.flatMap((part) => part.refused),
  ];
  const update = updateIdentities(committed.results.flat(), calls, context.identities);
  const identified = await inParts(people, update, defectOfResult);
  const fannedOut = await inParts(finished, fanOutToMessages, defectOfResult);
  const outcomes = [
    ...parsed.outcomes,
    ...screened.results.flat(),
    ...running.results.flatMap((part) => part.outcomes),
    ...toWait.results.flatMap((part) => part.outcomes),
    ...deferred.results.flat(),
    ...current.results.flatMap((part) => part.outcomes),
    ...fannedOut.results.flat(),
    // Whatever the policy says of them.
    ...lateCopies.results.flat(),
  ];
  const decisions = toRecordOrder(records.length, parsed.decisions);
  const unclaimed = withoutClaimed(decisions, granted, dropped);
  const recognized = new Set(
    screened.results.flat().flatMap(({ index, outcome }) => (outcome.kind === "unchanged" ? [index] : [])),
  );
  const endings = { recognized, ofTrials: new Set(ofTrials.map(({ index }) => index)) };
  const ended = await inParts(
    outcomes,
    (part) => abandonClaims(part, unclaimed, endings, context),
    defectOfMessage,
  );
  const journalled = await inParts(
    ended.results.flat(),
    (part) => journalUnclaimed(part, unclaimed, context),
    defectOfMessage,
  );
  const steps = [
    screened,
    lateCopies,
    running,
    split,
    early,
    toWait,
    deferred,
    current,
    trials,
    observed,
    groups,
    claimed,
    { thrown },
    committed,
    identified,
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
    pending: pendingWithoutThrows(context.pending, () => context.clock() >= context.lease.until),
    directory: directoryWithoutThrows(context.directory),
  };
}

function defectOfMessage({ index }: Pick<MessageOutcome, "index">, error: unknown): MessageOutcome[] {
  return [{ index, outcome: defect(error) }];
}

function toRecordOrder(recordCount: number, parsed: readonly Decision[]): (Decision | undefined)[] {
  const decisions = new Array<Decision | undefined>(recordCount).fill(undefined);
  for (const decision of parsed) decisions[decision.index] = decision;
  return decisions;
}

/** The decisions that were not claimed, in record order; without those about people who were forgotten. */
function withoutClaimed(
  decisions: readonly (Decision | undefined)[],
  granted: GrantedClaims,
  dropped: ReadonlySet<number>,
): (Decision | undefined)[] {
  const unclaimed = decisions.map((decision, index) => (dropped.has(index) ? undefined : decision));
  for (const { newest } of granted.keys()) unclaimed[newest.index] = undefined;
  return unclaimed;
}
