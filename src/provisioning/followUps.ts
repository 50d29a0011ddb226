import type { DirectoryAccount } from "../directory/directory.ts";
import { dayMilliseconds } from "../events/eventTime.ts";
import { DEFAULT_SOURCE } from "../events/hrEvent.ts";
import type { Ledger, StandingAnswer } from "../ledger/ledger.ts";
import type { DeferAnswer, FollowUpKind, PendingStore, WaitingDecision } from "../ledger/pendingStore.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Decision, FollowedEvent, ScopedDecision } from "./decision.ts";
import {
  ledgerUnavailable,
  type MessageOutcome,
  type Outcome,
  type PersonResult,
  personBusy,
} from "./outcome.ts";

/**
 * Decisions in; those out that follow from no other, or whose other still is the newest about the person's access. Whoever
 * has come back keeps the license, and whoever has left gets none.
 *
 * A decision about access that is claimed after this reading comes after what follows here, as if it had come a moment later.
 */
export async function dropObsoleteFollowUps(
  decisions: readonly ScopedDecision[],
  { ledger }: { ledger: Pick<Ledger, "standing"> },
): Promise<{ standing: readonly ScopedDecision[]; settled: MessageOutcome[] }> {
  const followers = decisions.filter(({ follows }) => follows !== undefined);
  if (followers.length === 0) return { standing: decisions, settled: [] };
  const answers = await ledger.standing(followers.map(({ personId }) => ({ personId, aspect: "access" })));
  const settled: MessageOutcome[] = [];
  const overtaken = new Set<ScopedDecision>();
  for (const [position, decision] of followers.entries()) {
    const outcome = outcomeBy(answers[position], decision.follows);
    if (outcome === undefined) continue;
    overtaken.add(decision);
    settled.push({ index: decision.index, outcome });
  }
  return { standing: decisions.filter((decision) => !overtaken.has(decision)), settled };
}

/** `undefined` if the decision may go on. */
function outcomeBy(
  answer: StandingAnswer | undefined,
  follows: FollowedEvent | undefined,
): Outcome | undefined {
  switch (answer?.kind) {
    case "stands":
      if (answer.eventId === follows?.id) return undefined;
      return answer.eventId === undefined ? busy : { kind: "superseded", by: answer.eventId };
    case "open":
      return busy;
    case "fault":
    case undefined:
      return ledgerUnavailable(answer);
  }
}

/** The decision that it follows from, or a newer one, is being carried out. */
const busy = personBusy(
  "the decision about access that it follows from has not come to its end; it is tried again soon",
);

export interface FollowUpContext {
  rules: PolicyRules;
  pending: PendingStore;
}

/** A verdict, and the kind of what has been put among the waiting because it follows from it. */
export type FollowedVerdict = PersonResult & { followUp?: FollowUpKind };

/**
 * Verdicts in, the same out: what follows from them waits in the ledger before the decision itself is concluded, so that a
 * worker which dies in between does both anew. Where the ledger did not take it the message comes again.
 *
 * @param now milliseconds since the epoch
 */
export async function putFollowUps(
  verdicts: readonly PersonResult[],
  accounts: ReadonlyMap<string, DirectoryAccount>,
  { rules, pending }: FollowUpContext,
  now: number,
): Promise<readonly FollowedVerdict[]> {
  const following: { verdict: PersonResult; followUp: FollowUp; waiting: WaitingDecision }[] = [];
  for (const verdict of verdicts) {
    const { newest } = verdict.group;
    const followUp = followUpOf(newest, verdict.outcome, accounts.get(newest.accountId), rules, now);
    if (followUp !== undefined) following.push({ verdict, followUp, waiting: toWaiting(newest, followUp) });
  }
  if (following.length === 0) return verdicts;
  const answers = await pending.defer(following.map(({ waiting }) => waiting));
  const followedOf = new Map<PersonResult, FollowedVerdict>();
  for (const [index, { verdict, followUp }] of following.entries())
    followedOf.set(verdict, followed(verdict, followUp, answers[index]));
  return verdicts.map((verdict) => followedOf.get(verdict) ?? verdict);
}

function followed(
  verdict: PersonResult,
  { kind }: FollowUp,
  answer: DeferAnswer | undefined,
): FollowedVerdict {
  // One that follows from a newer decision may wait already: then this one is out of date.
  if (answer?.kind === "deferred" || answer?.kind === "superseded") return { ...verdict, followUp: kind };
  return { ...verdict, outcome: ledgerUnavailable(answer) };
}

