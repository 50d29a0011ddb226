import type { AccountCache } from "../directory/accountCache.ts";
import type { Directory } from "../directory/directory.ts";
import type { ScanMemory } from "../directory/scanMemory.ts";
import type { IdentityCache } from "../ledger/identityCache.ts";
import type { Lease, Ledger } from "../ledger/ledger.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { Pipeline } from "../pipelines.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Safeguard } from "../safeguard/safeguard.ts";
import type { Budget } from "./attempt.ts";
import { carryOut } from "./carryOut.ts";
import { claim, type Grant } from "./claim.ts";
import { collapse, type Group } from "./collapse.ts";
import { conclude } from "./conclude.ts";
import type { Decision } from "./decision.ts";
import { defer } from "./defer.ts";
import { journal } from "./journal.ts";
import { open } from "./open.ts";
import type { Outcome } from "./outcome.ts";
import type { PerformedCall } from "./performedCall.ts";
import type { QueueRecord } from "./queueRecord.ts";
import { inRecordOrder } from "./report.ts";
import { screen } from "./screen.ts";
import { settle } from "./settle.ts";
import { stillFollows } from "./stillFollows.ts";
import { untilEffective } from "./untilEffective.ts";

/** What the drain needs; all of it but `budget` and `lease` lives as long as the execution environment. */
export interface DrainContext {
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

export interface DrainResult {
  /** One for each record, in record order. */
  outcomes: Outcome[];
  /** The batch calls that were made or could not be started. */
  calls: PerformedCall[];
  /** What could be read, in record order; with an account where the policy names one. */
  decisions: readonly (Decision | undefined)[];
}

/** A batch of queue records in, one outcome for each of them out. This is the way of an event, step by step. */
export async function drain(records: readonly QueueRecord[], context: DrainContext): Promise<DrainResult> {
  const now = context.clock();
  const opened = open(records, context.pipeline);
  const screened = screen(opened.decisions, context.rules, now);
  const { effective, later } = untilEffective(screened.inScope, now);
  const deferred = await defer(later, records, context, now);
  const { standing, settled: overtaken } = await stillFollows(effective, context);
  const groups = collapse(standing);
  const { granted, verdicts: refused } = await claim(groups, context);
  const { verdicts, calls, counted, accounts } = await carryOut(granted, context);
  const concluded = await conclude(
    verdicts,
    { granted, counted: new Set(counted), records, accounts },
    context,
  );
  const settled = [
    ...opened.settled,
    ...screened.settled,
    ...deferred,
    ...overtaken,
    ...settle([...concluded, ...refused]),
  ];
  const decisions = inPlace(records.length, opened.decisions);
  const journalled = await journal(settled, withoutClaims(decisions, granted), context);
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
  granted: ReadonlyMap<Group<Decision>, Grant>,
): (Decision | undefined)[] {
  const unclaimed = [...decisions];
  for (const { leader } of granted.keys()) unclaimed[leader.index] = undefined;
  return unclaimed;
}
