import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** How far DynamoDB's clock and that of a function may be apart. */
const marginMilliseconds = 5_000;

/**
 * A clock that follows DynamoDB's: the `Date` of its last answer to the client, in milliseconds since the epoch. An operator's own
 * clock may be an hour off, and what is decided about leases must not depend on it. It is some seconds slow, so that it is never
 * ahead of a function's clock. Throws before the first answer.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export function serverClock(dynamo: DynamoDBClient): () => number {
  /** DynamoDB's time, and ours on a clock that nobody sets. */
  let last: { date: number; at: number } | undefined;
  // A refused condition is an answer too, so this stands nearer to the network than the middleware that throws.
  dynamo.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const date = Date.parse(dateOf(result.response));
      if (!Number.isNaN(date)) last = { date, at: performance.now() };
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  return () => {
    if (last === undefined)
      throw new Error(
        "expected an answer of DynamoDB with a Date before its time is asked for; there was none yet",
      );
    return Math.floor(last.date + (performance.now() - last.at)) - marginMilliseconds;
  };
}

function dateOf(response: unknown): string {
  if (typeof response !== "object" || response === null || !("headers" in response)) return "";
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return "";
  return String(headers.date);
}
