import type { FindLimits } from "../policy/suspensionLimits.ts";
import { suspensionLimit } from "../safeguard/suspensionLimit.ts";
import type { Change } from "./comparison.ts";
import type { DirectoryListing } from "./readDirectory.ts";

/** An account of which more people leave than the safeguard lets pass in a window. */
export interface HeldAccount {
  accountId: string;
  leavers: number;
  limit: number;
}

/** The accounts whose leavers the safeguard will hold, in whole or in part, whatever the last hour was like. */
export function findHeld(
  changes: readonly Change[],
  listings: readonly DirectoryListing[],
  limitsOf: FindLimits,
): HeldAccount[] {
  return listings.flatMap(({ account: { accountId }, users }) => {
    const limits = limitsOf(accountId);
    const leavers = changes.filter(
      ({ kind, wish }) => kind === "leaver" && wish.accountId === accountId,
    ).length;
    const limit =
      limits && suspensionLimit(limits, users.filter(({ status }) => status === "registered").length);
    return limit !== undefined && leavers > limit ? [{ accountId, leavers, limit }] : [];
  });
}
