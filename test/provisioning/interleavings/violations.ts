import { isFinalOutcome } from "../../../src/ledger/ledger.ts";
import { journalKey } from "../../../src/ledger/memory/memoryLedger.ts";
import { type FollowUp, followUpOf, isFollowUp } from "./followUps.ts";
import { type HrDecision, type Scenario, userIdOf } from "./scenario.ts";
import {
  effectOf,
  isAboutTheSame,
  isNewer,
  isOvertaken,
  leftWaiting,
  mayComeAfter,
  putsOff,
} from "./spans.ts";
import type { Fact } from "./steps.ts";
import type { World } from "./world.ts";

/**
 * What a run must not do. `regression`: an older decision took effect after a newer one. `twice`: one did so again.
 * `lost`: one did not come to its end. `wrong`: the directory or the journal shows another one than the newest.
 * `stuck`: messages go round without an end. `defect`: an invocation threw.
 */
export interface Violation {
  kind: "regression" | "twice" | "lost" | "wrong" | "stuck" | "defect";
  text: string;
}

/**
 * Checks safety. Once a decision has taken effect or stands, no older one takes effect; once it stands as applied, it does not
 * take effect again; and nobody is invited twice without need.
 */
export function effectViolations(facts: readonly Fact[], { decisions, deliveries }: Scenario): Violation[] {
  const seen: Seen = {
    all: decisions,
    isSentOnce: (decision) => deliveries.filter((delivery) => delivery.decision === decision).length === 1,
    putOff: new Map(),
    standing: new Map(),
    inEffect: new Map(),
    acted: new Set(),
    excused: new Set(),
  };
  return facts.flatMap((fact, index) => {
    const violations = fact.kind === "effect" ? violationsOf(fact, seen) : [];
    remember(fact, index, seen);
    return violations;
  });
}

/** What was seen so far. `since`: the place of the fact that first told it. */
interface Seen {
  /** What HR decided. */
  all: readonly HrDecision[];
  isSentOnce: (decision: HrDecision) => boolean;
  /** What waits, or has waited, for its day. */
  putOff: Map<HrDecision, { since: number }>;
  standing: Map<HrDecision, { as: "applied" | "rejected"; since: number }>;
  inEffect: Map<HrDecision, { since: number }>;
  acted: Set<HrDecision>;
  excused: Set<HrDecision>;
}

function remember(fact: Fact, index: number, { putOff, standing, inEffect, acted, excused }: Seen): void {
  const { decision } = fact;
  const since = standing.get(decision)?.since ?? index;
  switch (fact.kind) {
    case "effect":
      if (!inEffect.has(decision)) inEffect.set(decision, { since: index });
      acted.add(decision);
      break;
    case "disowned":
      inEffect.delete(decision);
      break;
    case "stands":
      standing.set(decision, { as: fact.as, since });
      break;
    case "ended":
      if (fact.outcome.kind === "deferred") putOff.set(decision, { since: index });
      if (fact.outcome.kind === "applied") standing.set(decision, { as: "applied", since });
      break;
    case "excused":
      excused.add(decision);
  }
}

function violationsOf(effect: Extract<Fact, { kind: "effect" }>, seen: Seen): Violation[] {
  const { decision, isNeedlessInvitation, receives } = effect;
  const { standing, inEffect, acted, excused } = seen;
  const { id } = decision;
  const isOlder = (other: HrDecision) => isOvertakenBy(other, decision, seen);
  const newerStanding = [...standing.keys()].find(isOlder);
  // What followed from a decision that no longer counts keeps nothing out, unless it stands.
  const newerInEffect = [...inEffect.keys()].find(
    (other) => isOlder(other) && !(isFollowUp(other) && newerThanCause(other, seen) !== undefined),
  );
  const violations = isFollowUp(decision) ? followUpViolations(decision, effect.began, seen) : [];
  if (newerStanding !== undefined)
    violations.push({
      kind: "regression",
      text: `${id} took effect after the newer ${newerStanding.id} stood`,
    });
  else if (newerInEffect !== undefined)
    violations.push({
      kind: "regression",
      text: `${id} took effect after the newer ${newerInEffect.id} had`,
    });
  const successor = [...seen.putOff].find(
    ([other, { since }]) =>
      since < effect.began && effectOf(other) > effect.beganAt && putsOff(other, decision, seen.all),
  )?.[0];
  // What was begun before is finished.
  const isFirstTry = receives === 1 && seen.isSentOnce(decision);
  if (successor !== undefined && isFirstTry)
    violations.push({
      kind: "regression",
      text: `${id} took effect although ${successor.id} had put it off`,
    });
  if (standing.get(decision)?.as === "applied")
    violations.push({ kind: "twice", text: `${id} took effect again after it stood` });
  const isInvitedAgain = isNeedlessInvitation && acted.has(decision);
  if (isInvitedAgain && !(excused.has(decision) && receives === 1))
    violations.push({ kind: "twice", text: `${id} sent a second invitation, and need not have` });
  return violations;
}

