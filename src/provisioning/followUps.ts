import { createsUsers, type DirectoryAccount } from "../directory/directory.ts";
import { toEntry } from "../events/eventEntry.ts";
import { dayMilliseconds } from "../events/eventTime.ts";
import { DEFAULT_SOURCE } from "../events/hrEvent.ts";
import { describeProblems } from "../events/problems.ts";
import { areOnePerson } from "../ledger/addresses.ts";
import { decisionTimeOf } from "../ledger/decisionOrder.ts";
import type { Ledger, StandingAnswer } from "../ledger/ledger.ts";
import type { DeferAnswer, FollowUpKind, PendingStore, WaitingDecision } from "../ledger/pendingStore.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import { maskQuoted } from "../privacy/masking.ts";
import type { Decision, FollowedEvent, ScopedDecision } from "./decision.ts";
import {
  isCarriedOut,
  ledgerUnavailable,
  type MessageOutcome,
  type Outcome,
  type PersonResult,
  personAmbiguous,
  personBusy,
  type Rejected,
} from "./outcome.ts";

/**
 * Drops follow-ups whose decision about access no longer stands: a leaver who has returned keeps the license, and a joiner who
 * has left gets none. All other decisions pass.
 *
 * A decision about access that is claimed after this read comes after the follow-up, as if it had come a moment later.
 */
export async function dropObsoleteFollowUps(
  decisions: readonly ScopedDecision[],
  { ledger }: { ledger: Pick<Ledger, "standing"> },
): Promise<{ decisions: readonly ScopedDecision[]; outcomes: MessageOutcome[] }> {
  const followUps = decisions.filter(({ follows }) => follows !== undefined);
  if (followUps.length === 0) return { decisions, outcomes: [] };
  const answers = await ledger.standing(followUps.map(({ personId }) => ({ personId, aspect: "access" })));
  const outcomes: MessageOutcome[] = [];
  const dropped = new Set<ScopedDecision>();
  for (const [position, decision] of followUps.entries()) {
    const outcome = outcomeIfObsolete(answers[position], decision);
    if (outcome === undefined) continue;
    dropped.add(decision);
    outcomes.push({ index: decision.index, outcome });
  }
  return { decisions: decisions.filter((decision) => !dropped.has(decision)), outcomes };
}

/** `undefined` if the follow-up is not obsolete. */
function outcomeIfObsolete(
  answer: StandingAnswer | undefined,
  decision: ScopedDecision,
): Outcome | undefined {
  switch (answer?.kind) {
    case "stands":
      if (answer.eventId === decision.follows?.id) return undefined;
      if (answer.eventId === undefined) return busy;
      return areOnePerson(answer.addresses, [[decision.email, ...decision.previousEmails]])
        ? { kind: "superseded", by: answer.eventId }
        : personAmbiguous(decision);
    case "open":
      return busy;
    case "fault":
    case undefined:
      return ledgerUnavailable(answer);
  }
}

/** The decision that the follow-up follows from, or a newer one, is being carried out. */
const busy = personBusy(
  "the decision about access that it follows from has not come to its end; it is tried again soon",
);

export interface FollowUpContext {
  rules: PolicyRules;
  pending: PendingStore;
}

/** A result, and the kind of the follow-up that now waits because of it. */
export type FollowedResult = PersonResult & { followUp?: FollowUpKind };

/**
 * Stores the follow-ups of results before the results are committed, so that a worker that dies in between does both again.
 * The results come back as they are; where the ledger did not take the follow-up, the message comes again.
 *
 * @param now milliseconds since the epoch
 */
export async function putFollowUps(
  results: readonly PersonResult[],
  accounts: ReadonlyMap<string, DirectoryAccount>,
  { rules, pending }: FollowUpContext,
  now: number,
): Promise<readonly FollowedResult[]> {
  const toPut: { result: PersonResult; followUp: FollowUp; waiting: WaitingDecision }[] = [];
  const followed = new Map<PersonResult, FollowedResult>();
  for (const result of results) {
    const { newest } = result.group;
    const followUp = followUpOf(newest, result.outcome, accounts.get(newest.accountId), rules, now);
    if (followUp === undefined) continue;
    const waiting = toWaiting(newest, followUp);
    const refusal = refusalOf(waiting);
    if (refusal === undefined) toPut.push({ result, followUp, waiting });
    else followed.set(result, withoutFollowUp(result, followUp, refusal));
  }
  if (toPut.length + followed.size === 0) return results;
  const answers = await pending.defer(toPut.map(({ waiting }) => waiting));
  for (const [index, { result, followUp }] of toPut.entries())
    followed.set(result, withFollowUp(result, followUp, answers[index]));
  return results.map((result) => followed.get(result) ?? result);
}

