import type { Directory } from "../directory/directory.ts";
import type { Failure } from "../directory/failure.ts";
import type { HeldRule } from "../ledger/pendingStore.ts";
import type { SuspensionLimits } from "../policy/suspensionLimits.ts";
import type { AdmissionRequest, Receipt } from "../safeguard/decideAdmission.ts";
import { admit, type Safeguard } from "../safeguard/safeguard.ts";
import type { Budget } from "./attempt.ts";
import type { PlannedCall } from "./coalesce.ts";
import { countActiveUsers } from "./countActiveUsers.ts";

export type Suspension = PlannedCall["entries"][number];

export interface AdmitContext {
  safeguard: Safeguard;
  directory: Directory;
  budget: Budget;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

/** Who of one account may be suspended now, and why the others may not. */
export type Admission =
  | { kind: "decided"; passed: readonly Suspension[]; receipt: Receipt; heldBy: HeldRule | undefined }
  /** The active users could not be counted. */
  | { kind: "failed"; failure: Failure }
  | { kind: "fault"; reason: string };

/** Asks the safeguard about the suspensions of one account; counts its active users if the answer depends on them. */
export async function admitSuspensions(
  accountId: string,
  suspensions: readonly Suspension[],
  limits: SuspensionLimits,
  context: AdmitContext,
): Promise<Admission> {
  const immediate = suspensions.filter(isImmediate);
  const others = suspensions.filter((suspension) => !isImmediate(suspension));
  const request: AdmissionRequest = { immediate: immediate.length, others: others.length };
  const ask = (activeUsers?: number) => {
    const asked = activeUsers === undefined ? request : { ...request, activeUsers };
    return admit(context.safeguard, accountId, asked, limits, context.clock());
  };
  let verdict = await ask();
  if (verdict.kind === "uncounted") {
    const active = await countActiveUsers(accountId, context);
    if (active.kind === "failed") return active;
    verdict = await ask(active.value);
  }
  switch (verdict.kind) {
    case "decided": {
      const { passed, receipt, heldBy } = verdict;
      const first = [...immediate.slice(0, passed.immediate), ...others.slice(0, passed.others)];
      return { kind: "decided", passed: first, receipt, heldBy };
    }
    case "fault":
      return verdict;
    case "uncounted":
      throw new Error(`expected a verdict on account ${accountId}, whose users have just been counted`);
  }
}

function isImmediate({ groups }: Suspension): boolean {
  return groups.some(({ leader }) => leader.urgent);
}
