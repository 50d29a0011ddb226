import { type Seed, seededFraction } from "../../chime/seededValues.ts";
import type { SqsFault, SqsFaults, SqsRequest } from "../../sqs/withFaults.ts";

const unavailable: SqsFault = { kind: "refuse", status: 503, code: "ServiceUnavailable" };

/** Requests that follow each other and are refused together: one more than the SDK tries. */
const requestsOfASpell = 4;

/** Refused calls, refused entries and lost answers at SQS, by queue, operation and number. */
export function sqsFaults(seed: Seed): SqsFaults {
  return (request) => sqsFault(seed, request);
}

export function sqsFault(seed: Seed, request: SqsRequest): SqsFault | undefined {
  const { operation, queue, index, entries } = request;
  if (isOfTheRun(operation, queue)) return undefined;
  const label = `sqs ${operation} ${queue}`;
  const spell = Math.floor(index / requestsOfASpell);
  const { spells, parts } = sharesOf(request);
  if (seededFraction(seed, `${label} spell ${spell}`) < spells) return unavailable;
  const draw = seededFraction(seed, `${label} ${index}`);
  if (draw < 0.003) return unavailable;
  if (draw < 0.006) return { kind: "loseAnswer" };
  const [first, ...others] = entries;
  if (first === undefined || draw >= 0.006 + parts) return undefined;
  // Now the first alone, now all of them.
  const ids = [first, ...(draw < 0.006 + parts / 2 ? others : [])].map(({ Id }) => Id);
  return { kind: "refuseEntries", ids, code: "InternalError" };
}

/**
 * How often requests are refused in spells that outlast the SDK's own tries, and how often entries of a request are. The
 * way back of a message, into the dead-letter queue or behind its back-off, is rarely gone, so it is barred often. The way
 * into a queue is the event bus's as well, whose emulator gives up sooner than AWS does.
 */
function sharesOf({ operation, queue }: SqsRequest): { spells: number; parts: number } {
  if (operation === "ChangeMessageVisibilityBatch") return { spells: 0.1, parts: 0.08 };
  if (operation !== "SendMessageBatch") return { spells: 0, parts: 0.004 };
  return isDeadLetterQueue(queue) ? { spells: 0.15, parts: 0.1 } : { spells: 0.01, parts: 0.01 };
}

/** A run looks at the queues and reads the dead letters itself. */
function isOfTheRun(operation: string, queue: string): boolean {
  const isRead = operation === "ReceiveMessage" && isDeadLetterQueue(queue);
  return operation.startsWith("GetQueue") || operation === "CreateQueue" || isRead;
}

function isDeadLetterQueue(queue: string): boolean {
  return queue.endsWith("-dlq");
}
