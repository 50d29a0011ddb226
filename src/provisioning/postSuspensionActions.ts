import type { BatchOperation, DirectoryAccount, PostSuspensionAction } from "../directory/directory.ts";
import type { Intent } from "../pipelines.ts";
import type { AfterSuspension, FindAfterSuspension } from "../policy/afterSuspension.ts";
import { type DesiredChange, targetOf } from "./decideChange.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision } from "./decision.ts";
import type { Outcome, PersonResult, Rejected, Retry } from "./outcome.ts";
import { type PerformedCall, type PerformOptions, performCalls, toOutcome } from "./performCalls.ts";
import { carriesUrgent, coalesce, type PlannedCall, urgentFirst } from "./planCalls.ts";

export interface PostSuspensionContext extends PerformOptions {
  rules: { findAfterSuspension: FindAfterSuspension };
}

/** What was done about people in; makes the calls that the policy wants after that, and gives the verdicts on all of it. */
export async function runPostSuspensionActions(
  { people, verdicts }: { people: readonly ResolvedPerson[]; verdicts: PersonResult[] },
  context: PostSuspensionContext,
): Promise<{ verdicts: PersonResult[]; calls: PerformedCall[] }> {
  const { rules, directory } = context;
  const planned = planPostSuspensionActions(people, verdicts, rules.findAfterSuspension, directory.limits);
  if (planned.length === 0) return { verdicts, calls: [] };
  const calls = await performCalls(planned, context);
  return { verdicts: combineOutcomes(calls, verdicts), calls };
}

/**
 * People and what was done about them in, the calls that follow out: sign-outs before PINs, urgent ones before all others.
 *
 * Whoever was suspended already is among them: an earlier try may have died between the suspension and what follows it,
 * and nobody can tell that from a user whom somebody else has suspended. A call too many signs nobody in.
 */
export function planPostSuspensionActions(
  people: readonly ResolvedPerson[],
  verdicts: readonly PersonResult[],
  findAfterSuspension: FindAfterSuspension,
  limits: Readonly<Record<BatchOperation, number>>,
): readonly PlannedCall[] {
  const asked: DesiredChange[] = [];
  for (const person of people) addWishes(asked, person, findAfterSuspension);
  if (asked.length === 0) return [];
  const outcomes = new Map<PersonDecisions<ScopedDecision>, Outcome>(
    verdicts.map(({ group, outcome }) => [group, outcome]),
  );
  const wishes = asked.filter(({ group }) => isDone(outcomes.get(group)));
  const signOuts = wishes.filter(({ operation }) => operation === "signOut");
  const others = wishes.filter(({ operation }) => operation !== "signOut");
  return urgentFirst(coalesce([...signOuts, ...others], limits).calls, carriesUrgent);
}

function isDone(outcome: Outcome | undefined): boolean {
  return outcome?.kind === "applied" || (outcome?.kind === "unchanged" && outcome.because === "alreadySo");
}

function addWishes(
  wishes: DesiredChange[],
  { group, account, user }: ResolvedPerson,
  findAfterSuspension: FindAfterSuspension,
): void {
  if (account.kind === "failed") return;
  const { accountId, intent } = group.newest;
  for (const operation of postSuspensionActionsOf(account.value, intent, findAfterSuspension(accountId))) {
    const target = targetOf(operation, group.newest, user);
    if (target !== undefined) wishes.push({ group, operation, accountId, target });
  }
}

/** The calls that follow one that answers an intent: what the account's users need or can have, and the policy asks for. */
export function postSuspensionActionsOf(
  { capabilities }: Pick<DirectoryAccount, "capabilities">,
  intent: Intent,
  asked: Pick<AfterSuspension, PostSuspensionAction>,
): readonly PostSuspensionAction[] {
  const answer = capabilities[intent];
  if (answer.kind === "reject" || answer.postSuspensionActions === undefined) return none;
  return answer.postSuspensionActions.filter((operation) => asked[operation]);
}

const none: readonly PostSuspensionAction[] = [];

type Failed = Rejected | Retry;

/**
 * The verdicts on suspensions and the calls that followed in, the verdicts on all of it out. A message is done only if
 * everything was: what may pass later brings it back, and the suspension is made once more, which changes nothing. What
 * never will pass is a dead letter that says how far it came.
 */
export function combineOutcomes(
  performed: readonly PerformedCall[],
  verdicts: readonly PersonResult[],
): PersonResult[] {
  const outcomesOf = new Map<PersonDecisions<ScopedDecision>, Outcome[]>();
  for (const { call, requestId, results, halved } of performed) {
    if (halved) continue;
    for (const { target, groups } of call.entries) {
      for (const group of groups) {
        const outcome = toOutcome(results.get(target), requestId, group.newest.receiveCount);
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
