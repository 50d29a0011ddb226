import pMap from "p-map";
import type { Directory, DirectoryAccount, DirectoryUser } from "../directory/directory.ts";

/** An account and everybody in it. */
export interface DirectoryListing {
  account: DirectoryAccount;
  users: readonly DirectoryUser[];
}

/** A page of 200 users takes well under a second; this leaves room for the client's own retries. */
const callMilliseconds = 30_000;

/** Pages of one account follow from each other, so only accounts can be read side by side. */
const accountsAtOnce = 4;

/** Reads whole accounts, a call for each page, and one for the account itself. Throws `DirectoryError`. */
export function readDirectory(
  accountIds: readonly string[],
  directory: Pick<Directory, "getAccount" | "listUsers">,
  onUsers: (count: number) => void = () => undefined,
): Promise<DirectoryListing[]> {
  return pMap(
    accountIds,
    async (accountId) => {
      const account = await directory.getAccount(accountId, { milliseconds: callMilliseconds });
      // By id: whoever is changed during the reading may come in two pages.
      const users = new Map<string, DirectoryUser>();
      let pageToken: string | undefined;
      do {
        const page = await directory.listUsers(accountId, pageToken, { milliseconds: callMilliseconds });
        for (const user of page.users) users.set(user.userId, user);
        onUsers(page.users.length);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      return { account, users: [...users.values()] };
    },
    { concurrency: accountsAtOnce },
  );
}
