import type { BatchOperation } from "../directory/directory.ts";
import type { Group } from "./collapse.ts";
import { outcomeOf } from "./judge.ts";
import type { Outcome, Rejected, Retry } from "./outcome.ts";
import type { PerformedCall } from "./performedCall.ts";
import type { Verdict } from "./plan.ts";
import type { ScopedDecision } from "./screen.ts";

type Failed = Rejected | Retry;

/**
 * The verdicts on suspensions and the calls that followed in, the verdicts on all of it out. A message is done only if
 * everything was: what may pass later brings it back, and the suspension is made once more, which changes nothing. What
 * never will pass is a dead letter that says how far it came.
 */
export function judgeClosings(performed: readonly PerformedCall[], verdicts: readonly Verdict[]): Verdict[] {
  const outcomesOf = new Map<Group<ScopedDecision>, Outcome[]>();
  for (const { call, requestId, results, halved } of performed) {
    if (halved) continue;
    for (const { target, groups } of call.entries) {
      for (const group of groups) {
        const outcome = outcomeOf(results.get(target), requestId, group.leader.receiveCount);
        const sofar = outcomesOf.get(group) ?? [];
        outcomesOf.set(group, [...sofar, withHowFar(outcome, call.operation)]);
      }
    }
  }
  return verdicts.map(({ group, outcome }) => ({
    group,
    outcome: combined(outcome, outcomesOf.get(group) ?? []),
  }));
}

/** A failure, told as what it is to somebody who is suspended. */
function withHowFar(outcome: Outcome, operation: BatchOperation): Outcome {
  const { code, isLeft, byHand } = words(operation);
  switch (outcome.kind) {
    case "retry":
      return { ...outcome, reason: `the person is suspended, but ${isLeft} yet: ${outcome.reason}` };
    case "rejected": {
      const reason = `the person is suspended, but ${isLeft}: ${outcome.code}: ${outcome.reason}; ${byHand}, or redrive the message`;
      return { ...outcome, code, reason, carriedOut: true };
    }
    default:
      return outcome;
  }
}

function words(operation: BatchOperation): { code: string; isLeft: string; byHand: string } {
  return operation === "signOut"
    ? { code: "NotSignedOut", isLeft: "not signed out", byHand: "sign the person out by hand" }
    : { code: "PinNotReset", isLeft: "the PIN is not replaced", byHand: "replace the PIN by hand" };
}

/** What may still happen goes before all, because the person must not be let go of; then whatever brings it back. */
function combined(suspension: Outcome, closings: readonly Outcome[]): Outcome {
  const [first] = closings;
  if (first === undefined) return suspension;
  const retries = closings.filter(({ kind }) => kind === "retry");
  const worst = retries.find(isInDoubt) ?? retries[0] ?? bothRejected(closings.filter(isRejected));
  if (worst !== undefined) return worst;
  // Somebody who was suspended already, and was signed out only now.
  return suspension.kind === "applied" ? suspension : first;
}

function isInDoubt(outcome: Outcome): boolean {
  return outcome.kind === "retry" && outcome.mayStillHappen === true;
}

function isRejected(outcome: Outcome): outcome is Rejected {
  return outcome.kind === "rejected";
}

function bothRejected([first, ...others]: readonly Rejected[]): Failed | undefined {
  if (first === undefined) return undefined;
  return { ...first, reason: [first, ...others].map(({ reason }) => reason).join(". And: ") };
}
