import { afterSuspensionFinder } from "../../policy/afterSuspension.ts";
import type { Policy, PolicyAccount } from "../../policy/policy.ts";
import { limitsFinder, type SuspensionLimits } from "../../policy/suspensionLimits.ts";
import type { Screen } from "../screen.ts";
import { tableLines } from "../tableLines.ts";
import { countOf } from "../terminal.ts";

/** What a policy comes to, for whoever has just written one. */
export function policyLines(policy: Policy, screen: Screen): string[] {
  const limitsOf = limitsFinder(policy);
  const rows = policy.accounts.map((account) => ({
    cells: [account.id, whoText(account), limitsText(limitsOf(account.id)), licensesText(account)],
    details: [],
  }));
  return [
    ...tableLines(["ACCOUNT", "WHO", "SUSPENSIONS AT A TIME", "LICENSES"], rows, screen),
    "",
    `Never touched: ${exclusionsText(policy)}.`,
    `A leave of absence: ${policy.leaveOfAbsence?.do === "suspend" ? "suspended, as every leaver" : "ignored"}.`,
    ...afterSuspensionLines(policy),
    `Events: ${policy.freshness === undefined ? "of any age" : `at most ${policy.freshness.maxAgeDays} days old`}.`,
  ];
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

/** Nothing where everything is off, as it is by default. */
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
