import { isFinalOutcome } from "../../../src/ledger/ledger.ts";
import { journalKey } from "../../../src/ledger/memory/memoryLedger.ts";
import { type FollowUp, followUpOf, isFollowUp } from "./followUps.ts";
import { type HrDecision, userIdOf } from "./scenario.ts";
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
export function effectViolations(facts: readonly Fact[]): Violation[] {
  const seen: Seen = { standing: new Map(), inEffect: new Map(), acted: new Set(), excused: new Set() };
  return facts.flatMap((fact, index) => {
    const violations = fact.kind === "effect" ? violationsOf(fact, seen) : [];
    remember(fact, index, seen);
    return violations;
  });
}

/** What was seen so far. `since`: the place of the fact that first told it. */
interface Seen {
  standing: Map<HrDecision, { as: "applied" | "rejected"; since: number }>;
  inEffect: Map<HrDecision, { since: number }>;
  acted: Set<HrDecision>;
  excused: Set<HrDecision>;
}

function remember(fact: Fact, index: number, { standing, inEffect, acted, excused }: Seen): void {
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
  const isOlder = (other: HrDecision) => isAboutTheSame(other, decision) && isNewer(other, decision);
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
  if (standing.get(decision)?.as === "applied")
    violations.push({ kind: "twice", text: `${id} took effect again after it stood` });
  const isInvitedAgain = isNeedlessInvitation && acted.has(decision);
  if (isInvitedAgain && !(excused.has(decision) && receives === 1))
    violations.push({ kind: "twice", text: `${id} sent a second invitation, and need not have` });
  return violations;
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
  { standing, inEffect }: Seen,
  before = Number.POSITIVE_INFINITY,
): HrDecision | undefined {
  const known = [...standing, ...inEffect].find(
    ([other, { since }]) => since < before && isAboutTheSame(other, cause) && isNewer(other, cause),
  );
  return known?.[0];
}

/** What a run has left undone or wrong once it is over. */
export function endViolations(world: World): Violation[] {
  const { decisions } = world.scenario;
  const newest = newestDecisions(decisions);
  const following = newest.flatMap((cause) => {
    const followUp = isCarriedOut(world, cause) ? followUpOf(cause) : undefined;
    return followUp === undefined ? [] : [world.decision(followUp.id)];
  });
  return [
    ...decisions.flatMap((decision) => ofEachDecision(world, decision)),
    ...newestDecisions([...newest, ...following]).flatMap((decision) => ofTheNewest(world, decision)),
  ];
}

/** Whether the directory is as an event says, by the journal. */
function isCarriedOut({ store }: World, { id, personId }: HrDecision): boolean {
  const outcome = store.journal.get(journalKey({ personId, eventId: id }))?.outcome;
  return outcome === "applied" || outcome === "unchanged";
}

/** Each copy of an event that was sent has left the queue, and the journal tells its outcome. */
function ofEachDecision({ history, scenario, store }: World, decision: HrDecision): Violation[] {
  const { id, personId } = decision;
  const sent = scenario.deliveries.filter((delivery) => delivery.decision === decision).length;
  const ended = history.facts.filter((fact) => fact.kind === "ended" && fact.decision === decision).length;
  const violations: Violation[] = [];
  if (ended < sent)
    violations.push({ kind: "lost", text: `${ended} of ${sent} copies of ${id} came to an end` });
  if (!store.journal.has(journalKey({ personId, eventId: id })))
    violations.push({ kind: "lost", text: `the journal knows nothing of ${id}` });
  return violations;
}

/** The newest decision about a person and aspect stands, unless the directory refused it for good. */
function ofTheNewest(world: World, decision: HrDecision): Violation[] {
  const { id, personId } = decision;
  const standing = world.history.facts.findLast(
    (fact) => fact.kind === "stands" && fact.decision === decision,
  );
  // A newer license may have followed, before its cause was superseded.
  const hasGivenWay = world.history.facts.some(
    ({ kind, decision: other }) =>
      (kind === "stands" || kind === "effect") &&
      isFollowUp(other) &&
      isAboutTheSame(other, decision) &&
      isNewer(other, decision),
  );
  if (hasGivenWay) return [];
  if (standing?.kind !== "stands") return [{ kind: "lost", text: `${id} is the newest and never stood` }];
  if (standing.as === "rejected") return [];
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

/**
 * Which of two decisions about one person and aspect HR means: the later one; of the same time, the one that takes
 * effect later, then the one that the bus received later, then the leave, then the one with the greater id. It shares nothing with the code under test.
 */
export function isNewer(a: HrDecision, b: HrDecision): boolean {
  const effect = ({ effectiveAt, occurredAt }: HrDecision) => effectiveAt ?? occurredAt;
  const leaving = ({ type }: HrDecision) => (type === "EmployeeLeft" ? 1 : 0);
  if (a.occurredAt !== b.occurredAt) return a.occurredAt > b.occurredAt;
  if (effect(a) !== effect(b)) return effect(a) > effect(b);
  if (a.busTime !== b.busTime) return a.busTime > b.busTime;
  if (leaving(a) !== leaving(b)) return leaving(a) > leaving(b);
  return a.id > b.id;
}

/** The decision that has to stand in the end, for each person and aspect about which there is one. */
function newestDecisions(decisions: readonly HrDecision[]): HrDecision[] {
  return decisions.filter((decision) =>
    decisions.every((other) => !isAboutTheSame(decision, other) || !isNewer(other, decision)),
  );
}

function isAboutTheSame(a: HrDecision, b: HrDecision): boolean {
  return a.personId === b.personId && a.aspect === b.aspect;
}
