import type { SuspensionLimits } from "../policy/suspensionLimits.ts";
import type { Receipt } from "../safeguard/decideAdmission.ts";
import { type Admission, type AdmitContext, admitSuspensions, type Suspension } from "./admitSuspensions.ts";
import type { PlannedCall } from "./coalesce.ts";
import type { Group } from "./collapse.ts";
import { groupBy } from "./groupBy.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeOfFailure } from "./outcomeOfFailure.ts";
import type { Verdict } from "./plan.ts";
import type { ScopedDecision } from "./screen.ts";
import { ledgerUnavailable } from "./triedAgain.ts";

type Person = Group<ScopedDecision>;

export interface GuardContext extends AdmitContext {
  /**
   * Whether the person's decision passes without being counted: an operator has released it, or it was counted at an
   * earlier try that nobody knows the end of.
   */
  passesUncounted: (person: Person) => boolean;
}

export interface Guarded {
  calls: readonly PlannedCall[];
  /** Of those who may not be suspended now. */
  verdicts: Verdict[];
  counted: CountedSuspensions[];
}

/** Who of an account was counted, to take off again those who were not suspended. */
export interface CountedSuspensions {
  accountId: string;
  suspensions: readonly Suspension[];
  receipt: Receipt;
}

/** Calls in; those that the safeguard lets pass out, as few as can be. Only suspensions are asked about. */
export async function guard(calls: readonly PlannedCall[], context: GuardContext): Promise<Guarded> {
  const others = calls.filter(({ operation }) => operation !== "suspend");
  const suspensions = calls.filter(({ operation }) => operation === "suspend");
  const guarded: Guarded[] = [{ calls: others, verdicts: [], counted: [] }];
  for (const [accountId, ofAccount] of groupBy(suspensions, (call) => call.accountId)) {
    const limits = context.safeguard.limitsOf(accountId);
    guarded.push(
      limits === undefined
        ? { calls: ofAccount, verdicts: [], counted: [] }
        : await guardAccount(accountId, ofAccount, limits, context),
    );
  }
  return {
    calls: guarded.flatMap((part) => part.calls),
    verdicts: guarded.flatMap((part) => part.verdicts),
    counted: guarded.flatMap((part) => part.counted),
  };
}

async function guardAccount(
  accountId: string,
  calls: readonly PlannedCall[],
  limits: SuspensionLimits,
  context: GuardContext,
): Promise<Guarded> {
  const asking = calls
    .flatMap(({ entries }) => entries)
    .filter(({ groups }) => !groups.some(context.passesUncounted));
  if (asking.length === 0) return { calls, verdicts: [], counted: [] };
  const admission = await admitSuspensions(accountId, asking, limits, context);
  const passed = admission.kind === "decided" ? admission.passed : [];
  const stopped = new Set(asking);
  for (const suspension of passed) stopped.delete(suspension);
  return {
    calls: stopped.size === 0 ? calls : repack(accountId, calls, stopped, context),
    verdicts: [...stopped].flatMap(({ groups }) =>
      groups.map((group) => ({ group, outcome: outcomeFor(group, admission) })),
    ),
    counted:
      admission.kind === "decided" ? [{ accountId, suspensions: passed, receipt: admission.receipt }] : [],
  };
}

/** The same calls without those who were stopped, filled up again. */
function repack(
  accountId: string,
  calls: readonly PlannedCall[],
  stopped: ReadonlySet<Suspension>,
  { directory }: GuardContext,
): PlannedCall[] {
  const limit = directory.limits.suspend;
  const left = calls.flatMap(({ entries }) => entries).filter((entry) => !stopped.has(entry));
  return Array.from({ length: Math.ceil(left.length / limit) }, (_, index) => ({
    operation: "suspend",
    accountId,
    entries: left.slice(index * limit, (index + 1) * limit),
  }));
}

function outcomeFor({ leader }: Person, admission: Admission): Outcome {
  switch (admission.kind) {
    case "decided":
      return { kind: "held", rule: admission.heldBy ?? "SuspensionLimit" };
    case "failed":
      return outcomeOfFailure(admission.failure, leader.receiveCount);
    case "fault":
      return ledgerUnavailable(admission);
  }
}
