import { type DirectoryAccount, type DirectoryUser, isActive, isPerson } from "./directory.ts";

export interface AccountCache {
  /** Returns the account from memory, or through `read`; a failed read is not remembered. */
  get(accountId: string, read: (accountId: string) => Promise<DirectoryAccount>): Promise<DirectoryAccount>;
}

/**
 * Remembers accounts between the invocations of one execution environment: types and licenses change rarely, and
 * a suspended account must be noticed within minutes.
 *
 * @param now milliseconds since the epoch
 */
export function accountCache(now: () => number, lifetimeMilliseconds = 5 * 60_000): AccountCache {
  const entries = new Map<string, { account: DirectoryAccount; until: number }>();
  return {
    async get(accountId, read) {
      const entry = entries.get(accountId);
      if (entry !== undefined && now() < entry.until) return entry.account;
      const account = await read(accountId);
      // A suspended account is asked for again each time, so that work resumes as soon as it is active.
      if (account.active) entries.set(accountId, { account, until: now() + lifetimeMilliseconds });
      return account;
    },
  };
}

/** A scan of an account's directory, page by page. It can be continued where it ended. */
export interface Scan {
  /** By current address; of several users the one who counts (`userOfAddress`). */
  users: Map<string, DirectoryUser>;
  /** By external id, where the service has it. `shared`: several active users have it, and it tells nobody. */
  byExternalId: Map<string, DirectoryUser | "shared">;
  /** Addresses of several active users. */
  shared: Set<string>;
  pagesRead: number;
  /** Milliseconds since the epoch. */
  begunAt: number;
  /** Undefined before the first page, and after the last. */
  nextPageToken: string | undefined;
}

/** Adds a user that a page shows, unless it is a device. A user who is changed meanwhile may come in two pages. */
export function addToScan(scan: Scan, user: DirectoryUser): void {
  if (!isPerson(user)) return;
  const { users, shared, byExternalId } = scan;
  if (user.externalId !== undefined)
    byExternalId.set(user.externalId, ofOneId(user, byExternalId.get(user.externalId)));
  const other = users.get(user.email);
  if (other !== undefined && other.userId !== user.userId && isActive(other)) {
    if (isActive(user)) shared.add(user.email);
  } else if (other === undefined || other.userId === user.userId || isActive(user))
    users.set(user.email, user);
}

function ofOneId(user: DirectoryUser, other: DirectoryUser | "shared" | undefined): DirectoryUser | "shared" {
  if (other === "shared") return other;
  if (other === undefined || other.userId === user.userId || !isActive(other)) return user;
  return isActive(user) ? "shared" : other;
}

export interface ScanMemory {
  /** How many pages each account's directory is known to have, or at least to have. */
  pagesOfAccount: Map<string, number>;
  /** A new scan of the account takes the place of an earlier one. */
  begin(accountId: string): Scan;
  /** The account's latest scan, finished or not, if it was begun a moment ago. */
  recent(accountId: string): Scan | undefined;
  /** For a scan that cannot be trusted, or has grown too large to keep. */
  forget(accountId: string): void;
}

/**
 * Remembers the latest scan of each account between the invocations of one execution environment. Many leavers come in many
 * batches within seconds, and each batch would read the whole directory anew.
 *
 * @param now milliseconds since the epoch
 * @param lifetimeMilliseconds how long the users of a scan may be used; short, and they are used for their ids only; how
 * they were then is told to the journal
 */
export function scanMemory(now: () => number, lifetimeMilliseconds = 60_000): ScanMemory {
  const scans = new Map<string, { scan: Scan; until: number }>();
  return {
    pagesOfAccount: new Map(),
    begin(accountId) {
      const scan: Scan = {
        users: new Map(),
        byExternalId: new Map(),
        shared: new Set(),
        pagesRead: 0,
        begunAt: now(),
        nextPageToken: undefined,
      };
      scans.set(accountId, { scan, until: now() + lifetimeMilliseconds });
      return scan;
    },
    recent(accountId) {
      const entry = scans.get(accountId);
      if (entry === undefined || now() < entry.until) return entry?.scan;
      scans.delete(accountId);
      return undefined;
    },
    forget: (accountId) => {
      scans.delete(accountId);
    },
  };
}
