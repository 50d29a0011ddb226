import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Milliseconds since the epoch: DynamoDB's time at its last answer, and what has passed here since then. */
interface Heard {
  date: number;
  at: number;
}

/** How far DynamoDB's clock and that of a function may be apart. */
const marginMilliseconds = 5_000;

const heardBy = new WeakMap<DynamoDBClient, { last: Heard | undefined }>();

/**
 * A clock that follows DynamoDB's: the `Date` of its last answer to the client. An operator's own clock may be an hour off, and
 * what is decided about leases must not depend on it. It is some seconds slow, so that it is never ahead of a function's clock.
 * Throws before the first answer.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export function serverClock(dynamo: DynamoDBClient): () => number {
  const known = heardBy.get(dynamo);
  const heard = known ?? { last: undefined };
  if (known === undefined) {
    heardBy.set(dynamo, heard);
    listen(dynamo, heard);
  }
  return () => {
    if (heard.last === undefined)
      throw new Error("expected an answer of DynamoDB before its time is asked for; there was none yet");
    return Math.floor(heard.last.date + (performance.now() - heard.last.at)) - marginMilliseconds;
  };
}

/** The refusal of a condition is an answer too, so the middleware stands nearer to the network than the one that throws. */
function listen(dynamo: DynamoDBClient, heard: { last: Heard | undefined }): void {
  dynamo.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const date = Date.parse(dateOf(result.response));
      if (!Number.isNaN(date)) heard.last = { date, at: performance.now() };
      return result;
    },
    { step: "deserialize", priority: "low", name: "rollcallServerClock", override: true },
  );
}

function dateOf(response: unknown): string {
  if (typeof response !== "object" || response === null || !("headers" in response)) return "";
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return "";
  return String(headers.date);
}
