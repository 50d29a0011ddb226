import type { DirectoryAccount } from "./directory.ts";

export interface AccountCache {
  /** The account from memory, or through `read`; a failed read is not remembered. */
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
