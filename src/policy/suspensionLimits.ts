import * as z from "zod";
import { policyObject } from "./policyObject.ts";

/** An account's accidental-deletion threshold: how many people may be suspended in a rolling window without an operator. */
export interface SuspensionLimits {
  /** A number of people; the limit is never lower, because a percentage of few people means nothing. */
  atLeast: number;
  /** Of the account's active users: those who are registered and not suspended. 0-100. */
  percent: number;
  /** The length of the rolling window, 1-1440. */
  windowMinutes: number;
  /** How many leavers with `urgency: "immediate"` may pass in a window beyond the limit or behind a closed latch. */
  immediate: number;
}

/** Finds an account's limits; `undefined` where the policy has switched the safeguard off. */
export type FindLimits = (accountId: string) => SuspensionLimits | undefined;

/** The limits of a policy that names none, so that a wrong feed is stopped although nobody thought of it. */
export const usualLimits: SuspensionLimits = { atLeast: 10, percent: 5, windowMinutes: 60, immediate: 5 };

const people = z.int().min(0).max(1_000_000);

const limitsSchema = policyObject({
  suspensions: policyObject({
    atLeast: people
      .exactOptional()
      .describe("How many people of an account may be suspended in the window in any case."),
    percent: z
      .number()
      .min(0)
      .max(100)
      .exactOptional()
      .describe("The percentage of the account's active users that may be suspended, if that is more."),
  }).exactOptional(),
  windowMinutes: z.int().min(1).max(1440).exactOptional().describe("The length of the rolling window."),
  immediate: people
    .exactOptional()
    .describe("How many leavers with the urgency immediate may be suspended in a window in addition."),
});

/** The shape of `safeguard` in the policy, for all accounts or for one. `false` switches it off. */
export const safeguardSchema = z.union([z.literal(false), limitsSchema]);

type Safeguard = z.output<typeof safeguardSchema>;

/** Indexes the policy by account. An account's own limit precedes the policy's, and that the usual one, field by field. */
export function limitsFinder(policy: {
  safeguard?: Safeguard;
  accounts: readonly { id: string; safeguard?: Safeguard }[];
}): FindLimits {
  const general = refine(usualLimits, policy.safeguard);
  const limits = new Map(
    policy.accounts.map(({ id, safeguard }) => [
      id,
      safeguard === undefined ? general : refine(general ?? usualLimits, safeguard),
    ]),
  );
  return (accountId) => (limits.has(accountId) ? limits.get(accountId) : general);
}

function refine(limits: SuspensionLimits, safeguard: Safeguard = {}): SuspensionLimits | undefined {
  if (safeguard === false) return undefined;
  const { suspensions, ...others } = safeguard;
  return { ...limits, ...suspensions, ...others };
}