function withFollowUp(
  result: PersonResult,
  { kind }: FollowUp,
  answer: DeferAnswer | undefined,
): FollowedResult {
  // The follow-up of a newer decision may wait already: then this one is out of date.
  if (answer?.kind === "deferred" || answer?.kind === "superseded") return { ...result, followUp: kind };
  return { ...result, outcome: { ...ledgerUnavailable(answer), carriedOut: true } };
}

/** Why the event could never be published: the bus would not take it, or its own pipeline would reject it. */
function refusalOf({ event }: WaitingDecision): string | undefined {
  const checked = toEntry(Buffer.from(event), { unchecked: false });
  switch (checked.status) {
    case "entry":
      return undefined;
    case "malformed":
      return describeProblems(checked.problems);
    case "refused":
      return `${checked.code}: ${checked.message}`;
  }
}

/** Told once, as a dead letter of the decision that was carried out: otherwise it would fail to be published each minute. */
function withoutFollowUp(
  result: PersonResult,
  { after, licenseType }: FollowUp,
  refusal: string,
): PersonResult {
  const { group, outcome } = result;
  const done = after === "EmployeeLeft" ? "the person is suspended" : "the person has access";
  const license = maskQuoted(licenseType);
  const reason = `${done}, but the license that follows is not kept: ${refusal}; set the license ${license} by hand when it is due, or mend the event or the policy and redrive it`;
  const rejected: Rejected = { kind: "rejected", code: "LicenseNotKept", reason, carriedOut: true };
  if (outcome.kind !== "rejected") return { group, outcome: rejected };
  return { group, outcome: { ...outcome, reason: `${outcome.reason}. And: ${reason}` } };
}

function toWaiting(decision: ScopedDecision, followUp: FollowUp): WaitingDecision {
  const { personId, eventId, version, busTime } = decision;
  const event = toFollowUpLine(decision, followUp);
  const { kind, dueAt } = followUp;
  const ofPerson = { personId, aspect: "access", intent: "relicense", followUp: kind } as const;
  return {
    ...ofPerson,
    eventId,
    version,
    ...(busTime > 0 && { busTime }),
    event,
    because: "follows",
    dueAt,
    isClaimed: true,
  };
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
 * The change of license that follows from a decision with this outcome. A joiner or returner gets the license that the event
 * or the policy names; a leaver keeps the policy's lower one after its days of grace. A decision that was not carried out has
 * none.
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
      if (!isLowered && comesWithCreation(decision, outcome, account)) return undefined;
      const after = intent === "onboard" ? "EmployeeHired" : "EmployeeReturned";
      return { kind: "licenseAfterJoining", after, licenseType, effectiveAt, dueAt: now };
    }
    case "relicense":
      return undefined;
  }
}

/**
 * A new user begins with the account's default license. A user who existed before may have any other, and a lower one where
 * the policy lowers the licenses of leavers: the answer to an invitation does not tell who existed before.
 */
function comesWithCreation(
  { intent, licenseType }: ScopedDecision,
  outcome: Outcome,
  account: DirectoryAccount | undefined,
): boolean {
  if (account === undefined || intent !== "onboard" || outcome.kind !== "applied") return false;
  return createsUsers(account, intent) && account.defaultLicense === licenseType;
}

/**
 * Writes the line that publishes a follow-up when it is due: a `LicenseChanged` of the same person. It counts as decided when
 * HR decided the other, so that a license which HR names later stands over it.
 */
export function toFollowUpLine(decision: Decision, { after, licenseType, effectiveAt }: FollowUp): string {
  const { eventId, correlationId, version, busTime, personId, email, previousEmails } = decision;
  const { userId, role, attributes } = decision;
  const metadata = {
    id: followUpId(decision),
    schemaVersion: "1.0",
    // A leave that a return has left waiting is ordered after that return, and so is what follows from it.
    occurredAt: new Date(decisionTimeOf(version)).toISOString(),
    ...(correlationId !== undefined && { correlationId }),
    origin: followUpOrigin,
    ...(busTime > 0 && { busTime: new Date(busTime).toISOString() }),
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

/** Whether an event of the journal is a license that follows from another one. */
export function isFollowUp({ eventId, origin }: { eventId: string; origin?: string }): boolean {
  return eventId.startsWith(prefix) && origin === followUpOrigin;
}

/** `metadata.origin` of the licenses that follow. */
const followUpOrigin = "rollcall";

/**
 * The id is the same for the same event, each time, and as long in characters as an id may be. `#` sorts before letters and figures: of two licenses decided at the same
 * moment the one that HR names itself is the newer. An id too long for the prefix is cut to its end, with the time before it.
 */
export function followUpId({ eventId, occurredAt }: Pick<Decision, "eventId" | "occurredAt">): string {
  const characters = [...eventId];
  if (prefix.length + characters.length <= longestId) return `${prefix}${eventId}`;
  const start = `${prefix}${occurredAt.toString(36)}:`;
  return `${start}${characters
    .slice(start.length - longestId)
    .join("")
    .trimStart()}`;
}
