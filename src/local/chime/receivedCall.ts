import type { OperationName } from "./operationTable.ts";

/** A call as it arrived, before anything came of it: what a fault plan decides by and what the log begins with. */
export interface ReceivedCall {
  /** From 1, in the order of arrival over the simulator's whole life. */
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
  /** Constant over the SDK's own retries. */
  invocationId?: string;
  /** From 1: the attempt of the SDK, and how many it allows itself. */
  attempt?: number;
  maximumAttempts?: number;
}

/** A user of a call: as the call names them, and who that is if the account knows. */
export interface CarriedUser {
  sent: string;
  id?: string;
  email?: string;
}

/**
 * The ids and addresses in a request, in its order. Reads with suspicion: a malformed request is logged too,
 * and what it carries may have any shape.
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

/** The SDK's retry counter: `attempt=1; max=3`. */
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
