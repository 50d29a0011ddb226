import * as z from "zod";
import { isUnmistakable, unmistakable } from "../events/lookAlikes.ts";
import { afterSuspensionSchema } from "./afterSuspension.ts";
import { directorySchema, suspensionSchema } from "./directorySettings.ts";
import { policyObject } from "./policyObject.ts";
import { rosterSchema } from "./rosterSettings.ts";
import { sourcesSchema } from "./sourceSettings.ts";
import { safeguardSchema } from "./suspensionLimits.ts";

export type Policy = z.output<typeof policySchema>;
export type PolicyAccount = Policy["accounts"][number];

const name = z.string().min(1).max(256).refine(isUnmistakable, `must be a text ${unmistakable}`);

const domain = z
  .string()
  .regex(/^[^\s@]+\.[^\s@]+$/, "must be an e-mail domain, such as example.com")
  .refine(isUnmistakable, `must be an e-mail domain ${unmistakable}`)
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
  .refine(isUnmistakable, `must be an e-mail address or a pattern ${unmistakable}`)
  .describe("An e-mail address, or a pattern such as *@contractors.example.");

const account = policyObject({
  id: name.describe("The account's id in the directory."),
  domains: z
    .array(domain)
    .min(1)
    .describe("People with an address in one of these domains belong to the account."),
  directory: directorySchema
    .exactOptional()
    .describe(
      "The service that has the account's users. It is the default one of docs/targets.md, if this is left out.",
    ),
  suspension: suspensionSchema
    .exactOptional()
    .describe(
      "deletes: the service deletes the users whom it suspends, and that is wanted. Without it such a policy is refused.",
    ),
  attributes: z
    .record(name, patterns)
    .refine((attributes) => Object.keys(attributes).length > 0, "must name an attribute, or be left out")
    .exactOptional()
    .describe(
      "Only people whose data.attributes in the event all fit. Where several accounts fit, the first applies.",
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
  observe: z
    .boolean()
    .exactOptional()
    .describe(
      "A trial: decisions about this account are journalled with what would be done, and no call is made.",
    ),
  afterSuspension: afterSuspensionSchema
    .exactOptional()
    .describe("Where this account's actions after a suspension differ from the policy's."),
});

const exclusions = policyObject({
  people: patterns.exactOptional().describe("Ids of people in HR."),
  addresses: z
    .array(addressPattern)
    .min(1)
    .exactOptional()
    .describe("Addresses; a person's previous ones count too."),
  roles: patterns.exactOptional().describe("Roles, as far as the event names one."),
});

const leaveOfAbsence = policyObject({
  do: z
    .enum(["suspend", "ignore"])
    .describe(
      "suspend: as every leaver. ignore: people keep access, unless the leaver's urgency is immediate.",
    ),
  reasons: patterns.exactOptional().describe("The reasons of EmployeeLeft that are a leave of absence."),
});

const namespace = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/);

const personIds = policyObject({
  namespaces: z
    .record(namespace, z.array(name).min(1), {
      error: ({ code }) =>
        code === "invalid_key"
          ? "must be a word of at most 31 small letters, figures and hyphens, such as bamboohr"
          : undefined,
    })
    .refine((namespaces) => repeated(Object.values(namespaces).flat()) === undefined, {
      error: ({ input }) =>
        `names the origin ${repeated(Object.values(input as Record<string, string[]>).flat())} twice; each belongs to one namespace`,
    })
    .describe(
      "By namespace, the systems (metadata.origin of their events) whose person ids are those of one HR system. Events of other origins share the default namespace.",
    ),
});

function repeated(names: readonly string[]): string | undefined {
  return names.find((each, index) => names.indexOf(each) !== index);
}

const freshness = policyObject({
  maxAgeDays: z
    .int()
    .min(1)
    .max(3650)
    .describe("Events that were decided and took effect more days ago are rejected as stale."),
});

/**
 * The shape of `policy.yml`: the single source of its types, its checks and the JSON Schema that editors read. Descriptions
 * are for whoever writes a policy.
 */
export const policySchema = policyObject({
  safeguard: safeguardSchema
    .exactOptional()
    .describe("The limit on suspensions, which stops a feed that has gone wrong. false switches it off."),
  exclusions: exclusions
    .exactOptional()
    .describe(
      "People whom Rollcall leaves alone: it neither suspends nor invites them, nor changes their license.",
    ),
  leaveOfAbsence: leaveOfAbsence
    .exactOptional()
    .describe("What is done about people on leave. They keep access, if this is left out."),
  afterSuspension: afterSuspensionSchema
    .exactOptional()
    .describe(
      "What is done about leavers after their suspension: sign-out, a new PIN, another license after some days.",
    ),
  freshness: freshness
    .exactOptional()
    .describe("How old an event may be. There is no limit, if this is left out."),
  personIds: personIds
    .exactOptional()
    .describe("Whose ids of people are alike. All events share one namespace, if this is left out."),
  sources: sourcesSchema.exactOptional(),
  roster: rosterSchema
    .exactOptional()
    .describe("How the HR system's export is read by `rollcall plan` and `rollcall sync`."),
  accounts: z.array(account).min(1).describe("The accounts, and who belongs to each."),
}).superRefine(({ accounts }, context) => {
  for (const { path, message } of findConflicts(accounts))
    context.addIssue({ code: "custom", path: ["accounts", ...path], message });
});

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

/** Finds what is wrong about the accounts together, although each of them is valid. */
export function findConflicts(accounts: readonly CheckedAccount[]): Conflict[] {
  return [...repeatedIds(accounts), ...unreachableDomains(accounts), ...repeatedRoles(accounts)];
}

function repeatedIds(accounts: readonly CheckedAccount[]): Conflict[] {
  return accounts.flatMap(({ id }, index) => {
    const first = accounts.findIndex((other) => other.id === id);
    const message = `account ${id} stands here for the second time; name its domains and roles in one place`;
    return first < index ? [{ path: [index, "id"], message }] : [];
  });
}

/** The first account that fits a person applies, so an account behind one that takes a whole domain would get nobody of it. */
function unreachableDomains(accounts: readonly CheckedAccount[]): Conflict[] {
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
