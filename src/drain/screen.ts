import type { FindAccount } from "../policy/accountFinder.ts";
import type { PolicyAccount } from "../policy/policy.ts";
import { maskEmails } from "../privacy/maskEmails.ts";
import type { Decision } from "./decision.ts";
import type { Outcome, Settlement } from "./outcome.ts";

/** A decision that is in scope: which account it is for and, for a license change, to which license. */
export interface ScopedDecision extends Decision {
  accountId: string;
}

/** How far the clock of an HR system may be ahead of ours. */
const tolerableSkewMilliseconds = 86_400_000;

/** Decisions in, those that the policy puts in scope out; the others are settled. `now` in milliseconds. */
export function screen(
  decisions: readonly Decision[],
  findAccount: FindAccount,
  now: number,
): { inScope: ScopedDecision[]; settled: Settlement[] } {
  const inScope: ScopedDecision[] = [];
  const settled: Settlement[] = [];
  for (const decision of decisions) {
    const screened = screenOne(decision, findAccount(decision.email), now);
    if ("kind" in screened) settled.push({ index: decision.index, outcome: screened });
    else inScope.push(screened);
  }
  return { inScope, settled };
}

function screenOne(
  decision: Decision,
  account: PolicyAccount | undefined,
  now: number,
): ScopedDecision | Outcome {
  if (decision.occurredAt > now + tolerableSkewMilliseconds) return fromTheFuture();
  if (account === undefined) return noAccount(decision);
  const licenseType = licenseFor(decision, account);
  if (decision.intent === "relicense" && licenseType === undefined) return noLicense(decision, account);
  // In this order no field is added to the copy, which is five times as fast; it is made for every record.
  return { accountId: account.id, ...decision, licenseType };
}

/** A decision from the future would stand over every true one that follows, so a wrong clock or year must not pass. */
function fromTheFuture(): Outcome {
  const reason =
    "metadata.occurredAt lies more than a day ahead; send when HR decided there, and when it takes effect in data.effectiveAt";
  return { kind: "rejected", code: "FromTheFuture", reason };
}

/** The event's own word goes before the policy's. */
function licenseFor({ licenseType, role }: Decision, { licensePerRole }: PolicyAccount): string | undefined {
  if (licenseType !== undefined || role === undefined) return licenseType;
  return Object.hasOwn(licensePerRole, role) ? licensePerRole[role] : undefined;
}

function noAccount({ email }: Decision): Outcome {
  const domain = email.slice(email.lastIndexOf("@") + 1);
  return { kind: "excluded", rule: `no account of the policy has the domain ${domain}` };
}

function noLicense({ role = "" }: Decision, { id }: PolicyAccount): Outcome {
  return { kind: "excluded", rule: `account ${id} names no license for the role "${maskEmails(role)}"` };
}
