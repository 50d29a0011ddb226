import type { DirectoryAccount } from "../directory/directory.ts";
import { followUpsOf } from "../drain/followUpsOf.ts";
import type { FindAfterSuspension } from "../policy/afterSuspension.ts";
import type { FindFollowUps } from "./planCalls.ts";

/** Finds what follows a call by the accounts as they were read, and by the policy. */
export function followUpFinder(
  listings: readonly { account: DirectoryAccount }[],
  findAfterSuspension: FindAfterSuspension,
): FindFollowUps {
  const accounts = new Map(listings.map(({ account }) => [account.accountId, account]));
  return (accountId, intent) => {
    const account = accounts.get(accountId);
    return account === undefined ? [] : followUpsOf(account, intent, findAfterSuspension(accountId));
  };
}
