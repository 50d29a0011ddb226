import type { Claim, ClaimAnswer, Lease, Ledger } from "../ledger/ledger.ts";
import type { Decision, PersonDecisions, ScopedDecision } from "./decision.ts";
import type { DecisionToDefer } from "./deferDecisions.ts";
import { groupBy, groupByPerson } from "./groupByPerson.ts";
import {
  duplicate,
  ledgerUnavailable,
  longestWaitForOthersSeconds,
  type MessageOutcome,
  type Outcome,
  type PersonResult,
  personAmbiguous,
  personBusy,
  tooOldCode,
} from "./outcome.ts";

/** The right to act for one person, as the ledger gave it. */
export type Grant = Extract<ClaimAnswer, { kind: "granted" }>;

/** The groups that may be acted on, each with its grant. */
export type GrantedClaims = ReadonlyMap<PersonDecisions<ScopedDecision>, Grant>;

export interface ClaimContext {
  ledger: Pick<Ledger, "claim">;
  lease: Lease;
}

/**
 * Claims the newest decision of each group. A group whose claim is refused has its result at once. Where the ledger orders an older one
 * after the newest, that one leads, and is claimed in its place.
 */
export async function claimDecisions(
  groups: readonly PersonDecisions<ScopedDecision>[],
  context: ClaimContext,
): Promise<{ granted: GrantedClaims; refused: PersonResult[] }> {
  const { granted, refused, reordered } = await claimInOrder(groups, context);
  if (reordered.length === 0) return { granted, refused };
  const again = await claimInOrder(reordered, context);
  return {
    granted: new Map([...granted, ...again.granted]),
    refused: [
      ...refused,
      ...again.refused,
      ...again.reordered.map((group) => ({ group, outcome: personBusy("its order has just changed") })),
    ],
  };
}

async function claimInOrder(
  groups: readonly PersonDecisions<ScopedDecision>[],
  { ledger, lease }: ClaimContext,
): Promise<{
  granted: GrantedClaims;
  refused: PersonResult[];
  reordered: PersonDecisions<ScopedDecision>[];
}> {
  const answers = await ledger.claim(groups.map(toClaim), lease);
  const granted = new Map<PersonDecisions<ScopedDecision>, Grant>();
  const refused: PersonResult[] = [];
  const reordered: PersonDecisions<ScopedDecision>[] = [];
  groups.forEach((group, index) => {
    const answer = answers[index];
    if (answer?.kind === "granted") granted.set(inGrantedOrder(group, answer), answer);
    else if (answer?.kind === "reordered") reordered.push(ledBy(group, answer.newest));
    else if (answer?.kind === "discarded")
      refused.push(...resultsBeside(group, "was discarded by an operator"));
    else if (answer?.kind === "ended" || (answer?.kind === "duplicate" && hasOtherAddress(group)))
      refused.push(...resultsBeside(group, "came to its end before"));
    else if (answer?.kind === "superseded" && answer.waits) {
      const { waits: _, ...superseded } = answer;
      refused.push(...resultsBeside(group, "gives way to one that waits for its day", superseded));
    } else if (answer?.kind === "ambiguous") refused.push(...resultsOfAmbiguous(group));
    else refused.push({ group, outcome: toOutcome(answer) });
  });
  return { granted, refused, reordered };
}

/** The group with another decision of it as the newest. */
function ledBy(group: PersonDecisions<ScopedDecision>, version: string): PersonDecisions<ScopedDecision> {
  const all = [group.newest, ...group.duplicates, ...group.older];
  const [newest = group.newest, ...duplicates] = all.filter((each) => each.version === version);
  return { newest, duplicates, older: all.filter((each) => each.version !== version) };
}

