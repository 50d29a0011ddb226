import type { Observations, ObserveAnswer } from "../../ledger/trialObservations.ts";
import type { PolicyRules } from "../../policy/policyRules.ts";
import type { PersonDecisions, ScopedDecision } from "../decision.ts";
import type { DecisionToDefer } from "../deferDecisions.ts";
import { groupBy, groupByPerson } from "../groupByPerson.ts";
import { wordOfOperation } from "../journalEntries.ts";
import { ambiguousCode, ledgerUnavailable, type Outcome, type PersonResult } from "../outcome.ts";
import { type PlannedCall, planCalls } from "../planCalls.ts";
import { askForState, type ResolveContext, resolveUsers } from "../users/resolveUsers.ts";

/** A decision that a trial of the policy observes. */
export interface TrialDecision extends ScopedDecision {
  /** The trial's name. */
  trial: string;
}

/**
 * Takes out the decisions whose day is to come and whose source is under observation: a person has room for one waiting decision
 * of each kind, and what is only observed must not take the place of a real one. Where the whole account is under observation,
 * decisions wait as always: who goes live before their day has them carried out on it. So does one from the future, in a place of its
 * own: observed now it would stand over every true one of its trial until then.
 */
export function takeTrialsOfSources(
  later: readonly DecisionToDefer[],
  { findTrial }: Pick<PolicyRules, "findTrial">,
): { waiting: readonly DecisionToDefer[]; observed: TrialDecision[] } {
  const observed: TrialDecision[] = [];
  const waiting = later.filter(({ decision, deferred }) => {
    if (deferred.kind === "deferred" && deferred.because === "fromTheFuture") return true;
    const trial = findTrial(decision);
    if (trial?.of === "source") observed.push({ ...decision, trial: trial.name });
    return trial?.of !== "source";
  });
  return { waiting, observed };
}

/** Splits decisions into those that are carried out and those that a trial observes. */
export function splitByTrial(
  decisions: readonly ScopedDecision[],
  { findTrial }: Pick<PolicyRules, "findTrial">,
): { live: readonly ScopedDecision[]; observed: TrialDecision[] } {
  const live: ScopedDecision[] = [];
  const observed: TrialDecision[] = [];
  for (const decision of decisions) {
    const trial = findTrial(decision);
    if (trial === undefined) live.push(decision);
    else observed.push({ ...decision, trial: trial.name });
  }
  return observed.length === 0 ? { live: decisions, observed } : { live, observed };
}

export interface ObserveContext extends ResolveContext {
  observations: Observations;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

/**
 * Decides what would be done in a trial, by the steps that carry decisions out, and makes no call that changes anything. The
 * users are looked up, because their state decides; the safeguard counts nobody, and nothing follows.
 */
export async function observeDecisions(
  decisions: readonly TrialDecision[],
  context: ObserveContext,
): Promise<PersonResult[]> {
  if (decisions.length === 0) return [];
  const results: PersonResult[] = [];
  // Each trial by itself: a decision of one supersedes none of another.
  for (const [trial, ofTrial] of groupBy(decisions, (decision) => decision.trial)) {
    const wouldBe = await planOnly(groupByPerson(ofTrial), context);
    const unread = wouldBe.filter(({ outcome }) => outcome.kind === "retry");
    const decided = wouldBe.filter(({ outcome }) => outcome.kind !== "retry");
    const answers = await context.observations.observe(
      decided.map(({ group: { newest } }) => ({ ...newest, trial })),
    );
    results.push(
      ...unread,
      ...decided.map((result, index) => ({
        group: result.group,
        outcome: toOutcome(answers[index], result.outcome),
      })),
    );
  }
  return results;
}

/** Resolves the users and plans the calls, as for decisions that are carried out; one result for each group. */
async function planOnly(
  groups: readonly PersonDecisions<ScopedDecision>[],
  context: ObserveContext,
): Promise<PersonResult[]> {
  const people = await resolveUsers(groups, askForState, context);
  const { calls, results } = planCalls(people, context.clock());
  return [...results.map(withoutCall), ...calls.flatMap(wouldCall)];
}

function wouldCall({ operation, entries }: PlannedCall): PersonResult[] {
  const word = wordOfOperation[operation];
  return entries.flatMap(({ groups, license }) => {
    const would = license === undefined ? word : `${word} ${license}`;
    return groups.map((group): PersonResult => ({ group, outcome: { kind: "observed", would } }));
  });
}

function withoutCall({ group, outcome }: PersonResult): PersonResult {
  if (outcome.kind === "retry") return { group, outcome };
  const code = outcome.kind === "rejected" ? ` ${outcome.code}` : "";
  return { group, outcome: { kind: "observed", would: `${outcome.kind}${code}` } };
}

function toOutcome(answer: ObserveAnswer | undefined, observed: Outcome): Outcome {
  switch (answer?.kind) {
    case "observed":
      return observed;
    case "duplicate":
      return { kind: "unchanged", because: "duplicate" };
    case "superseded":
      return { kind: "superseded", by: answer.by };
    case "ambiguous":
      return { kind: "observed", would: `rejected ${ambiguousCode}` };
    case "fault":
    case undefined:
      return ledgerUnavailable(answer);
  }
}
