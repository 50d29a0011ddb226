/** What a request asks for. `unknown`: there is no such route. */
export type OperationName =
  | "discover"
  | "list"
  | "read"
  | "create"
  | "replace"
  | "patch"
  | "delete"
  | "bulk"
  | "token"
  | "unknown";

/** A call as it arrived. Fault plans decide by it, and a log entry begins with it. */
export interface ReceivedCall {
  /** Counts from 1, in the order of arrival, over the simulator's lifetime. */
  sequence: number;
  /** Milliseconds of the simulator's clock. */
  at: number;
  operation: OperationName;
  /** The tenant's base path; absent for a request that is under none. */
  tenant?: string;
  method: string;
  /** The path below the base path, still percent-encoded. */
  path: string;
  /** The query, decoded. */
  query: Readonly<Record<string, string>>;
  /** The users that the call is to act on, in the order of a bulk's operations. */
  users: readonly CarriedUser[];
  /** The parsed body; `undefined` if there was none or if it was not JSON. */
  body: unknown;
  /** The headers but `Authorization`: a token is in no log. */
  headers: Readonly<Record<string, string>>;
  /** Whether the call carried the tenant's token. */
  authorized: boolean;
  /** Sent with the answer as `X-Request-Id`. */
  requestId: string;
}

/** A user that a call carries: the id, or the user name of somebody new. */
export interface CarriedUser {
  sent: string;
  method: string;
  /** The id and the user name, if the tenant knows the user. */
  id?: string;
  userName?: string;
}

/** A call that has ended, with what was answered. */
export interface LoggedCall extends ReceivedCall {
  /** The HTTP status; absent if the connection was reset instead. */
  status?: number;
  /** The results of a bulk's operations. */
  results: readonly { sent: string; status: number }[];
  /** Whether the call changed a user. A lost answer does not undo it. */
  tookEffect: boolean;
  /** Whether the caller was still connected when the answer was sent. */
  answered: boolean;
}

/** Every call that reached the simulator, in the order of arrival, refused and lost ones included. */
export interface CallLog {
  list(operation?: OperationName): LoggedCall[];
  /** The ids or user names of each call of an operation: `[["u1", "u2"], ["u3"]]`. */
  carried(operation: OperationName): string[][];
  /** How many calls there were, by operation; an operation that was not called is absent. */
  counts(): Partial<Record<OperationName, number>>;
  /** Forgets the entries. Sequence numbers go on, because fault plans count by them. */
  reset(): void;
}

export function createCallLog(): { log: CallLog; record: (call: LoggedCall) => void } {
  let entries: LoggedCall[] = [];
  // Calls do not end in the order in which they arrived, and a reader expects the order of arrival.
  const list: CallLog["list"] = (operation) =>
    entries
      .filter((call) => operation === undefined || call.operation === operation)
      .sort((one, other) => one.sequence - other.sequence);
  return {
    record: (call) => {
      entries.push(call);
    },
    log: {
      list,
      carried: (operation) => list(operation).map(({ users }) => users.map(({ sent }) => sent)),
      counts: () => {
        const counts: Partial<Record<OperationName, number>> = {};
        for (const { operation } of list()) counts[operation] = (counts[operation] ?? 0) + 1;
        return counts;
      },
      reset: () => {
        entries = [];
      },
    },
  };
}