/**
 * Whether one decision keeps another one out. A leave that may come after a return which stands is ordered as that return, and the license
 * that follows from it as the leave.
 */
function isOvertakenBy(newer: HrDecision, older: HrDecision, { all, standing }: Seen): boolean {
  if (!isAboutTheSame(newer, older) || !isNewer(newer, older)) return false;
  const isOrderedLater = [...standing.keys()].some(
    (back) => mayComeAfter(older, back, all) && (back === newer || isNewer(back, newer)),
  );
  if (isOrderedLater) return false;
  return ![newer, older].some((each) => isFollowUp(each) && mayComeLate(each.cause, all));
}

function mayComeLate(leave: HrDecision, all: readonly HrDecision[]): boolean {
  return all.some((back) => mayComeAfter(leave, back, all));
}

/**
 * A license follows from a decision that was carried out, and only while no newer one about access is known. A decision that is carried
 * out while the license is being changed counts as a moment later.
 */
function followUpViolations(followUp: FollowUp, began: number, seen: Seen): Violation[] {
  const { id, cause } = followUp;
  const violations: Violation[] = [];
  if (!seen.acted.has(cause) && !seen.standing.has(cause))
    violations.push({ kind: "wrong", text: `${id} took effect before ${cause.id}, which it follows from` });
  const newer = newerThanCause(followUp, seen, began);
  if (newer !== undefined)
    violations.push({
      kind: "regression",
      text: `${id} took effect in an invocation that began after ${newer.id}, newer than its cause, had`,
    });
  return violations;
}

/** A decision about access that stood, or was in effect, before a place in the history, and is newer than what a license follows from. */
function newerThanCause(
  { cause }: FollowUp,
  seen: Seen,
  before = Number.POSITIVE_INFINITY,
): HrDecision | undefined {
  const known = [...seen.standing, ...seen.inEffect].find(
    ([other, { since }]) => since < before && isOvertakenBy(other, cause, seen),
  );
  return known?.[0];
}

/** What a run has left undone or wrong once it is over. */
export function endViolations(world: World): Violation[] {
  const { decisions } = world.scenario;
  const newest = newestDecisions(decisions.filter(({ isOfAbsence }) => !isOfAbsence));
  const last = newest.map((decision) => lastToStand(world, decision));
  const following = last.flatMap((cause) => {
    const followUp = isCarriedOut(world, cause) ? followUpOf(cause) : undefined;
    return followUp === undefined ? [] : [world.decision(followUp.id)];
  });
  // What follows from a leave that came after a newer return is ordered after that return, as no time in it tells.
  const isInTime = ({ personId, aspect }: HrDecision) =>
    aspect === "access" || last.every((each, index) => each.personId !== personId || each === newest[index]);
  return [
    ...decisions.flatMap((decision) => ofEachDecision(world, decision)),
    ...missingLeaves(world),
    ...newest
      .filter((decision) => decision.aspect === "access" && stoodAs(world, decision) === undefined)
      .map(neverStood),
    ...newestDecisions([...last, ...following])
      .filter(isInTime)
      .flatMap((decision) => ofTheNewest(world, decision)),
  ];
}

/** The newest decision, or an older leave that has stood after it, on a later day. */
function lastToStand({ history, scenario }: World, newest: HrDecision): HrDecision {
  const stood = history.facts.flatMap((fact) => (fact.kind === "stands" ? [fact.decision] : []));
  const after = stood.slice(stood.indexOf(newest));
  return after.findLast((leave) => mayComeAfter(leave, newest, scenario.decisions)) ?? newest;
}