/** From now on the decision goes by what the ledger orders it by. */
function inGrantedOrder(
  group: PersonDecisions<ScopedDecision>,
  { orderedAs }: Grant,
): PersonDecisions<ScopedDecision> {
  if (orderedAs === undefined) return group;
  const { version, busTime } = group.newest;
  return { ...group, newest: { ...group.newest, ...orderedAs, ofEvent: { version, busTime } } };
}

/** A copy is not compared with what stands, so nobody has asked yet whether the older decisions are about the same person. */
function hasOtherAddress({ newest, older }: PersonDecisions<ScopedDecision>): boolean {
  return older.some(({ email }) => email !== newest.email);
}

/** Nearly always there is one decision, and all decisions of a group have one address: then nothing is copied. */
function toClaim({ newest, duplicates, older }: PersonDecisions<ScopedDecision>): Claim {
  const others = [...duplicates, ...older].filter(({ email }) => email !== newest.email);
  if (older.length === 0 && others.length === 0) return newest;
  return {
    ...newest,
    older: older.map(({ version }) => version),
    ...(others.length > 0 && {
      beside: others.map(({ email, previousEmails }) => [email, ...previousEmails]),
    }),
  };
}

/**
 * Recognizes events that are too old by now, and came to their end before: somebody sends a year's file again, or replays an archive.
 * They are duplicates, and no dead letters. Of no other event the journal is read.
 */
export async function recognizeEnded(
  outcomes: readonly MessageOutcome[],
  decisions: readonly Decision[],
  { ledger }: { ledger: Pick<Ledger, "ended"> },
): Promise<readonly MessageOutcome[]> {
  const tooOld = new Set(outcomes.filter(({ outcome }) => isTooOld(outcome)).map(({ index }) => index));
  if (tooOld.size === 0) return outcomes;
  const asked = decisions.filter(({ index }) => tooOld.has(index));
  const answers = await ledger.ended(asked);
  const outcomeOf = new Map<number, Outcome>();
  for (const [position, { index }] of asked.entries()) {
    const answer = answers[position];
    if (answer?.kind === "ended") outcomeOf.set(index, duplicate);
    else if (answer?.kind !== "open") outcomeOf.set(index, ledgerUnavailable(answer));
  }
  return outcomes.map(({ index, outcome }) => ({ index, outcome: outcomeOf.get(index) ?? outcome }));
}

/**
 * Takes out what is to wait although its event came to its end before, maybe under another time: it would take the place of another
 * decision until its day.
 */
export async function dropEnded(
  later: readonly DecisionToDefer[],
  { ledger }: { ledger: Pick<Ledger, "ended"> },
): Promise<{ waiting: readonly DecisionToDefer[]; outcomes: MessageOutcome[] }> {
  if (later.length === 0) return { waiting: later, outcomes: [] };
  const answers = await ledger.ended(later.map(({ decision }) => decision));
  const outcomes: MessageOutcome[] = [];
  const waiting = later.filter(({ decision: { index } }, position) => {
    const answer = answers[position];
    if (answer?.kind === "open") return true;
    outcomes.push({ index, outcome: answer?.kind === "ended" ? duplicate : ledgerUnavailable(answer) });
    return false;
  });
  return { waiting, outcomes };
}

function isTooOld(outcome: Outcome): boolean {
  return outcome.kind === "rejected" && outcome.code === tooOldCode;
}

/**
 * Ends the claims of workers that died over decisions which end without one this time: the policy excludes them by now, or only
 * observes them, they are too old, or what they follow from no longer stands. Older decisions about the same people wait for no
 * other. The ledger notes the leaves of absence among them, so that the return from one cancels no other leave.
 *
 * What was begun before a trial is told, as a dead letter: what is still missing of it, such as a sign-out, is not made in the trial.
 *
 * @param unclaimed in record order; without the decisions that this batch has claimed
 * @param recognized the indices of those that are too old, and came to their end before
 * @param ofTrials the indices of those that a trial observes, and of those that came with them
 */
