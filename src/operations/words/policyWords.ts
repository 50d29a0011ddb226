import type { FindAccountTypes } from "../../directory/directoryKind.ts";
import { afterSuspensionFinder } from "../../policy/afterSuspension.ts";
import { listTrials } from "../../policy/observation.ts";
import type { Policy, PolicyAccount } from "../../policy/policy.ts";
import { limitsFinder, type SuspensionLimits } from "../../policy/suspensionLimits.ts";
import { countOf } from "./plainWords.ts";

/** What a policy means, account by account, and for all of them. */
export interface PolicyWords {
  accounts: { id: string; who: string; limits: string; licenses: string }[];
  sentences: string[];
}

export function policyWords(policy: Policy, typesOf: FindAccountTypes): PolicyWords {
  const limitsOf = limitsFinder(policy);
  return {
    accounts: policy.accounts.map((account) => ({
      id: account.id,
      who: whoText(account),
      limits: limitsText(limitsOf(account.id)),
      licenses: licensesText(account),
    })),
    sentences: [
      `Never touched: ${exclusionsText(policy)}.`,
      `A leave of absence: ${policy.leaveOfAbsence?.do === "suspend" ? "suspended, as every leaver" : "ignored"}.`,
      ...afterSuspensionLines(policy),
      ...directoryLines(policy, typesOf),
      ...trialLines(policy),
      `Events: ${policy.freshness === undefined ? "of any age" : `at most ${policy.freshness.maxAgeDays} days old`}.`,
    ],
  };
}

function whoText({ domains, attributes = {} }: PolicyAccount): string {
  const asked = Object.entries(attributes).map(([name, patterns]) => `${name} ${patterns.join(" or ")}`);
  return [domains.join(", "), ...asked].join("; ");
}

function limitsText(limits: SuspensionLimits | undefined): string {
  if (limits === undefined) return "any number";
  const { atLeast, percent, windowMinutes } = limits;
  return `${atLeast} or ${percent} % in ${windowMinutes} min`;
}

function licensesText({ licensePerRole, defaultLicense }: PolicyAccount): string {
  const roles = Object.entries(licensePerRole).map(([role, license]) => `${role}: ${license}`);
  const others = defaultLicense === undefined ? [] : [`others: ${defaultLicense}`];
  return [...roles, ...others].join(", ") || "as they are";
}

/** No line for accounts of the default directory. */
function directoryLines({ accounts }: Policy, typesOf: FindAccountTypes): string[] {
  return accounts.flatMap(({ id, directory }) => {
    if (directory === undefined) return [];
    const [type] = typesOf(id);
    const leavers = type?.suspension === "deletes" ? "deletes" : "suspends";
    return [`${id} is at ${type?.type} (${directory.baseUrl}), which ${leavers} leavers.`];
  });
}

function trialLines(policy: Policy): string[] {
  const names = listTrials(policy).map(({ name }) => name);
  return names.length === 0 ? [] : [`Observed only, without a call: ${names.join(", ")}.`];
}

/** No line where everything is off, as it is by default. */
function afterSuspensionLines(policy: Policy): string[] {
  const find = afterSuspensionFinder(policy);
  return policy.accounts.flatMap(({ id }) => {
    const { signOut, resetPin, license } = find(id);
    const texts = [
      ...(signOut ? ["signed out"] : []),
      ...(resetPin ? ["given a new PIN"] : []),
      ...(license ? [`down to ${license.to} after ${countOf(license.afterDays, "day")}`] : []),
    ];
    return texts.length === 0 ? [] : [`Leavers of ${id}: ${texts.join(", ")}.`];
  });
}

function exclusionsText({ exclusions = {} }: Policy): string {
  const { people = [], addresses = [], roles = [] } = exclusions;
  const counts: [number, string][] = [
    [people.length, "id"],
    [addresses.length, "address rule"],
    [roles.length, "role rule"],
  ];
  const texts = counts.filter(([count]) => count > 0).map(([count, noun]) => countOf(count, noun));
  return texts.join(", ") || "nobody";
}
