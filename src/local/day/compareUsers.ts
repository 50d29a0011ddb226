import type { DirectoryAccess } from "../chime/directoryAccess.ts";
import type { DayReport, UserTally } from "./dayReport.ts";

/** Counts who is in each account now. The function that comes back counts again, and sets both side by side. */
export function compareUsers(directory: DirectoryAccess): () => DayReport["directory"] {
  const tally = (accountId: string): UserTally => {
    const { Registered, Suspended, Unregistered } = directory.tally(accountId);
    return { registered: Registered, invited: Unregistered, suspended: Suspended };
  };
  const accounts = directory.accounts().map(({ id, type }) => ({ accountId: id, type, before: tally(id) }));
  return () => accounts.map((account) => ({ ...account, after: tally(account.accountId) }));
}
