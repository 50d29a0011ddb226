import * as z from "zod";
import { rosterSchema } from "../roster/rosterSettings.ts";
import { safeguardSchema } from "./suspensionLimits.ts";

const domain = z
  .string()
  .regex(/^[^\s@]+\.[^\s@]+$/, "must be an e-mail domain, such as example.com")
  .transform((text) => text.toLowerCase());
const name = z.string().min(1).max(256);

const account = z.strictObject({
  /** The account's id in the directory. */
  id: name,
  /** Whoever has an address in one of these domains belongs to the account. */
  domains: z.array(domain).min(1),
  /** The license that each role gets, for role changes that name no license themselves. */
  licensePerRole: z.record(name, name).default({}),
  /** Where the account's limits on suspensions differ from the policy's; see `suspensionLimits.ts`. */
  safeguard: safeguardSchema.exactOptional(),
});

/** The shape of `policy.yml`. */
export const policySchema = z
  .strictObject({
    safeguard: safeguardSchema.exactOptional(),
    /** How a roster is read, and what it may bring about; see `rosterSettings.ts`. */
    roster: rosterSchema.exactOptional(),
    accounts: z.array(account).min(1),
  })
  .superRefine(({ accounts }, context) => {
    const ownerOfDomain = new Map<string, string>();
    for (const [index, { id, domains }] of accounts.entries()) {
      for (const domain of domains) {
        const owner = ownerOfDomain.get(domain);
        if (owner !== undefined) {
          const message = `${domain} already belongs to account ${owner}; a person can be in one account only`;
          context.addIssue({ code: "custom", path: ["accounts", index, "domains"], message });
        }
        ownerOfDomain.set(domain, id);
      }
    }
  });

export type Policy = z.output<typeof policySchema>;
export type PolicyAccount = Policy["accounts"][number];
