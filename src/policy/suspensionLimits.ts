import * as z from "zod";
import { policyObject } from "./policyFields.ts";

/** How many people of an account may be suspended in a rolling window before an operator is asked. */
export interface SuspensionLimits {
  /** A number of people below which a percentage means nothing: the limit is never lower. */
  atLeast: number;
  /** Of the account's active users: those who are registered and not suspended. 0-100. */
  percent: number;
  /** The length of the rolling window, 1-1440. */
  windowMinutes: number;
  /** How many leavers with `urgency: "immediate"` may pass in a window beyond the limit or behind a closed latch. */
  immediate: number;
}

/** What holds where the policy says nothing: a feed that goes wrong is stopped though nobody thought of it. */
export const usualLimits: SuspensionLimits = { atLeast: 10, percent: 5, windowMinutes: 60, immediate: 5 };

const people = z.int().min(0).max(1_000_000);

const limitsSchema = policyObject({
  suspensions: policyObject({
    atLeast: people
      .exactOptional()
      .describe("So many people of an account may be suspended in the window in any case."),
    percent: z
      .number()
      .min(0)
      .max(100)
      .exactOptional()
      .describe("So many of the account's active users in a hundred, if that is more."),
  }).exactOptional(),
  windowMinutes: z.int().min(1).max(1440).exactOptional().describe("The length of the rolling window."),
  immediate: people
    .exactOptional()
    .describe("So many leavers with the urgency immediate may pass in a window besides."),
});

/** The shape of `safeguard` in the policy, for all accounts or for one. `false` switches it off. */
export const safeguardSchema = z.union([z.literal(false), limitsSchema]);

type Safeguard = z.output<typeof safeguardSchema>;

/** An account's limits; `undefined` where the policy has switched the safeguard off. */
export type FindLimits = (accountId: string) => SuspensionLimits | undefined;

/** An account's own word goes before the policy's, and that before the usual, field by field. */
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
