import { type CallAnswer, type Directory, DirectoryError, notAppliedCode } from "./directory.ts";

/** A call that was made, with or without success. */
export interface WatchedCall {
  operation: string;
  accountId: string;
  /** How many users a batch call carried; absent for a look-up. */
  users?: number;
  /** The credentials, the permissions or the account itself were refused: every user would fail alike. */
  refused: boolean;
  /** How many changes the service said it had made, and had not; absent for none. */
  notApplied?: number;
}

/** Wraps a directory so that each of its calls is noted in `calls`. */
export function watchCalls(directory: Directory): { directory: Directory; calls: WatchedCall[] } {
  const calls: WatchedCall[] = [];
  async function watch<T>(
    call: Omit<WatchedCall, "refused">,
    answer: Promise<T>,
    seenIn: (value: T) => Pick<WatchedCall, "refused" | "notApplied"> = () => ({ refused: false }),
  ): Promise<T> {
    try {
      const value = await answer;
      calls.push({ ...call, ...seenIn(value) });
      return value;
    } catch (error) {
      // Any other error is a defect before the call.
      if (error instanceof DirectoryError)
        calls.push({ ...call, refused: error.failure.class === "configuration" });
      throw error;
    }
  }
  return {
    calls,
    directory: {
      getAccount: (accountId, budget) =>
        watch(
          { operation: "getAccount", accountId },
          directory.getAccount(accountId, budget),
          ({ active }) => ({ refused: !active }),
        ),
      listUsers: (accountId, pageToken, budget) =>
        watch({ operation: "listUsers", accountId }, directory.listUsers(accountId, pageToken, budget)),
      findUser: (accountId, who, budget) =>
        watch({ operation: "findUser", accountId }, directory.findUser(accountId, who, budget)),
      perform: (call, budget) =>
        watch(
          { operation: call.operation, accountId: call.accountId, users: call.entries.length },
          directory.perform(call, budget),
          seenInResults,
        ),
    },
  };
}

/** A service may also refuse user by user. */
function seenInResults({ results }: CallAnswer): Pick<WatchedCall, "refused" | "notApplied"> {
  const failures = [...results.values()].flatMap((result) =>
    result.kind === "failed" ? [result.failure] : [],
  );
  const notApplied = failures.filter(({ code }) => code === notAppliedCode).length;
  return {
    refused: failures.some((failure) => failure.class === "configuration"),
    ...(notApplied > 0 && { notApplied }),
  };
}
