import { type Directory, DirectoryError, type DirectoryUser } from "../../directory/directory.ts";
import { countBy, type Redact, redactForDisplay } from "../displayText.ts";
import { userBudget } from "./findUsers.ts";
import { toUserReport, type UserReport, type UserShowReport } from "./showUser.ts";

/** Narrows the users down. All filters that are given must match. */
export interface UserFilter {
  email?: string;
  type?: DirectoryUser["type"];
  status?: DirectoryUser["state"];
}

export interface ListUsersPorts {
  directory: Pick<Directory, "findUser" | "listUsers">;
  /** Ids of the accounts that are read. */
  accounts: readonly string[];
  /** At most so many users are listed; no further page is read then. */
  limit: number;
  isRevealed: boolean;
  /** How many users have been read by now. */
  onUsers: (count: number) => void;
  /** Once it is aborted, no further page is read. */
  signal: AbortSignal;
}

/** Users as the directories list them. */
export interface UserListReport {
  count: number;
  /** Of the users that are listed. */
  byStatus: Partial<Record<DirectoryUser["state"], number>>;
  /** Whether there may be others, which the limit or an interruption leaves out. */
  more: boolean;
  /** In the order of the accounts, and in the service's own. */
  users: UserReport[];
  failures: UserShowReport["failures"];
}

/** Lists the users of accounts. An address is looked up, and no list is read for it. A failure of one account leaves the others. */
export async function listUsers(filter: UserFilter, ports: ListUsersPorts): Promise<UserListReport> {
  const redact: Redact = ports.isRevealed ? (text) => text : redactForDisplay(filter.email);
  const users: UserReport[] = [];
  const failures: UserListReport["failures"] = [];
  let more = false;
  for (const accountId of ports.accounts) {
    try {
      for await (const user of usersOf(accountId, filter, ports)) {
        if (!isMeant(user, filter)) continue;
        more = users.length >= ports.limit;
        if (more) break;
        users.push(toUserReport(accountId, user, redact));
      }
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      const { code, message } = error.failure;
      failures.push({ accountId, code, message });
    }
    if (more) break;
  }
  more ||= ports.signal.aborted;
  return { count: users.length, byStatus: countBy(users, ({ state }) => state), more, users, failures };
}

async function* usersOf(
  accountId: string,
  { email, type }: UserFilter,
  { directory, onUsers, signal }: ListUsersPorts,
): AsyncGenerator<DirectoryUser> {
  // A look-up by address finds people alone: a device is nobody.
  if (email !== undefined && type !== "device") {
    const user = await directory.findUser(accountId, { email: email.toLowerCase() }, userBudget);
    if (user !== undefined) yield user;
    return;
  }
  let pageToken: string | undefined;
  do {
    if (signal.aborted) return;
    const page = await directory.listUsers(accountId, pageToken, userBudget);
    onUsers(page.users.length);
    yield* page.users;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

function isMeant(user: DirectoryUser, { email, type, status }: UserFilter): boolean {
  return (
    (email === undefined || user.email === email.toLowerCase()) &&
    (type === undefined || user.type === type) &&
    (status === undefined || user.state === status)
  );
}
