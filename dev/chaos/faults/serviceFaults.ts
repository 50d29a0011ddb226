import type { DynamoFault, DynamoFaults, StatementFailure } from "@rollcall/aws-local/dynamoFaults";
import type { BusFaults } from "@rollcall/aws-local/eventModel";
import type { SqsFault, SqsFaults, SqsRequest } from "@rollcall/aws-local/sqsFaults";
import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";
import { eventIdOf } from "../drawDecisions.ts";

/**
 * The faults between HR and the queues. PutEvents refuses events, or accepts them and loses the response, so that they are
 * sent again. One delivery in twenty comes twice, and one in three late.
 */
export function chaoticBus(seed: Seed): BusFaults {
  const delivered = new Map<string, number>();
  return {
    call: ({ index }) => putFault(seed, index),
    entry: ({ index }) =>
      seededFraction(seed, `entry ${index}`) < 0.005 ? { code: "ThrottlingException" } : undefined,
    delivery: ({ event }) => {
      const id = eventIdOf(event.detail) ?? "";
      const nth = (delivered.get(id) ?? 0) + 1;
      delivered.set(id, nth);
      return deliveryFault(seed, id, nth);
    },
  };
}

/** Returns the fault of a PutEvents call, counted from 0. */
export function putFault(seed: Seed, index: number) {
  const draw = seededFraction(seed, `put ${index}`);
  if (draw < 0.01) return { kind: "refuse", status: 500, code: "InternalFailure" } as const;
  return draw < 0.02 ? ({ kind: "loseAnswer" } as const) : undefined;
}

const longestDelayMilliseconds = 20_000;

/** The copies and the delay of the `nth` delivery of an event, from 1. */
export function deliveryFault(seed: Seed, eventId: string, nth: number) {
  const label = `${eventId} ${nth}`;
  const isLate = seededFraction(seed, `late ${label}`) < 0.33;
  const delay = seededFraction(seed, `delay ${label}`) * longestDelayMilliseconds;
  return {
    copies: seededFraction(seed, `copy ${label}`) < 0.05 ? 2 : 1,
    ...(isLate && { delayMilliseconds: Math.floor(delay) }),
  };
}

const unavailable: SqsFault = { kind: "refuse", status: 503, code: "ServiceUnavailable" };

/** The length of an outage in requests: one more than the SDK tries. */
const sqsRequestsPerOutage = 4;

/** The faults of SQS: refused calls, refused entries and lost responses, by queue, operation and number. */
export function chaoticSqs(seed: Seed): SqsFaults {
  return (request) => sqsFault(seed, request);
}

export function sqsFault(seed: Seed, request: SqsRequest): SqsFault | undefined {
  const { operation, queue, index, entries } = request;
  if (isByTheRun(operation, queue)) return undefined;
  const label = `sqs ${operation} ${queue}`;
  const outage = Math.floor(index / sqsRequestsPerOutage);
  const { outages, partial } = sharesOf(request);
  if (seededFraction(seed, `${label} spell ${outage}`) < outages) return unavailable;
  const draw = seededFraction(seed, `${label} ${index}`);
  if (draw < 0.003) return unavailable;
  if (draw < 0.006) return { kind: "loseAnswer" };
  const [first, ...others] = entries;
  if (first === undefined || draw >= 0.006 + partial) return undefined;
  // Half of the time the first entry alone, else all of them.
  const ids = [first, ...(draw < 0.006 + partial / 2 ? others : [])].map(({ Id }) => Id);
  return { kind: "refuseEntries", ids, code: "InternalError" };
}

/**
 * The shares of requests in outages that outlast the SDK's retries, and of requests that are refused in part. Few messages are
 * dead-lettered or retried, so requests for them fail often. Sending to a queue fails rarely, because the event bus does it
 * too, and its emulator gives up earlier than AWS.
 */
function sharesOf({ operation, queue }: SqsRequest): { outages: number; partial: number } {
  if (operation === "ChangeMessageVisibilityBatch") return { outages: 0.1, partial: 0.08 };
  if (operation !== "SendMessageBatch") return { outages: 0, partial: 0.004 };
  return isDeadLetterQueue(queue) ? { outages: 0.15, partial: 0.1 } : { outages: 0.01, partial: 0.01 };
}

/** Requests by which the run itself inspects the queues and reads the dead letters. They never fail. */
function isByTheRun(operation: string, queue: string): boolean {
  const isRead = operation === "ReceiveMessage" && isDeadLetterQueue(queue);
  return operation.startsWith("GetQueue") || operation === "CreateQueue" || isRead;
}

