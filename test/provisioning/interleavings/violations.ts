import { isFinalOutcome } from "../../../src/ledger/ledger.ts";
import { journalKey } from "../../../src/ledger/memory/memoryLedger.ts";
import { type HrDecision, userIdOf } from "./scenario.ts";
import type { Fact } from "./steps.ts";
import type { World } from "./world.ts";

/**
 * What a run must not do. `regression`: an older decision took effect after a newer one. `twice`: one did so again.
 * `early`: a leave that was put off took effect today. `lost`: one did not come to its end. `wrong`: the directory or the journal shows another one than the newest.
 * `stuck`: messages go round without an end. `defect`: an invocation threw.
 */
export interface Violation {
  kind: "regression" | "twice" | "early" | "lost" | "wrong" | "stuck" | "defect";
  text: string;
}

/**
 * Checks safety. Once a decision has taken effect or stands, no older one takes effect; once it stands as applied, it does not
 * take effect again; nobody is invited twice without need; and nobody is suspended today whose leave is known to be put off.
 */
export function effectViolations(facts: readonly Fact[], decisions: readonly HrDecision[]): Violation[] {
  const seen: Seen = {
    standing: new Map(),
    inEffect: new Set(),
    acted: new Set(),
    excused: new Set(),
    waiting: new Set(),
    started: new Map(),
  };
  return facts.flatMap((fact) => {
    const violations =
      fact.kind === "effect" ? [...violationsOf(fact, seen), ...tooEarly(fact, seen, decisions)] : [];
    remember(fact, seen);
    return violations;
  });
}

/** What was seen so far. */
interface Seen {
  standing: Map<HrDecision, "applied" | "rejected">;
  inEffect: Set<HrDecision>;
  acted: Set<HrDecision>;
  excused: Set<HrDecision>;
  /** Those that wait for their day. */
  waiting: Set<HrDecision>;
  /** What waited when work on a decision first began, and when that was last. */
  started: Map<HrDecision, { waiting: readonly HrDecision[]; last: number }>;
}

function remember(fact: Fact, { standing, inEffect, acted, excused, waiting, started }: Seen): void {
  const { decision } = fact;
  switch (fact.kind) {
    case "effect":
      inEffect.add(decision);
      acted.add(decision);
      break;
    case "disowned":
      inEffect.delete(decision);
      break;
    case "stands":
      standing.set(decision, fact.as);
      break;
    case "ended":
      if (fact.outcome.kind === "applied") standing.set(decision, "applied");
      if (fact.outcome.kind === "deferred" && fact.outcome.because === "effectiveLater")
        waiting.add(decision);
      break;
    case "started":
      started.set(decision, {
        waiting: started.get(decision)?.waiting ?? [...waiting],
        last: fact.now,
      });
      break;
    case "excused":
      excused.add(decision);
  }
}

function violationsOf(
  { decision, isNeedlessInvitation, receives }: Extract<Fact, { kind: "effect" }>,
  { standing, inEffect, acted, excused }: Seen,
): Violation[] {
  const { id } = decision;
  const harmedOf = (others: Iterable<HrDecision>) => {
    const standing = standingOf([...others].filter((other) => isAboutTheSame(other, decision)));
    if (standing === undefined || wantTheSame(standing, decision)) return undefined;
    return isNewer(standing, decision) ? standing : undefined;
  };
  const newerStanding = harmedOf(standing.keys());
  const newerInEffect = harmedOf(inEffect);
  const violations: Violation[] = [];
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
  if (standing.get(decision) === "applied")
    violations.push({ kind: "twice", text: `${id} took effect again after it stood` });
  const isInvitedAgain = isNeedlessInvitation && acted.has(decision);
  if (isInvitedAgain && !(excused.has(decision) && receives === 1))
    violations.push({ kind: "twice", text: `${id} sent a second invitation, and need not have` });
  return violations;
}

/** Whether a leave took effect although another one, decided later for a later day, waited when work on it began. */
function tooEarly(
  { decision }: Extract<Fact, { kind: "effect" }>,
  { started }: Seen,
  decisions: readonly HrDecision[],
): Violation[] {
  const { waiting = [], last = 0 } = started.get(decision) ?? {};
  const putOff = waiting.find(
    (other) =>
      isAboutTheSame(other, decision) &&
      isLeave(other) &&
      isLeave(decision) &&
      byDecision(other, decision) > 0 &&
      countsFrom(other) > Math.max(last, countsFrom(decision)) &&
      !decisions.some(
        (between) =>
          isAboutTheSame(between, decision) &&
          !isLeave(between) &&
          byEffect(between, decision) > 0 &&
          byEffect(between, other) < 0,
      ),
  );
  if (putOff === undefined) return [];
  return [{ kind: "early", text: `${decision.id} took effect although ${putOff.id} had put it off` }];
}

