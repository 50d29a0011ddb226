import * as z from "zod";
import { afterSuspensionSchema } from "./afterSuspension.ts";
import { policyObject } from "./policyFields.ts";
import { rosterSchema } from "./rosterSettings.ts";
import { safeguardSchema } from "./suspensionLimits.ts";

/**
 * The shape of `policy.yml`: the single source of its types, its checks and the JSON Schema that editors read. Descriptions
 * are for whoever writes a policy.
 */
const name = z.string().min(1).max(256);

const domain = z
  .string()
  .regex(/^[^\s@]+\.[^\s@]+$/, "must be an e-mail domain, such as example.com")
  .transform((text) => text.toLowerCase())
  .describe("An e-mail domain, such as example.com.");

const pattern = name.describe(
  "A text, or a pattern in which * stands for any characters. Case makes no difference.",
);
const patterns = z.array(pattern).min(1);

const addressPattern = z
  .string()
  .max(256)
  .regex(/^\S*@\S+$/, "must be an e-mail address or a pattern for some, such as *@contractors.example")
  .describe("An e-mail address, or a pattern such as *@contractors.example.");

const account = policyObject({
  id: name.describe("The account's id in the directory."),
  domains: z
    .array(domain)
    .min(1)
    .describe("Whoever has an address in one of these domains belongs to the account."),
  attributes: z
    .record(name, patterns)
    .refine((attributes) => Object.keys(attributes).length > 0, "must name an attribute, or be left out")
    .exactOptional()
    .describe(
      "Only those whose data.attributes in the event fit, each of them. Of several accounts that fit, the first counts.",
    ),
  licensePerRole: z
    .record(pattern, name)
    .default({})
    .describe(
      "The license that each role gets, by role or pattern, for role changes that name no license themselves.",
    ),
  defaultLicense: name
    .exactOptional()
    .describe(
      "The license of every role that is not listed; without it such a role keeps the license it has.",
    ),
  safeguard: safeguardSchema
    .exactOptional()
    .describe("Where the account's limits on suspensions differ from the policy's. false switches them off."),
  afterSuspension: afterSuspensionSchema
    .exactOptional()
    .describe("What differs for this account in what becomes of its leavers besides."),
});

const exclusions = policyObject({
  people: patterns.exactOptional().describe("Ids of people in HR."),
  addresses: z
    .array(addressPattern)
    .min(1)
    .exactOptional()
    .describe("Addresses; a person's earlier ones count too."),
  roles: patterns.exactOptional().describe("Roles, as far as the event tells one."),
});

const leaveOfAbsence = policyObject({
  do: z
    .enum(["suspend", "ignore"])
    .describe("suspend: as every leaver. ignore: keeps access, unless the leaver's urgency is immediate."),
  reasons: patterns.exactOptional().describe("The reasons of EmployeeLeft that are a leave of absence."),
});

const freshness = policyObject({
  maxAgeDays: z
    .int()
    .min(1)
    .max(3650)
    .describe("Events that HR decided longer ago, and that took effect longer ago, are rejected as stale."),
});

export const policySchema = policyObject({
  safeguard: safeguardSchema
    .exactOptional()
    .describe("The brake on a feed that has gone wrong. false switches it off."),
  exclusions: exclusions
    .exactOptional()
    .describe("Who is never touched: not suspended, not invited, given no license."),
  leaveOfAbsence: leaveOfAbsence
    .exactOptional()
    .describe("What becomes of those who are only on leave. They keep access, if this is left out."),
  afterSuspension: afterSuspensionSchema
    .exactOptional()
    .describe("What becomes of leavers besides: signed out, a new PIN, a lower license after a while."),
  freshness: freshness
    .exactOptional()
    .describe("How old an event may be. As old as it likes, if this is left out."),
  roster: rosterSchema
    .exactOptional()
    .describe("How the HR system's export is read by `rollcall plan` and `rollcall sync`."),
  accounts: z.array(account).min(1).describe("The accounts, and who belongs to each."),
}).superRefine(({ accounts }, context) => {
  for (const { path, message } of findConflicts(accounts))
    context.addIssue({ code: "custom", path: ["accounts", ...path], message });
});

export type Policy = z.output<typeof policySchema>;
export type PolicyAccount = Policy["accounts"][number];

/** The parts of an account that may contradict another one, or themselves. */
interface CheckedAccount {
  id: string;
  domains: readonly string[];
  attributes?: Readonly<Record<string, unknown>>;
  licensePerRole: Readonly<Record<string, unknown>>;
}

interface Conflict {
  /** From the list of accounts on. */
  path: (string | number)[];
  message: string;
}

/** What each account for itself would be right about, and what is wrong about them together. */
export function findConflicts(accounts: readonly CheckedAccount[]): Conflict[] {
  return [...repeatedIds(accounts), ...takenDomains(accounts), ...repeatedRoles(accounts)];
}

function repeatedIds(accounts: readonly CheckedAccount[]): Conflict[] {
  return accounts.flatMap(({ id }, index) => {
    const first = accounts.findIndex((other) => other.id === id);
    const message = `account ${id} stands here for the second time; name its domains and roles in one place`;
    return first < index ? [{ path: [index, "id"], message }] : [];
  });
}

/** The first account that fits a person counts, so nobody comes to one behind an account that takes a domain as a whole. */
function takenDomains(accounts: readonly CheckedAccount[]): Conflict[] {
  const ownerOfDomain = new Map<string, string>();
  return accounts.flatMap(({ id, domains, attributes }, index) =>
    domains.flatMap((domain, position) => {
      const owner = ownerOfDomain.get(domain);
      if (owner === undefined && attributes === undefined) ownerOfDomain.set(domain, id);
      if (owner === undefined) return [];
      const remedy =
        attributes === undefined
          ? "a person can be in one account only"
          : `put this account before ${owner}, which takes everybody else`;
      return [
        {
          path: [index, "domains", position],
          message: `${domain} already belongs to account ${owner}; ${remedy}`,
        },
      ];
    }),
  );
}

function repeatedRoles(accounts: readonly CheckedAccount[]): Conflict[] {
  return accounts.flatMap(({ licensePerRole }, index) => {
    const first = new Map<string, string>();
    return Object.keys(licensePerRole).flatMap((role) => {
      const same = first.get(role.toLowerCase());
      first.set(role.toLowerCase(), same ?? role);
      const message = `the role stands here as ${same} already, and case makes no difference`;
      return same === undefined ? [] : [{ path: [index, "licensePerRole", role], message }];
    });
  });
}
