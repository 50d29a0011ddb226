import type { Directory } from "../../src/directory/directory.ts";
import { accountCache, scanMemory } from "../../src/directory/directoryCache.ts";
import { memoryForgottenPeople } from "../../src/ledger/forgottenPeople.ts";
import {
  type MemoryStore,
  memoryLedger,
  memoryObservations,
  memoryStore,
} from "../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache, memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import { type Intent, pipelines } from "../../src/pipelineSettings.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import type { SuspensionLimits } from "../../src/policy/suspensionLimits.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import { type BatchContext, type BatchResult, processBatch } from "../../src/provisioning/processBatch.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import type { SafeguardStore } from "../../src/safeguard/safeguardState.ts";
import { noon } from "./samples.ts";

/** The parts of a batch that a test may choose. */
export interface Run
  extends Partial<
    Pick<
      BatchContext,
      | "budget"
      | "concurrency"
      | "scans"
      | "rules"
      | "clock"
      | "pending"
      | "ledger"
      | "identities"
      | "forgotten"
      | "pauses"
    >
  > {
  intent: Intent;
  directory: Directory;
  /** Milliseconds since the epoch; noon by default. */
  now?: number;
  /** What the ledger knows already; nothing by default. */
  store?: MemoryStore;
  /** Of the safeguard, which is off by default, and what it remembers. */
  limits?: SuspensionLimits;
  /** The limits of an account, where they differ; `limits` for each by default. */
  limitsOf?: (accountId: string) => SuspensionLimits | undefined;
  admissions?: SafeguardStore;
}

/** The account of each of these is named like the domain's first part: `ada@team.example` belongs to `team`. */
const accountIds = ["team", "lwa", "oidc", "closed"] as const;

const rules = toPolicyRules({
  accounts: accountIds.map((id) => ({ id, domains: [`${id}.example`], licensePerRole: { engineer: "Pro" } })),
});

/** Processes the records as one batch, at noon and by default with time for everything and an empty ledger. */
export function runBatch(records: readonly QueueRecord[], run: Run): Promise<BatchResult> {
  const { intent, now = noon, store = memoryStore(), limits, limitsOf = () => limits, ...rest } = run;
  const { admissions = memorySafeguardStore(), ...context } = rest;
  return processBatch(records, {
    pipeline: pipelines[intent],
    rules,
    accounts: accountCache(() => now),
    scans: scanMemory(() => now),
    ledger: memoryLedger(store),
    observations: memoryObservations(store),
    pending: memoryPendingStore(store),
    identities: memoryIdentityCache(store),
    pauses: { read: async () => [] },
    forgotten: memoryForgottenPeople(),
    safeguard: { store: admissions, limitsOf, onFault: () => undefined },
    clock: () => now,
    budget: () => ({ milliseconds: 1000 }),
    lease: { owner: "test", now, until: now + 1000 },
    concurrency: 4,
    ...context,
  });
}

/** Time for this many calls, counting those that a memory makes needless. */
export function timeFor(calls: number): BatchContext["budget"] {
  let left = calls;
  return () => (left-- > 0 ? { milliseconds: 1000 } : undefined);
}
