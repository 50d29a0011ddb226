import { domainOf, type PolicyRules } from "../../policy/policyRules.ts";
import type { Decision, ScopedDecision } from "../../provisioning/decision.ts";
import type { Step } from "./step.ts";

/** Which rules of the policy put a decision in scope. Asks the rules that `screen` asks. */
export function scopeSteps(decision: Decision, scoped: ScopedDecision, rules: PolicyRules): Step[] {
  const { email, attributes, intent } = decision;
  const account = rules.findAccount(email, attributes);
  const names = Object.keys(account?.attributes ?? {});
  const asked = names.length === 0 ? "" : `, attributes: ${names.join(", ")}`;
  const steps: Step[] = [
    { question: "in scope", answer: "yes", text: "the policy excludes nobody like this" },
    {
      question: "account",
      answer: "yes",
      text: scoped.accountId,
      rule: `accounts: ${scoped.accountId}, domains: ${domainOf(email)}${asked}`,
    },
  ];
  if (intent !== "relicense" || scoped.licenseType === undefined) return steps;
  const found =
    account && decision.role !== undefined ? rules.findLicense(account, decision.role) : undefined;
  const rule = decision.licenseType === undefined ? found?.rule : "the event's data.licenseType";
  return [
    ...steps,
    { question: "license", answer: "yes", text: scoped.licenseType, ...(rule !== undefined && { rule }) },
  ];
}
