import * as z from "zod";
import { policyObject } from "./policyFields.ts";

/** What becomes of somebody whose access was suspended, besides. */
export interface AfterSuspension {
  /** Whoever may stay signed in after a suspension is signed out: a call for each leaver. */
  signOut: boolean;
  /** The personal meeting PIN is replaced, because others may know it: a call for each leaver. */
  resetPin: boolean;
  /** Some days later the license goes down, unless the person is back; `undefined` where everybody keeps theirs. */
  license: LicenseAfterSuspension | undefined;
}

interface LicenseAfterSuspension {
  to: string;
  afterDays: number;
}

/** How long a license is kept for somebody who may come back, where the policy does not say. */
const usualGraceDays = 30;

const licenseSchema = policyObject({
  to: z.string().min(1).max(64).describe("The license that is left, such as Basic."),
  afterDays: z
    .int()
    .min(1)
    .max(365)
    .default(usualGraceDays)
    .describe("So many days after the suspension the license goes down, unless the person is back."),
});

/** The shape of `afterSuspension` in the policy, for all accounts or for one. */
export const afterSuspensionSchema = policyObject({
  signOut: z
    .boolean()
    .exactOptional()
    .describe("Sign leavers out where a suspension does not do so by itself. A call for each of them."),
  resetPin: z
    .boolean()
    .exactOptional()
    .describe("Replace the leavers' personal meeting PIN. A call for each of them."),
  license: z
    .union([z.literal(false), licenseSchema])
    .exactOptional()
    .describe("Which license is left after a while. Everybody keeps theirs, if this is false or left out."),
});

type Settings = z.output<typeof afterSuspensionSchema>;

/** What holds for an account's leavers. */
export type FindAfterSuspension = (accountId: string) => AfterSuspension;

const nothing: AfterSuspension = { signOut: false, resetPin: false, license: undefined };

/** An account's own word goes before the policy's, field by field. */
export function afterSuspensionFinder(policy: {
  afterSuspension?: Settings;
  accounts: readonly { id: string; afterSuspension?: Settings }[];
}): FindAfterSuspension {
  const general = refine(nothing, policy.afterSuspension);
  const ofAccounts = new Map(
    policy.accounts.map(({ id, afterSuspension }) => [id, refine(general, afterSuspension)]),
  );
  return (accountId) => ofAccounts.get(accountId) ?? general;
}

/** What the policy asks for in one account at least: what its functions must be allowed to do. */
export function findAskedSomewhere(
  policy: Parameters<typeof afterSuspensionFinder>[0],
): Pick<AfterSuspension, "signOut" | "resetPin"> {
  const find = afterSuspensionFinder(policy);
  const all = policy.accounts.map(({ id }) => find(id));
  return {
    signOut: all.some(({ signOut }) => signOut),
    resetPin: all.some(({ resetPin }) => resetPin),
  };
}

function refine(before: AfterSuspension, { license, ...others }: Settings = {}): AfterSuspension {
  if (license === undefined) return { ...before, ...others };
  return { ...before, ...others, license: license === false ? undefined : license };
}
