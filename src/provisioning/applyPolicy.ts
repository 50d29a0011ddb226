import { dayMilliseconds } from "../events/eventTime.ts";
import type { PolicyAccount } from "../policy/policy.ts";
import { domainOf, type PolicyRules } from "../policy/policyRules.ts";
import { maskQuoted } from "../privacy/masking.ts";
import { guarded, unreadable } from "./boundary.ts";
import type { Decision, ScopedDecision } from "./decision.ts";
import { type MessageOutcome, type Outcome, type Rejected, tooOldCode } from "./outcome.ts";

/**
 * Applies the policy to decisions: those in scope get their account and license, the others an outcome. `now` in milliseconds.
 *
 * Decisions in scope are completed in place: copies would be a twentieth of all that is allocated.
 */
export function applyPolicy(
  decisions: readonly Decision[],
  rules: PolicyRules,
  now: number,
): { inScope: ScopedDecision[]; outcomes: MessageOutcome[] } {
  const inScope: ScopedDecision[] = [];
  const outcomes: MessageOutcome[] = [];
  for (const decision of decisions) {
    const scoped = guarded<ScopedDecision | Outcome>(
      () => applyPolicyToOne(decision, rules, now),
      (error) => unreadable("the policy could not be applied to the event", error),
    );
    if ("kind" in scoped) outcomes.push({ index: decision.index, outcome: scoped });
    else inScope.push(scoped);
  }
  return { inScope, outcomes };
}

function applyPolicyToOne(decision: Decision, rules: PolicyRules, now: number): ScopedDecision | Outcome {
  const scoped = findScope(decision, rules, now);
  // After the rules, which name people by their ids in HR.
  decision.personId = rules.qualifyPerson(decision);
  return scoped;
}

function findScope(decision: Decision, rules: PolicyRules, now: number): ScopedDecision | Outcome {
  const refused = refuseByAge(decision, rules.maxAgeDays, now);
  if (refused !== undefined) return refused;
  const exclusion = rules.findExclusion(decision);
  if (exclusion !== undefined) return { kind: "excluded", rule: exclusion };
  const account = findAccountOf(decision, rules);
  if (account === undefined) return noAccount(decision, rules);
  const leave = decision.intent === "offboard" ? rules.findLeave(decision) : undefined;
  if (leave !== undefined) return { kind: "excluded", rule: leave, isLeaveOfAbsence: true };
  const licenseType = licenseFor(decision, account, rules);
  if (decision.intent === "relicense" && licenseType === undefined) return noLicense(decision, account);
  return complete(decision, account, licenseType);
}

function complete(
  decision: Decision,
  { id }: PolicyAccount,
  licenseType: string | undefined,
): ScopedDecision {
  decision.accountId = id;
  decision.licenseType = licenseType;
  // It has an account now, which TypeScript cannot see.
  return decision as ScopedDecision;
}

/** What is undone is undone where it was done: of what the account chooses its people by, the journal keeps nothing. */
function findAccountOf(
  { email, attributes, undoes }: Decision,
  { findAccount, findAccountById }: PolicyRules,
): PolicyAccount | undefined {
  return undoes === undefined ? findAccount(email, attributes) : findAccountById(undoes.accountId);
}

/** The event's own license goes before the policy's. */
function licenseFor(
  { licenseType, role }: Decision,
  account: PolicyAccount,
  { findLicense }: PolicyRules,
): string | undefined {
  if (licenseType !== undefined || role === undefined) return licenseType;
  return findLicense(account, role)?.license;
}

function noAccount({ email, undoes }: Decision, { attributesAskedOf }: PolicyRules): Outcome {
  if (undoes !== undefined)
    return { kind: "excluded", rule: `the policy has no account ${undoes.accountId} any more` };
  const asked = attributesAskedOf(email);
  const rule =
    asked.length === 0
      ? `no account of the policy has the domain ${domainOf(email)}`
      : `no account with the domain ${domainOf(email)} takes the person, by data.attributes: ${asked.join(", ")}`;
  return { kind: "excluded", rule };
}

function noLicense({ role = "" }: Decision, { id }: PolicyAccount): Outcome {
  return { kind: "excluded", rule: `account ${id} names no license for the role "${maskQuoted(role)}"` };
}

/** How far the clock of an HR system may be ahead of ours. */
const toleratedSkewMilliseconds = dayMilliseconds;

/**
 * Rejects a decision whose time cannot be trusted. One from the future would stand over every true one that follows, so a
 * wrong clock or year must not pass. An old one may come from last year's file, sent once more.
 *
 * A follow-up is as good as the decision that it follows from, which was young enough when it came. So is what an operator undoes: it has
 * the time of the other only to take its place. A decision that HR makes
 * months ahead is as old as its effect. The age counts until the event was first received: what an outage, an operator or the user's
 * registration kept waiting here is no fault of the feed.
 *
 * @param now milliseconds since the epoch
 */
export function refuseByAge(
  decision: Pick<
    Decision,
    "occurredAt" | "effectiveAt" | "firstReceivedAt" | "waitingSince" | "follows" | "undoes"
  >,
  maxAgeDays: number | undefined,
  now: number,
): Rejected | undefined {
  const { occurredAt, effectiveAt, firstReceivedAt, waitingSince, follows, undoes } = decision;
  if (occurredAt > now + toleratedSkewMilliseconds) return fromTheFuture;
  if (maxAgeDays === undefined || follows !== undefined || undoes !== undefined) return undefined;
  // Events that an earlier release has put off tell only since when they wait for their user.
  const age = Math.min(now, firstReceivedAt, waitingSince ?? now) - Math.max(occurredAt, effectiveAt);
  return age > maxAgeDays * dayMilliseconds ? stale(maxAgeDays) : undefined;
}

const fromTheFuture: Rejected = {
  kind: "rejected",
  code: "FromTheFuture",
  reason:
    "metadata.occurredAt lies more than a day ahead; send when HR decided there, and when it takes effect in data.effectiveAt",
};

function stale(maxAgeDays: number): Rejected {
  const reason = `HR decided this more than ${maxAgeDays} days ago (freshness.maxAgeDays of the policy); if it still holds, send it again with a metadata.id and an occurredAt of its own`;
  return { kind: "rejected", code: tooOldCode, reason };
}
