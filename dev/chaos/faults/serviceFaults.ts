import type { BusFaults } from "@rollcall/aws-local/eventModel";
import type { SqsFault, SqsFaults, SqsRequest } from "@rollcall/aws-local/sqsFaults";
import type { DynamoFault, DynamoFaults } from "@rollcall/aws-local/startDynamo";
import { type Seed, seededFraction } from "@rollcall/chime-simulator/seededValues";
import { eventIdOf } from "../drawDecisions.ts";

const longestDelayMilliseconds = 20_000;

/**
 * What goes wrong between HR and the queues: PutEvents refuses, or takes the events and loses its answer so that they
 * are sent again; one delivery in twenty comes twice, one in three late.
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

/** The fault of a PutEvents call, counted from 0. */
export function putFault(seed: Seed, index: number) {
  const draw = seededFraction(seed, `put ${index}`);
  if (draw < 0.01) return { kind: "refuse", status: 500, code: "InternalFailure" } as const;
  return draw < 0.02 ? ({ kind: "loseAnswer" } as const) : undefined;
}

/** How the `nth` delivery of an event goes, from 1. */
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

/** Requests that follow each other and are refused together: one more than the SDK tries. */
const sqsRequestsOfASpell = 4;

/** Refused calls, refused entries and lost answers at SQS, by queue, operation and number. */
export function chaoticSqs(seed: Seed): SqsFaults {
  return (request) => sqsFault(seed, request);
}

export function sqsFault(seed: Seed, request: SqsRequest): SqsFault | undefined {
  const { operation, queue, index, entries } = request;
  if (isOfTheRun(operation, queue)) return undefined;
  const label = `sqs ${operation} ${queue}`;
  const spell = Math.floor(index / sqsRequestsOfASpell);
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

const throttle: DynamoFault = {
  kind: "refuse",
  status: 400,
  code: "ProvisionedThroughputExceededException",
};
const failure: DynamoFault = { kind: "refuse", status: 500, code: "InternalServerError" };
const lostAnswer: DynamoFault = { kind: "loseAnswer" };

/** Requests that follow each other and fail together: only a spell outlasts the SDK's own tries. */
const dynamoRequestsOfASpell = 80;

/** Throttles, failures and lost answers at the ledger, by the number of the request. A run's own look at it is spared. */
export function chaoticDynamo(seed: Seed): DynamoFaults {
  return ({ index, operation }) => (operation === "Scan" ? undefined : dynamoFault(seed, index));
}

/** The fault of the request with that number, from 0. */
export function dynamoFault(seed: Seed, index: number): DynamoFault | undefined {
  const isBadSpell = seededFraction(seed, `spell ${Math.floor(index / dynamoRequestsOfASpell)}`) < 0.02;
  const scale = isBadSpell ? 0.07 : 1;
  const draw = seededFraction(seed, `dynamo ${index}`) * scale;
  if (draw < 0.01) return isBadSpell || draw < 0.005 ? throttle : failure;
  if (draw < 0.015) return lostAnswer;
  return isBadSpell && draw < 0.05 ? failure : undefined;
}