export async function abandonClaims(
  outcomes: readonly MessageOutcome[],
  unclaimed: readonly (Decision | undefined)[],
  { recognized, ofTrials }: Record<"recognized" | "ofTrials", ReadonlySet<number>>,
  { ledger, lease }: { ledger: Pick<Ledger, "abandon">; lease: Lease },
): Promise<readonly MessageOutcome[]> {
  const ended = outcomes.flatMap(({ index, outcome }) => {
    const decision = unclaimed[index];
    if (decision === undefined) return [];
    const ends = recognized.has(index) || endsWithoutClaim(decision, outcome, ofTrials.has(index));
    const isIgnored = outcome.kind === "excluded" && outcome.isLeaveOfAbsence === true;
    return ends ? [isIgnored ? { ...decision, isIgnoredLeave: true as const } : decision] : [];
  });
  if (ended.length === 0) return outcomes;
  const answers = await ledger.abandon(ended, lease);
  const others = new Map<number, Outcome>();
  for (const [position, { index }] of ended.entries()) {
    const answer = answers[position];
    if (answer?.kind !== "done") others.set(index, ledgerUnavailable(answer));
    else if (answer.wasOpen && ofTrials.has(index)) others.set(index, begunBeforeTrial);
  }
  return outcomes.map(({ index, outcome }) => ({ index, outcome: others.get(index) ?? outcome }));
}

const begunBeforeTrial: Outcome = {
  kind: "rejected",
  code: "BegunBeforeTrial",
  reason:
    "an earlier try, before the trial began, may have made the change, and what is still missing (a sign-out, a new PIN, a license that follows) is not made in a trial: look at the user and finish it by hand, or redrive the message once the trial is over",
};

/**
 * An older decision that is superseded needs nothing: the claim of the newer one has replaced its own, unless that is observed only and
 * takes none. One from the future was claimed by a worker of an earlier release, if at all, and would hold back every true one until its time.
 */
function endsWithoutClaim({ follows }: Decision, outcome: Outcome, isOfTrial: boolean): boolean {
  switch (outcome.kind) {
    case "excluded":
    case "observed":
    case "rejected":
      return true;
    case "superseded":
      return follows !== undefined || isOfTrial;
    case "deferred":
      return outcome.because === "fromTheFuture";
    default:
      return false;
  }
}

/** What was discarded, or ended before, supersedes no older decision: the older messages come again, and are processed without it. */
function resultsBeside(
  group: PersonDecisions<ScopedDecision>,
  what: string,
  outcomeOfNewest: Outcome = duplicate,
): PersonResult[] {
  const outcome: Outcome = {
    kind: "retry",
    code: "BesideDiscarded",
    reason: `the newer decision that came with it ${what}; it is tried again soon, alone`,
    atMostSeconds: longestWaitForOthersSeconds,
  };
  return [
    { group: { ...group, older: [] }, outcome: outcomeOfNewest },
    ...groupByPerson(group.older).map((others) => ({ group: others, outcome })),
  ];
}

/** Nobody knows which of them is whose, so each is told. A copy of one is a mere duplicate. */
function resultsOfAmbiguous({ newest, duplicates, older }: PersonDecisions<ScopedDecision>): PersonResult[] {
  const copies = groupBy([newest, ...duplicates, ...older], ({ version, email }) => `${version} ${email}`);
  return [...copies.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ group: { newest: first, duplicates: others, older: [] }, outcome: personAmbiguous(first) }],
  );
}

function toOutcome(
  answer:
    | Exclude<ClaimAnswer, Grant | { kind: "discarded" | "ended" | "ambiguous" | "reordered" }>
    | undefined,
): Outcome {
  switch (answer?.kind) {
    case "duplicate":
      return duplicate;
    case "superseded":
      return answer;
    case "busy":
      return personBusy(
        "another decision about the same person is under way or still to come; it is tried again soon",
      );
    case "fault":
    case undefined:
      return ledgerUnavailable(answer);
  }
}
