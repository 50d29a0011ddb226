import type { DirectoryAccount, Operation, PostSuspensionAction } from "../directory/directory.ts";
import type { AfterSuspension, FindAfterSuspension } from "../policy/afterSuspension.ts";
import { defect, defectOf, guarded, inParts } from "./boundary.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision } from "./decision.ts";
import type { MessageOutcome, Outcome, PersonResult, Rejected } from "./outcome.ts";
import { type PerformedCall, type PerformOptions, performCalls, toOutcome } from "./performCalls.ts";
import {
  accountsOf,
  carriesUrgent,
  coalesce,
  type DesiredChange,
  type FindCallLimits,
  limitsByAccount,
  type PlannedCall,
  targetOf,
  urgentFirst,
} from "./planCalls.ts";

export interface PostSuspensionContext extends PerformOptions {
  rules: { findAfterSuspension: FindAfterSuspension };
}

/**
 * Makes the calls that the policy wants after a suspension, and returns the results of suspension and actions together. `thrown`:
 * the outcomes of people whose actions could not be planned.
 */
export async function runPostSuspensionActions(
  { people, results }: { people: readonly ResolvedPerson[]; results: PersonResult[] },
  context: PostSuspensionContext,
): Promise<{ results: PersonResult[]; calls: PerformedCall[]; thrown: readonly MessageOutcome[] }> {
  const { rules } = context;
  const limitsOf = limitsByAccount(accountsOf(people));
  const planned = await inParts(
    people,
    (part) => planPostSuspensionActions(part, results, rules.findAfterSuspension, limitsOf),
    ({ group }, error) => defectOf(group, error),
  );
  const { thrown } = planned;
  const actions = planned.results.flat();
  if (actions.length === 0) return { results, calls: [], thrown };
  const calls = await performCalls(actions, context);
  return { results: combineOutcomes(calls, results), calls, thrown };
}

/**
 * Plans the actions: sign-outs before PINs, urgent ones before all others.
 *
 * Users who were suspended already are among them. An earlier try may have died between the suspension and its actions, and
 * nobody can tell that from a user whom somebody else has suspended. A call too many signs nobody in.
 */
export function planPostSuspensionActions(
  people: readonly ResolvedPerson[],
  results: readonly PersonResult[],
  findAfterSuspension: FindAfterSuspension,
  limitsOf: FindCallLimits,
): readonly PlannedCall[] {
  const wanted = people.flatMap((person) => actionsFor(person, findAfterSuspension));
  if (wanted.length === 0) return [];
  const outcomes = new Map<PersonDecisions<ScopedDecision>, Outcome>(
    results.map(({ group, outcome }) => [group, outcome]),
  );
  const actions = wanted.filter(({ group }) => isSuspended(outcomes.get(group)));
  const signOuts = actions.filter(({ operation }) => operation === "signOut");
  const others = actions.filter(({ operation }) => operation !== "signOut");
  return urgentFirst(coalesce([...signOuts, ...others], limitsOf).calls, carriesUrgent);
}

function isSuspended(outcome: Outcome | undefined): boolean {
  return outcome?.kind === "applied" || (outcome?.kind === "unchanged" && outcome.because === "alreadySo");
}

function actionsFor(
  { group, account, user }: ResolvedPerson,
  findAfterSuspension: FindAfterSuspension,
): readonly DesiredChange[] {
  if (account.kind === "failed" || group.newest.intent !== "offboard") return none;
  const { accountId } = group.newest;
  const operations = postSuspensionActionsOf(account.value, findAfterSuspension(accountId));
  if (operations.length === 0) return none;
  return operations.flatMap((operation) => {
    const target = targetOf(operation, group.newest, user);
    return target === undefined ? [] : [{ group, operation, accountId, target }];
  });
}

/** The actions that an account needs or can have after a suspension, and that the policy asks for. */
export function postSuspensionActionsOf(
  { postSuspensionActions }: Pick<DirectoryAccount, "postSuspensionActions">,
  wanted: Pick<AfterSuspension, PostSuspensionAction>,
): readonly PostSuspensionAction[] {
  return postSuspensionActions.filter((operation) => wanted[operation]);
}

/** One empty list for all people, because most intents have no actions. */
const none: readonly never[] = [];

/**
 * Combines the results of suspensions with those of the actions after them. A message is applied only if everything was. A
 * temporary failure brings it back, and the suspension is made once more, which changes nothing. A lasting one makes it a dead
 * letter that says how far it came.
 */
export function combineOutcomes(
  performed: readonly PerformedCall[],
  suspensions: readonly PersonResult[],
): PersonResult[] {
  const outcomesOf = new Map<PersonDecisions<ScopedDecision>, Outcome[]>();
  for (const { call, requestId, results, halved } of performed) {
    if (halved) continue;
    for (const { target, groups } of call.entries) {
      for (const group of groups) {
        const outcome = guarded(
          () => toOutcome(results.get(target), requestId, group.newest.receiveCount),
          defect,
        );
        const others = outcomesOf.get(group) ?? [];
        outcomesOf.set(group, [...others, withProgress(outcome, call.operation)]);
      }
    }
  }
  return suspensions.map(({ group, outcome }) => ({
    group,
    outcome: combine(outcome, outcomesOf.get(group) ?? []),
  }));
}

/** A failure's reason says that the person is suspended nevertheless. */
function withProgress(outcome: Outcome, operation: Operation): Outcome {
  const { code, missing, byHand } = actionWords(operation);
  switch (outcome.kind) {
    case "retry":
      return {
        ...outcome,
        reason: `the person is suspended, but ${missing} yet: ${outcome.reason}`,
        carriedOut: true,
      };
    case "rejected": {
      const reason = `the person is suspended, but ${missing}: ${outcome.code}: ${outcome.reason}; ${byHand}, or redrive the message`;
      return { ...outcome, code, reason, carriedOut: true };
    }
    default:
      return outcome;
  }
}

function actionWords(operation: Operation): { code: string; missing: string; byHand: string } {
  return operation === "signOut"
    ? { code: "NotSignedOut", missing: "not signed out", byHand: "sign the person out by hand" }
    : { code: "PinNotReset", missing: "the PIN is not replaced", byHand: "replace the PIN by hand" };
}

/** A call that may still happen goes before all, because the claim must be kept; then any other retry. */
function combine(suspension: Outcome, actions: readonly Outcome[]): Outcome {
  const [first] = actions;
  if (first === undefined) return suspension;
  const retries = actions.filter(({ kind }) => kind === "retry");
  const worst = retries.find(isInDoubt) ?? retries[0] ?? bothRejected(actions.filter(isRejected));
  if (worst !== undefined) return worst;
  // The user was suspended already, and was signed out only now.
  return suspension.kind === "applied" ? suspension : first;
}

function isInDoubt(outcome: Outcome): boolean {
  return outcome.kind === "retry" && outcome.mayStillHappen === true;
}

function isRejected(outcome: Outcome): outcome is Rejected {
  return outcome.kind === "rejected";
}

function bothRejected([first, ...others]: readonly Rejected[]): Rejected | undefined {
  if (first === undefined) return undefined;
  return { ...first, reason: [first, ...others].map(({ reason }) => reason).join(". And: ") };
}
