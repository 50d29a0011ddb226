import type { UserError } from "./chimeApi.ts";
import type { OperationName } from "./operationTable.ts";

/** A call that has ended, with what was answered. */
export interface LoggedCall extends ReceivedCall {
  requestId: string;
  /** The HTTP status; absent if the connection was reset instead. */
  status?: number;
  errorType?: string;
  /** The user errors that were answered, scripted ones included. */
  userErrors: readonly UserError[];
  /** The addresses that were mailed an invitation, even if the answer was lost. */
  mailedTo: readonly string[];
  /** Whether the operation took effect. A lost answer does not undo it. */
  tookEffect: boolean;
  /** Whether the caller was still connected when the answer was sent. */
  answered: boolean;
}

/** An invitation mail, as a person would find it in the inbox. */
interface Mail {
  accountId: string;
  email: string;
  at: number;
  sequence: number;
}

/** Every call that reached the simulator, in the order of arrival, refused and lost ones included. */
export interface CallLog {
  list(operation?: LoggedCall["operation"]): LoggedCall[];
  /** The ids or addresses of each call of an operation: `[["u1", "u2"], ["u3"]]`. */
  carried(operation: OperationName): string[][];
  /** Calls and users, by operation; an operation that was not called is absent. */
  summary(): Partial<Record<LoggedCall["operation"], { calls: number; users: number }>>;
  mails(): Mail[];
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
      summary: () => summarize(list()),
      mails: () => list().flatMap(toMails),
      reset: () => {
        entries = [];
      },
    },
  };
}

function summarize(calls: readonly LoggedCall[]): ReturnType<CallLog["summary"]> {
  const summary: ReturnType<CallLog["summary"]> = {};
  for (const { operation, users } of calls) {
    const sofar = summary[operation] ?? { calls: 0, users: 0 };
    summary[operation] = { calls: sofar.calls + 1, users: sofar.users + users.length };
  }
  return summary;
}

function toMails({ accountId = "", at, sequence, mailedTo }: LoggedCall): Mail[] {
  return mailedTo.map((email) => ({ accountId, email, at, sequence }));
}

/** A call as it arrived. Fault plans decide by it, and a log entry begins with it. */
export interface ReceivedCall {
  /** Counts from 1, in the order of arrival, over the simulator's lifetime. */
  sequence: number;
  /** Milliseconds of the simulator's clock. */
  at: number;
  /** `Unknown` for a request that is none of the sixteen operations. */
  operation: OperationName | "Unknown";
  accountId?: string;
  /** The users that the call is to act on. A list's filter is not among them: see `query`. */
  users: readonly CarriedUser[];
  /** The query as it came, such as `{"max-results": "200"}`. */
  query: Readonly<Record<string, string>>;
  /** The parsed body; `undefined` if there was none or if it was not JSON. */
  body: unknown;
  /** The id that the SDK sends; it stays the same over the SDK's own retries. */
  invocationId?: string;
  /** The number of the SDK's attempt, from 1, and how many attempts the SDK makes at most. */
  attempt?: number;
  maximumAttempts?: number;
}

/** A user that a call carries: the id or address in the call, and the user's own if the account knows them. */
export interface CarriedUser {
  sent: string;
  id?: string;
  email?: string;
}

/**
 * Lists the ids and addresses in a request, in its order. A malformed request is logged too, so the body may have any
 * shape.
 */
export function sentUsers(userId: string | undefined, body: unknown): string[] {
  const fields = isObject(body) ? body : {};
  const updates = listOf(fields.UpdateUserRequestItems).map((item) =>
    isObject(item) ? item.UserId : undefined,
  );
  return [userId, ...listOf(fields.UserIdList), ...listOf(fields.UserEmailList), ...updates].filter(
    (value) => typeof value === "string",
  );
}

/** Reads the SDK's retry counter, such as `attempt=1; max=3`. */
export function readAttempt(header: string | undefined): { attempt?: number; maximumAttempts?: number } {
  const attempt = /\battempt=(\d+)/.exec(header ?? "")?.[1];
  const maximum = /\bmax=(\d+)/.exec(header ?? "")?.[1];
  return {
    ...(attempt === undefined ? {} : { attempt: Number(attempt) }),
    ...(maximum === undefined ? {} : { maximumAttempts: Number(maximum) }),
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
