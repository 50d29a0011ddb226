import type { OperationName } from "./operationTable.ts";
import type { ReceivedCall } from "./receivedCall.ts";
import type { UserError } from "./vocabulary.ts";

/** A call that is over. */
export interface LoggedCall extends ReceivedCall {
  requestId: string;
  /** What was answered; absent where the connection was broken instead. */
  status?: number;
  errorType?: string;
  /** As answered, the scripted ones included. */
  userErrors: readonly UserError[];
  /** The addresses that were mailed an invitation, whether or not the answer arrived. */
  mailedTo: readonly string[];
  /** The operation ran. A lost answer does not undo it. */
  tookEffect: boolean;
  /** The caller was still there to hear the answer. */
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
  // Calls end in another order than they came in, and a reader wants the order they came in.
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
