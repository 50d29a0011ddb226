import * as z from "zod";
import { policyObject } from "./policyObject.ts";

/** What is done about a leaver after the suspension. */
export interface AfterSuspension {
  /** Sign out whoever a suspension leaves signed in: a call for each leaver. */
  signOut: boolean;
  /** Replace the personal meeting PIN, because others may know it: a call for each leaver. */
  resetPin: boolean;
  /** The license that a leaver is left with after some days, unless the person is back; `undefined` where all keep theirs. */
  license: LicenseAfterSuspension | undefined;
}

interface LicenseAfterSuspension {
  to: string;
  afterDays: number;
}

/** Finds what is done about an account's leavers after their suspension. */
export type FindAfterSuspension = (accountId: string) => AfterSuspension;

/** How long a license is kept for somebody who may come back, where the policy does not say. */
const usualGraceDays = 30;

const licenseSchema = policyObject({
  to: z.string().min(1).max(64).describe("The license that a leaver is left with, such as Basic."),
  afterDays: z
    .int()
    .min(1)
    .max(365)
    .default(usualGraceDays)
    .describe("How many days after the suspension the license is changed, unless the person is back."),
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
    .describe(
      "The license that leavers are left with after some days. Everybody keeps theirs, if this is false or left out.",
    ),
});

type Settings = z.output<typeof afterSuspensionSchema>;

const noActions: AfterSuspension = { signOut: false, resetPin: false, license: undefined };

/** Indexes the policy by account. An account's own setting precedes the policy's, field by field. */
export function afterSuspensionFinder(policy: {
  afterSuspension?: Settings;
  accounts: readonly { id: string; afterSuspension?: Settings }[];
}): FindAfterSuspension {
  const general = refine(noActions, policy.afterSuspension);
  const ofAccounts = new Map(
    policy.accounts.map(({ id, afterSuspension }) => [id, refine(general, afterSuspension)]),
  );
  return (accountId) => ofAccounts.get(accountId) ?? general;
}

/** The actions that the policy wants in at least one account: what the functions' role must allow. */
export function findRequiredActions(
  policy: Parameters<typeof afterSuspensionFinder>[0],
): Pick<AfterSuspension, "signOut" | "resetPin"> {
  const find = afterSuspensionFinder(policy);
  const all = policy.accounts.map(({ id }) => find(id));
  return {
    signOut: all.some(({ signOut }) => signOut),
    resetPin: all.some(({ resetPin }) => resetPin),
  };
}

function refine(general: AfterSuspension, { license, ...others }: Settings = {}): AfterSuspension {
  if (license === undefined) return { ...general, ...others };
  return { ...general, ...others, license: license === false ? undefined : license };
}
