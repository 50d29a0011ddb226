import { chimeCapabilities } from "../../directory/chime/chimeCapabilities.ts";
import type { BatchOperation, DirectoryAccount } from "../../directory/directory.ts";
import type { PolicyRules } from "../../policy/policyRules.ts";
import { type DesiredChange, decideChange } from "../../provisioning/decideChange.ts";
import type { ScopedDecision } from "../../provisioning/decision.ts";
import { groupByPerson } from "../../provisioning/groupByPerson.ts";
import type { Outcome } from "../../provisioning/outcome.ts";
import { postSuspensionActionsOf } from "../../provisioning/postSuspensionActions.ts";
import { outcomeText } from "./outcomeText.ts";
import type { Fate, Step } from "./step.ts";

/** What the service calls its operations. */
const callNames: Record<BatchOperation, string> = {
  suspend: "BatchSuspendUser",
  unsuspend: "BatchUnsuspendUser",
  invite: "InviteUsers",
  updateLicense: "BatchUpdateUser",
  signOut: "LogoutUser",
  resetPin: "ResetPersonalPIN",
};

/**
 * Which call would answer, by the account's type: the directory is not asked, so it is told for each. The drain's own
 * decision is asked about a user whom it knows and whose state it does not.
 */
export function explainCall(
  decision: ScopedDecision,
  { findAfterSuspension }: Pick<PolicyRules, "findAfterSuspension">,
  now: number,
): { steps: Step[]; fate: Fate } {
  const typesOfAnswer = new Map<string, { types: string[]; answer: Step["answer"] }>();
  const operations = new Set<BatchOperation>();
  for (const [type, answers] of Object.entries(chimeCapabilities)) {
    const decided = decideFor(decision, anAccount(type, answers, decision), now);
    if (!("kind" in decided)) operations.add(decided.operation);
    const after = postSuspensionActionsOf(
      { capabilities: answers },
      decision.intent,
      findAfterSuspension(decision.accountId),
    );
    const text = callText(decided, after);
    const alike = typesOfAnswer.get(text) ?? { types: [], answer: "kind" in decided ? "no" : "yes" };
    typesOfAnswer.set(text, { ...alike, types: [...alike.types, type] });
  }
  const steps = [...typesOfAnswer].map(
    ([text, { types, answer }]): Step => ({
      question: "call",
      answer,
      text,
      rule: `for accounts of type ${types.join(", ")}`,
    }),
  );
  return { steps, fate: { kind: "call", operations: [...operations] } };
}

function callText(decided: DesiredChange | Outcome, after: readonly BatchOperation[]): string {
  if (!("kind" in decided)) {
    const license = decided.licenseType === undefined ? "" : `, to ${decided.licenseType}`;
    const then = after.length === 0 ? "" : `, then ${after.map((name) => callNames[name]).join(" and ")}`;
    return `${callNames[decided.operation]}${license}${then}`;
  }
  return decided.kind === "rejected"
    ? `none: a dead letter, ${decided.code}`
    : `none: ${outcomeText(decided)}`;
}

function decideFor(decision: ScopedDecision, account: DirectoryAccount, now: number) {
  const [group = { newest: decision, duplicates: [], older: [] }] = groupByPerson([decision]);
  const user = { kind: "known", userId: decision.userId ?? "the user's id" } as const;
  return decideChange({ group, account: { kind: "found", value: account }, user }, now);
}

function anAccount(
  type: string,
  answers: DirectoryAccount["capabilities"],
  { accountId, licenseType }: ScopedDecision,
): DirectoryAccount {
  const supportedLicenses = licenseType === undefined ? [] : [licenseType];
  return {
    accountId,
    type,
    active: true,
    supportedLicenses,
    defaultLicense: undefined,
    capabilities: answers,
  };
}
