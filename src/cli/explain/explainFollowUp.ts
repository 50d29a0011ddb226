import { chimeCapabilities } from "../../directory/chime/chimeCapabilities.ts";
import type { PolicyRules } from "../../policy/policyRules.ts";
import type { Decision, ScopedDecision } from "../../provisioning/decision.ts";
import { followUpOf } from "../../provisioning/followUps.ts";
import { timeText } from "../ledger/timeText.ts";
import type { Step } from "./step.ts";

/**
 * Which license follows if the decision is carried out. Which one is the account's default license the directory knows; it is
 * not asked.
 *
 * @param read the decision before the policy named a license
 * @param now milliseconds since the epoch
 */
export function explainFollowUp(
  read: Decision,
  decision: ScopedDecision,
  rules: PolicyRules,
  now: number,
): Step[] {
  // Team accounts alone spare a call, for whom they invite; and which license they give then is not known here.
  const account = {
    accountId: decision.accountId,
    type: "Team",
    active: true,
    supportedLicenses: [],
    defaultLicense: undefined,
    capabilities: chimeCapabilities.Team,
  };
  const applied = { kind: "applied", requestId: undefined } as const;
  const followUp = followUpOf(decision, applied, account, rules, now);
  switch (followUp?.kind) {
    case undefined:
      return [];
    case "licenseAfterLeaving": {
      const text = `license ${followUp.licenseType} on ${timeText(followUp.dueAt)}, unless the person is back`;
      return [{ question: "follows", answer: "yes", text, rule: "afterSuspension.license" }];
    }
    case "licenseAfterJoining": {
      const unless = decision.intent === "onboard" ? ", unless it comes with the invitation" : "";
      const text = `license ${followUp.licenseType}${unless}`;
      return [{ question: "follows", answer: "yes", text, rule: ruleOfLicense(read, decision, rules) }];
    }
  }
}

function ruleOfLicense(
  { licenseType, role, email, attributes }: Decision,
  { accountId }: ScopedDecision,
  { findAccount, findLicense }: PolicyRules,
): string {
  if (licenseType !== undefined) return "the event's data.licenseType";
  const account = findAccount(email, attributes);
  const found = account && role !== undefined ? findLicense(account, role) : undefined;
  return found?.rule ?? `accounts: ${accountId}`;
}
