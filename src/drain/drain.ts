import type { AccountCache } from "../directory/accountCache.ts";
import type { Directory } from "../directory/directory.ts";
import type { Pipeline } from "../pipelines.ts";
import type { FindAccount } from "../policy/accountFinder.ts";
import type { Budget } from "./attempt.ts";
import { collapse } from "./collapse.ts";
import { open } from "./open.ts";
import type { Outcome } from "./outcome.ts";
import { type PerformedCall, perform } from "./perform.ts";
import { plan } from "./plan.ts";
import type { QueueRecord } from "./queueRecord.ts";
import { inRecordOrder } from "./report.ts";
import { resolve } from "./resolve.ts";
import { screen } from "./screen.ts";
import { settle } from "./settle.ts";

/** What the drain needs; all of it but `budget` lives as long as the execution environment. */
export interface DrainContext {
  pipeline: Pipeline;
  findAccount: FindAccount;
  directory: Directory;
  accounts: AccountCache;
  pagesOfAccount: Map<string, number>;
  budget: Budget;
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
  const opened = open(records, context.pipeline);
  const screened = screen(opened.decisions, context.findAccount);
  const groups = collapse(screened.inScope);
  const people = await resolve(groups, context);
  const { calls, verdicts } = plan(people, context.directory.limits);
  const performed = await perform(calls, context);
  const settled = settle(performed, verdicts);
  const outcomes = inRecordOrder(records.length, [...opened.settled, ...screened.settled, ...settled]);
  return { outcomes, calls: performed };
}