/** What a run has left undone or wrong once it is over. */
export function endViolations(world: World): Violation[] {
  const { decisions } = world.scenario;
  return [
    ...decisions.flatMap((decision) => ofEachDecision(world, decision)),
    ...newestDecisions(decisions).flatMap((decision) => ofTheNewest(world, decision)),
  ];
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

/**
 * The newest decision about a person and aspect stands, or another one that wants the same, unless the directory refused it for
 * good: a leave that HR brought forward stands in place of the later one, and whoever was let in again is in already.
 */
function ofTheNewest(world: World, decision: HrDecision): Violation[] {
  const { id, personId } = decision;
  const last = world.history.facts.findLast(
    (fact) => fact.kind === "stands" && isAboutTheSame(fact.decision, decision),
  );
  const standing = last !== undefined && wantTheSame(last.decision, decision) ? last : undefined;
  if (standing?.kind !== "stands") return [{ kind: "lost", text: `${id} is the newest and never stood` }];
  if (standing.as === "rejected") return [];
  const violations: Violation[] = [];
  if (!isSo(world, decision))
    violations.push({ kind: "wrong", text: `${id} is the newest, and the directory shows otherwise` });
  const eventId = standing.decision.id;
  const outcome = world.store.journal.get(journalKey({ personId, eventId }))?.outcome;
  if (outcome === "superseded" || !isFinalOutcome(outcome))
    violations.push({ kind: "wrong", text: `${eventId} stands, and is journalled as ${outcome}` });
  return violations;
}

function isSo({ directory, person }: World, { intent, personId, licenseType }: HrDecision): boolean {
  const { accountId, email } = person(personId);
  const user = directory.account(accountId).users.get(userIdOf(email));
  switch (intent) {
    case "offboard":
      return user?.status === "suspended";
    case "onboard":
    case "reinstate":
      return user?.status === "registered" || user?.status === "invited";
    case "relicense":
      return user?.licenseType === licenseType;
  }
}

/**
 * Which of two decisions about one person and aspect HR means: the one that counts from a later moment. Only, what lets a person in
 * has to be decided after a leave as well. It shares nothing with the code under test.
 */
function isNewer(a: HrDecision, b: HrDecision): boolean {
  const [effect, decided] = [byEffect(a, b) > 0, byDecision(a, b) > 0];
  if (wantTheSame(a, b) || a.aspect === "license") return effect;
  return isLeave(a) ? effect || decided : effect && decided;
}

const isLeave = ({ type }: HrDecision) => type === "EmployeeLeft";

function wantTheSame(a: HrDecision, b: HrDecision): boolean {
  return a.aspect === "license" ? a.licenseType === b.licenseType : isLeave(a) === isLeave(b);
}

const effectOf = ({ effectiveAt, occurredAt }: HrDecision) => effectiveAt ?? occurredAt;
const countsFrom = (decision: HrDecision) => Math.max(decision.occurredAt, effectOf(decision));

function byEffect(a: HrDecision, b: HrDecision): number {
  return countsFrom(a) - countsFrom(b) || byDecision(a, b);
}

/** By when HR decided; of the same time by the effect, then by the bus, then the leave, then the one with the greater id. */
function byDecision(a: HrDecision, b: HrDecision): number {
  return (
    a.occurredAt - b.occurredAt ||
    effectOf(a) - effectOf(b) ||
    a.busTime - b.busTime ||
    Number(isLeave(a)) - Number(isLeave(b)) ||
    Number(a.id.slice(1)) - Number(b.id.slice(1))
  );
}

/** Of decisions about one person and aspect, all in effect, the one that has to stand. */
export function standingOf(decisions: readonly HrDecision[]): HrDecision | undefined {
  const isBarred = (one: HrDecision) =>
    one.aspect === "access" &&
    !isLeave(one) &&
    decisions.some((other) => isLeave(other) && byDecision(other, one) > 0);
  return decisions
    .filter((one) => !isBarred(one))
    .toSorted(byEffect)
    .at(-1);
}

/** The decision that has to stand in the end, for each person and aspect about which there is one. */
function newestDecisions(decisions: readonly HrDecision[]): HrDecision[] {
  return decisions.filter(
    (decision) => standingOf(decisions.filter((other) => isAboutTheSame(other, decision))) === decision,
  );
}

function isAboutTheSame(a: HrDecision, b: HrDecision): boolean {
  return a.personId === b.personId && a.aspect === b.aspect;
}