function toWaiting(decision: ScopedDecision, followUp: FollowUp): WaitingDecision {
  const { personId, eventId, version } = decision;
  const event = toFollowUpLine(decision, followUp);
  const { kind, dueAt } = followUp;
  const ofPerson = { personId, aspect: "access", intent: "relicense", followUp: kind } as const;
  return { ...ofPerson, eventId, version, event, because: "follows", dueAt };
}

/** A change of license that follows from a decision about access. Times in milliseconds since the epoch. */
export interface FollowUp {
  kind: FollowUpKind;
  after: FollowedEvent["type"];
  licenseType: string;
  effectiveAt: number;
  dueAt: number;
}

/**
 * What follows from a decision that has come to this outcome: for who joins or returns the license that the event or the
 * policy names, for who leaves the one that is left after the policy's days of grace. Nothing, unless it was carried out.
 *
 * @param account the person's, as the directory describes it
 * @param now milliseconds since the epoch
 */
export function followUpOf(
  decision: ScopedDecision,
  outcome: Outcome,
  account: DirectoryAccount | undefined,
  { findAfterSuspension }: Pick<PolicyRules, "findAfterSuspension">,
  now: number,
): FollowUp | undefined {
  if (!isCarriedOut(outcome)) return undefined;
  const { intent, accountId, licenseType, effectiveAt } = decision;
  switch (intent) {
    case "offboard": {
      const { license } = findAfterSuspension(accountId);
      if (license === undefined) return undefined;
      const dueAt = now + license.afterDays * dayMilliseconds;
      const kind = "licenseAfterLeaving";
      return { kind, after: "EmployeeLeft", licenseType: license.to, effectiveAt: dueAt, dueAt };
    }
    case "onboard":
    case "reinstate": {
      if (licenseType === undefined) return undefined;
      const isLowered = findAfterSuspension(accountId).license !== undefined;
      if (!isLowered && comesWithIt(decision, outcome, account)) return undefined;
      const after = intent === "onboard" ? "EmployeeHired" : "EmployeeReturned";
      return { kind: "licenseAfterJoining", after, licenseType, effectiveAt, dueAt: now };
    }
    case "relicense":
      return undefined;
  }
}

function isCarriedOut(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "applied":
      return true;
    case "unchanged":
      return outcome.because === "alreadySo";
    case "rejected":
      return outcome.carriedOut === true;
    default:
      return false;
  }
}

/**
 * Whoever is invited begins with the account's default license. Whoever was there before may have any, and a lower one where
 * the policy lowers those of leavers: an invitation does not tell who was.
 */
function comesWithIt(
  { intent, licenseType }: ScopedDecision,
  outcome: Outcome,
  account: DirectoryAccount | undefined,
): boolean {
  const answer = account?.capabilities[intent];
  const isInvited = answer?.kind === "call" && answer.operation === "invite";
  const isNew = intent === "onboard" && outcome.kind === "applied" && isInvited;
  return isNew && account?.defaultLicense === licenseType;
}

/**
 * The line that publishes what follows from a decision, when it is due: a `LicenseChanged` of the same person, decided when
 * HR decided the other, so that a license which HR names later stands over it.
 */
export function toFollowUpLine(decision: Decision, { after, licenseType, effectiveAt }: FollowUp): string {
  const { eventId, correlationId, occurredAt, personId, email, previousEmails } = decision;
  const { userId, role, attributes } = decision;
  const metadata = {
    id: followUpId(decision),
    schemaVersion: "1.0",
    occurredAt: new Date(occurredAt).toISOString(),
    ...(correlationId !== undefined && { correlationId }),
    origin: "rollcall",
  };
  const data = {
    personId,
    email,
    ...(previousEmails.length > 0 && { previousEmails }),
    ...(userId !== undefined && { userId }),
    ...(role !== undefined && { role }),
    ...(attributes !== undefined && { attributes }),
    effectiveAt: new Date(effectiveAt).toISOString(),
    licenseType,
    follows: { type: after, id: eventId },
  };
  return JSON.stringify({
    source: DEFAULT_SOURCE,
    "detail-type": "LicenseChanged",
    detail: { metadata, data },
  });
}

const prefix = "#license:";
const longestId = 128;

/**
 * The same for the same event, each time. `#` comes before letters and figures: of two licenses decided at the same moment
 * the one that HR names itself is the newer. Of an id too long for a prefix the end is taken, and the moment besides.
 */
function followUpId({ eventId, occurredAt }: Decision): string {
  if (prefix.length + eventId.length <= longestId) return `${prefix}${eventId}`;
  const start = `${prefix}${occurredAt.toString(36)}:`;
  return `${start}${eventId.slice(start.length - longestId).trimStart()}`;
}