function isDeadLetterQueue(queue: string): boolean {
  return queue.endsWith("-dlq");
}

const throttle: DynamoFault = {
  kind: "refuse",
  status: 400,
  code: "ProvisionedThroughputExceededException",
};
const failure: DynamoFault = { kind: "refuse", status: 500, code: "InternalServerError" };
const lostAnswer: DynamoFault = { kind: "loseAnswer" };

/** The length of an outage in requests. Only an outage outlasts the SDK's retries, those of a batch's concurrent requests too. */
const dynamoRequestsPerOutage = 40;

export interface DynamoDisturbance {
  plan: DynamoFaults;
  /** The requests with a fault, by its name. */
  injected: () => Record<string, number>;
}

/**
 * The faults of DynamoDB: whole requests that are throttled, fail or lose their answer, and single statements and items of
 * batches, by the number of the request. The run's own scans never fail.
 */
export function chaoticDynamo(seed: Seed): DynamoDisturbance {
  const counts: Record<string, number> = {};
  return {
    plan: ({ index, operation }) => {
      const fault = operation === "Scan" ? undefined : dynamoFault(seed, { index, operation });
      if (fault !== undefined) counts[nameOf(fault)] = (counts[nameOf(fault)] ?? 0) + 1;
      return fault;
    },
    injected: () => ({ ...counts }),
  };
}

/** What the report calls a fault of DynamoDB. */
export function nameOf(fault: DynamoFault): string {
  switch (fault.kind) {
    case "refuse":
      return fault.code;
    case "loseAnswer":
      return "answerLost";
    case "delay":
      return "delayed";
    case "leaveUnprocessed":
      return "unprocessed";
    case "failStatements": {
      // All statements of a request fail alike.
      const [first] = fault.statements;
      return `statements: ${first?.code}${first?.takesEffect ? " after its effect" : ""}`;
    }
  }
}

/** The fault of the request with this number, from 0. */
export function dynamoFault(
  seed: Seed,
  { index, operation }: { index: number; operation: string },
): DynamoFault | undefined {
  const isOutage = seededFraction(seed, `spell ${Math.floor(index / dynamoRequestsPerOutage)}`) < 0.02;
  const scale = isOutage ? 0.07 : 1;
  const draw = seededFraction(seed, `dynamo ${index}`) * scale;
  if (draw < 0.01) return isOutage || draw < 0.005 ? throttle : failure;
  if (draw < 0.015) return lostAnswer;
  if (isOutage && draw < 0.05) return failure;
  // There are few requests with batches, and many people in each.
  if (seededFraction(seed, `inside ${index}`) >= 0.12) return undefined;
  if (operation === "BatchExecuteStatement")
    return { kind: "failStatements", statements: failures(seed, index) };
  const isBatchOfItems = operation === "BatchGetItem" || operation === "BatchWriteItem";
  return isBatchOfItems
    ? { kind: "leaveUnprocessed", indexes: places(seed, index, itemsPerRequest) }
    : undefined;
}

/** The most that DynamoDB takes in one request. */
const statementsPerRequest = 25;
const itemsPerRequest = 100;

type Failure = Omit<StatementFailure, "index">;

/** `InternalServerError` leaves open whether a statement took effect. A condition fails although nobody changed the item. */
const statementFailures: readonly Failure[] = [
  { code: "ThrottlingError" },
  { code: "ProvisionedThroughputExceeded" },
  { code: "TransactionConflict" },
  { code: "ConditionalCheckFailed" },
  { code: "ConditionalCheckFailed", takesEffect: true },
  { code: "InternalServerError" },
  { code: "InternalServerError", takesEffect: true },
];

function failures(seed: Seed, index: number): StatementFailure[] {
  const draw = seededFraction(seed, `failure ${index}`);
  const failure = statementFailures[Math.floor(draw * statementFailures.length)];
  if (failure === undefined) throw new Error(`expected a fraction below 1, but got ${draw}`);
  return places(seed, index, statementsPerRequest).map((place) => ({ ...failure, index: place }));
}

/** The places that are struck: the first, so that something is, and of the others few, half or all. */
function places(seed: Seed, index: number, most: number): number[] {
  const draw = seededFraction(seed, `share ${index}`);
  const share = draw < 0.4 ? 0.1 : draw < 0.8 ? 0.5 : 1;
  return Array.from({ length: most }, (_, place) => place).filter(
    (place) => place === 0 || seededFraction(seed, `place ${index} ${place}`) < share,
  );
}