/** Nobody who was to leave on a day stays in because of a return that has ended another leave. */
function missingLeaves(world: World): Violation[] {
  const { history, scenario } = world;
  return leftWaiting(history.facts, scenario.decisions)
    .filter((each) => !isOvertaken(each, scenario.decisions))
    .filter(({ leave }) => stoodAs(world, leave) === undefined)
    .map(({ leave, back }) => ({
      kind: "lost",
      text: `${leave.id} was to come after ${back.id}, which has ended another leave, and never stood`,
    }));
}

function stoodAs({ history }: World, decision: HrDecision): "applied" | "rejected" | undefined {
  const fact = history.facts.findLast((each) => each.kind === "stands" && each.decision === decision);
  return fact?.kind === "stands" ? fact.as : undefined;
}

function neverStood({ id }: HrDecision): Violation {
  return { kind: "lost", text: `${id} is the newest and never stood` };
}

/** Whether the directory is as an event says, by the journal. */
function isCarriedOut({ store }: World, { id, personId }: HrDecision): boolean {
  const outcome = store.journal.get(journalKey({ personId, eventId: id }))?.outcome;
  return outcome === "applied" || outcome === "unchanged";
}

/** Each copy of an event that was sent has left the queue, and the journal tells its outcome. */
function ofEachDecision(world: World, decision: HrDecision): Violation[] {
  const { history, scenario, store } = world;
  const { id, personId } = decision;
  const sent = scenario.deliveries.filter((delivery) => delivery.decision === decision).length;
  const ended = history.facts.filter((fact) => fact.kind === "ended" && fact.decision === decision).length;
  const violations: Violation[] = [];
  if (ended < sent)
    violations.push({ kind: "lost", text: `${ended} of ${sent} copies of ${id} came to an end` });
  const outcome = store.journal.get(journalKey({ personId, eventId: id }))?.outcome;
  if (outcome === undefined) violations.push({ kind: "lost", text: `the journal knows nothing of ${id}` });
  // What a dead worker writes late over "rejected" DynamoDB would refuse: it is not as it was read.
  if (outcome === "deferred" && stoodAs(world, decision) === undefined)
    violations.push({ kind: "wrong", text: `the journal says for ever that ${id} waits` });
  return violations;
}

/** The newest decision about a person and aspect stands, unless the directory refused it for good. */
function ofTheNewest(world: World, decision: HrDecision): Violation[] {
  const { id, personId } = decision;
  const standing = stoodAs(world, decision);
  // A newer license may have followed, before its cause was superseded.
  const hasGivenWay = world.history.facts.some(
    ({ kind, decision: other }) =>
      (kind === "stands" || kind === "effect") &&
      isFollowUp(other) &&
      isAboutTheSame(other, decision) &&
      isNewer(other, decision),
  );
  if (hasGivenWay) return [];
  // Of decisions about access it is told above.
  if (standing === undefined) return decision.aspect === "access" ? [] : [neverStood(decision)];
  if (standing === "rejected") return [];
  const violations: Violation[] = [];
  if (!isSo(world, decision))
    violations.push({ kind: "wrong", text: `${id} is the newest, and the directory shows otherwise` });
  const outcome = world.store.journal.get(journalKey({ personId, eventId: id }))?.outcome;
  if (outcome === "superseded" || !isFinalOutcome(outcome))
    violations.push({ kind: "wrong", text: `${id} stands, and is journalled as ${outcome}` });
  return violations;
}

function isSo({ directory, person }: World, { intent, personId, licenseType }: HrDecision): boolean {
  const { accountId, email } = person(personId);
  const user = directory.account(accountId).users.get(userIdOf(email));
  switch (intent) {
    case "offboard":
      return user?.state === "suspended";
    case "onboard":
    case "reinstate":
      return user?.state === "active" || user?.state === "invited";
    case "relicense":
      return user?.license === licenseType;
  }
}

/** The decision that has to stand in the end, for each person and aspect about which there is one. */
function newestDecisions(decisions: readonly HrDecision[]): HrDecision[] {
  return decisions.filter((decision) =>
    decisions.every((other) => !isAboutTheSame(decision, other) || !isNewer(other, decision)),
  );
}
