import pMap from "p-map";
import {
  type Budget,
  type CallBudget,
  type Directory,
  type DirectoryAccount,
  DirectoryError,
  type DirectoryUser,
  isPerson,
  outOfTime,
} from "../directory/directory.ts";

/** An account and all of its users, except devices: they are nobody of HR. */
export interface DirectoryListing {
  account: DirectoryAccount;
  users: readonly DirectoryUser[];
}

export interface ReadDirectoryOptions {
  onUsers?: (count: number) => void;
  /** Asked before each call. */
  budget?: Budget;
}

/** A page of 200 users takes well under a second; this leaves room for the client's own retries. */
const usualBudget: Budget = () => ({ milliseconds: 30_000 });

/** Each page's token comes with the page before it, so only accounts can be read concurrently. */
const accountsAtOnce = 4;

/**
 * Reads whole accounts, with a call for each page and one for the account itself. Throws `DirectoryError`, also when the
 * budget has no time for the next call: half a directory would be worse than none.
 */
export function readDirectory(
  accountIds: readonly string[],
  directory: Pick<Directory, "getAccount" | "listUsers">,
  { onUsers, budget = usualBudget }: ReadDirectoryOptions = {},
): Promise<DirectoryListing[]> {
  return pMap(
    accountIds,
    async (accountId) => {
      const account = await directory.getAccount(accountId, timeFor(budget));
      // By id: a user who is changed during the reading may come in two pages.
      const users = new Map<string, DirectoryUser>();
      let pageToken: string | undefined;
      do {
        const page = await directory.listUsers(accountId, pageToken, timeFor(budget));
        for (const user of page.users) if (isPerson(user)) users.set(user.userId, user);
        onUsers?.(page.users.length);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      return { account, users: [...users.values()] };
    },
    { concurrency: accountsAtOnce },
  );
}

function timeFor(budget: Budget): CallBudget {
  const time = budget();
  if (time === undefined) throw new DirectoryError(outOfTime);
  return time;
}
