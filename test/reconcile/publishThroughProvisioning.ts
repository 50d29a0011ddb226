import { type MemoryStore, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { pipelineNames, pipelines } from "../../src/pipelineSettings.ts";
import type { PolicyRules } from "../../src/policy/policyRules.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { compareRoster } from "../../src/reconcile/compareRoster.ts";
import type { MergedRoster } from "../../src/reconcile/mergeRows.ts";
import { inPublishOrder } from "../../src/reconcile/planRoster.ts";
import { readDirectory } from "../../src/reconcile/readDirectory.ts";
import {
  type CompareOptions,
  type Comparison,
  eventIdsOf,
  toEventLine,
} from "../../src/reconcile/rosterChange.ts";
import type { FakeDirectory } from "../directory/fakeDirectory.ts";
import { runBatch } from "../provisioning/runBatch.ts";
import { noon } from "../provisioning/samples.ts";
import { rules } from "./samples.ts";

const accountIds = ["team", "lwa", "oidc"];

/** Compares the roster of noon with the directory as it is now. */
export async function compareWithDirectory(
  roster: MergedRoster,
  directory: FakeDirectory,
  options: Partial<CompareOptions> = {},
): Promise<Comparison> {
  const listings = await readDirectory(accountIds, directory);
  const eventIdOf = eventIdsOf(noon);
  return compareRoster(roster, listings, {
    rules,
    asOf: noon,
    absent: "report",
    eventIdOf,
    ...options,
  });
}

/** Provisions the events of the changes, in batches as full as they may be. The outcomes come by pipeline. */
export async function publishThroughProvisioning(
  { changes }: Comparison,
  directory: FakeDirectory,
  store: MemoryStore = memoryStore(),
  policyRules: PolicyRules = rules,
): Promise<Outcome[]> {
  const lines = inPublishOrder(changes).map((change) => ({ type: typeOf(toEventLine(change)), change }));
  const outcomes: Outcome[] = [];
  // The license of somebody who is invited is set once the invitation is out; in AWS it waits for that.
  for (const intent of pipelineNames) {
    const { batchSize, detailTypes } = pipelines[intent];
    const types: readonly string[] = detailTypes;
    const records = lines.flatMap(({ type, change }) =>
      types.includes(type) ? [toRecord(toEventLine(change))] : [],
    );
    for (let start = 0; start < records.length; start += batchSize) {
      const batch = records.slice(start, start + batchSize);
      outcomes.push(...(await runBatch(batch, { intent, directory, store, rules: policyRules })).outcomes);
    }
  }
  return outcomes;
}

function typeOf(line: string): string {
  return JSON.parse(line)["detail-type"];
}

function toRecord(line: string): QueueRecord {
  const envelope = { version: "0", id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718", source: "rollcall.hr" };
  const body = JSON.stringify({ ...envelope, ...JSON.parse(line) });
  return { body, receiveCount: 1, receivedAt: Date.parse("2026-05-14T12:00:00.000Z") };
}
