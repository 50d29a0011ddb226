import type { AccountCache } from "../directory/accountCache.ts";
import type { Directory } from "../directory/directory.ts";
import type { IdentityCache } from "../ledger/identityCache.ts";
import type { Lease, Ledger } from "../ledger/ledger.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { Pipeline } from "../pipelines.ts";
import type { FindAccount } from "../policy/accountFinder.ts";
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
import type { PerformedCall } from "./perform.ts";
import type { QueueRecord } from "./queueRecord.ts";
import { inRecordOrder } from "./report.ts";
import { screen } from "./screen.ts";
import { settle } from "./settle.ts";
import { untilEffective } from "./untilEffective.ts";

/** What the drain needs; all of it but `budget` and `lease` lives as long as the execution environment. */
export interface DrainContext {
  pipeline: Pipeline;
  findAccount: FindAccount;
  directory: Directory;
  accounts: AccountCache;
  pagesOfAccount: Map<string, number>;
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
}

/** A batch of queue records in, one outcome for each of them out. This is the way of an event, step by step. */
export async function drain(records: readonly QueueRecord[], context: DrainContext): Promise<DrainResult> {
  const now = context.clock();
  const steps = { ...context, aspect: context.pipeline.aspect };
  const opened = open(records, context.pipeline);
  const screened = screen(opened.decisions, context.findAccount, now);
  const { effective, later } = untilEffective(screened.inScope, now);
  const deferred = await defer(later, records, steps, now);
  const groups = collapse(effective);
  const { granted, verdicts: refused } = await claim(groups, steps);
  const { verdicts, calls } = await carryOut(granted, steps);
  const concluded = await conclude(verdicts, granted, records, steps);
  const settled = [
    ...opened.settled,
    ...screened.settled,
    ...deferred,
    ...settle([...concluded, ...refused]),
  ];
  const unclaimed = withoutClaims([...opened.decisions, ...screened.inScope], granted);
  const journalled = await journal(settled, unclaimed, steps);
  return { outcomes: inRecordOrder(records.length, journalled), calls };
}

/** The decisions whose journal entry was not written with their claim, by record; of two readings the later one. */
function withoutClaims(
  decisions: readonly Decision[],
  granted: ReadonlyMap<Group<Decision>, Grant>,
): Map<number, Decision> {
  const claimed = new Set([...granted.keys()].map(({ leader }) => leader.index));
  const unclaimed = decisions.filter(({ index }) => !claimed.has(index));
  return new Map(unclaimed.map((decision) => [decision.index, decision]));
}
