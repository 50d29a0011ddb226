import { type MemoryStore, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryHeldDecisions } from "../../src/ledger/memory/memoryPorts.ts";
import type { SuspensionLimits } from "../../src/policy/suspensionLimits.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import type { SafeguardStore } from "../../src/safeguard/safeguardState.ts";
import { type Faults, fakeDirectory } from "../directory/fakeDirectory.ts";
import { collect } from "../events/collect.ts";
import { aRecord } from "./records.ts";
import { type Run, runBatch } from "./runBatch.ts";
import { aUser, noon } from "./samples.ts";

const limits: SuspensionLimits = { atLeast: 10, percent: 5, windowMinutes: 60, immediate: 2 };

/** A directory of 400 in two accounts, and what is remembered from one batch to the next. */
export function limitedService(faults: Faults = {}) {
  const users = (domain: string) =>
    Array.from({ length: 400 }, (_, index) =>
      aUser({ userId: `${domain}-${index}`, email: `person-${index}@${domain}.example` }),
    );
  const directory = fakeDirectory(
    [
      { accountId: "team", type: "Team", users: users("team") },
      { accountId: "lwa", type: "EnterpriseLWA", users: users("lwa") },
    ],
    faults,
  );
  const store = memoryStore();
  const admissions = memorySafeguardStore();
  const run = async (records: readonly QueueRecord[], given: Partial<Run> = {}) => {
    const { outcomes } = await runBatch(records, {
      intent: "offboard",
      directory,
      store,
      admissions,
      limits,
      ...given,
    });
    return tally(outcomes);
  };
  return { directory, store, admissions, run };
}

/** How often each outcome came, by its kind and by the reason if it has one. */
export function tally(
  outcomes: readonly { kind: string; rule?: string; code?: string }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, rule, code } of outcomes) {
    const words = [kind, rule ?? code].filter(Boolean).join(" ");
    counts[words] = (counts[words] ?? 0) + 1;
  }
  return counts;
}

interface Leavers {
  from?: number;
  account?: "team" | "lwa";
  urgent?: boolean;
}

/** So many people who leave, their ids known. */
export function leavers(
  count: number,
  { from = 0, account = "team", urgent = false }: Leavers = {},
): QueueRecord[] {
  return Array.from({ length: count }, (_, index) =>
    aRecord("EmployeeLeft", {
      ...personOf(from + index, account),
      id: `${account}-left-${from + index}`,
      data: { userId: `${account}-${from + index}`, ...(urgent && { urgency: "immediate" }) },
    }),
  );
}

export const personOf = (index: number, account = "team") => ({
  personId: `${account}-p-${index}`,
  email: `person-${index}@${account}.example`,
});

export async function counted(admissions: SafeguardStore): Promise<number> {
  const [account] = await admissions.list();
  return (account?.state.admissions ?? []).reduce((sum, { people }) => sum + people, 0);
}

export const release = async (store: MemoryStore, wanted: (eventId: string) => boolean = () => true) => {
  const held = memoryHeldDecisions(store);
  for (const decision of await collect(held.list()))
    if (wanted(decision.eventId))
      await held.release(decision, { by: "grace", note: "a plant closes", now: noon });
};
