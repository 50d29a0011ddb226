import type { DirectoryAccount } from "../directory/directory.ts";
import { closingsOf } from "../drain/closingsOf.ts";
import type { FindAfterSuspension } from "../policy/afterSuspension.ts";
import type { FindClosings } from "./planCalls.ts";

/** Finds what follows a call by the accounts as they were read, and by the policy. */
export function closingFinder(
  listings: readonly { account: DirectoryAccount }[],
  findAfterSuspension: FindAfterSuspension,
): FindClosings {
  const accounts = new Map(listings.map(({ account }) => [account.accountId, account]));
  return (accountId, intent) => {
    const account = accounts.get(accountId);
    return account === undefined ? [] : closingsOf(account, intent, findAfterSuspension(accountId));
  };
}
