import { type Seed, seededFraction } from "../../chime/seededValues.ts";
import type { SqsFault, SqsFaults, SqsRequest } from "../../sqs/withFaults.ts";

/** Refused calls, refused entries and lost answers at SQS, by queue, operation and number. */
export function sqsFaults(seed: Seed): SqsFaults {
  return (request) => sqsFault(seed, request);
}

export function sqsFault(seed: Seed, { operation, queue, index, entries }: SqsRequest): SqsFault | undefined {
  if (isOfTheRun(operation, queue)) return undefined;
  const draw = seededFraction(seed, `sqs ${operation} ${queue} ${index}`);
  if (draw < 0.003) return { kind: "refuse", status: 503, code: "ServiceUnavailable" };
  if (draw < 0.006) return { kind: "loseAnswer" };
  const [first] = entries;
  if (first === undefined || draw >= 0.01) return undefined;
  return { kind: "refuseEntries", ids: [first.Id], code: "InternalError" };
}

/** A run looks at the queues and reads the dead letters itself. */
function isOfTheRun(operation: string, queue: string): boolean {
  return operation.startsWith("GetQueue") || operation === "CreateQueue" || isRead(operation, queue);
}

function isRead(operation: string, queue: string): boolean {
  return operation === "ReceiveMessage" && queue.endsWith("-dlq");
}
