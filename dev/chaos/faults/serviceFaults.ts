import type { BusFaults } from "@rollcall/aws-local/eventModel";
import type { SqsFault, SqsFaults, SqsRequest } from "@rollcall/aws-local/sqsFaults";
import type { DynamoFault, DynamoFaults } from "@rollcall/aws-local/startDynamo";
import { type Seed, seededFraction } from "@rollcall/chime-simulator/seededValues";
import { eventIdOf } from "../drawDecisions.ts";

const longestDelayMilliseconds = 20_000;

/**
 * The faults between HR and the queues. PutEvents refuses events, or accepts them and loses its answer so that they
 * are sent again. One delivery in twenty is doubled, one in three is late.
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

/** Returns how the `nth` delivery of an event goes, from 1. */
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

/** The number of consecutive requests that are refused together: one more than the SDK attempts. */
const sqsRequestsOfASpell = 4;

/** The faults of SQS: refused calls, refused entries and lost answers, by queue, operation and number. */
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
  // Either the first entry alone is refused, or all of them.
  const ids = [first, ...(draw < 0.006 + parts / 2 ? others : [])].map(({ Id }) => Id);
  return { kind: "refuseEntries", ids, code: "InternalError" };
}

/**
 * How often requests are refused in spells that outlast the SDK's attempts, and how often single entries are.
 * Messages rarely go to the dead-letter queue or into back-off, so those requests fail often. The event bus writes
 * into the queues too, and its emulator gives up sooner than AWS does.
 */
function sharesOf({ operation, queue }: SqsRequest): { spells: number; parts: number } {
  if (operation === "ChangeMessageVisibilityBatch") return { spells: 0.1, parts: 0.08 };
  if (operation !== "SendMessageBatch") return { spells: 0, parts: 0.004 };
  return isDeadLetterQueue(queue) ? { spells: 0.15, parts: 0.1 } : { spells: 0.01, parts: 0.01 };
}

/** Says whether the run itself makes the request: it inspects queues and reads dead letters. */
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

/** The number of consecutive requests that fail together: only a spell outlasts the SDK's attempts. */
const dynamoRequestsOfASpell = 80;

/**
 * The faults of the ledger's table: throttling, failures and lost answers, by the number of the request. The run's
 * own scans never fail.
 */
export function chaoticDynamo(seed: Seed): DynamoFaults {
  return ({ index, operation }) => (operation === "Scan" ? undefined : dynamoFault(seed, index));
}

/** Returns the fault of the request with that number, from 0. */
export function dynamoFault(seed: Seed, index: number): DynamoFault | undefined {
  const isBadSpell = seededFraction(seed, `spell ${Math.floor(index / dynamoRequestsOfASpell)}`) < 0.02;
  const scale = isBadSpell ? 0.07 : 1;
  const draw = seededFraction(seed, `dynamo ${index}`) * scale;
  if (draw < 0.01) return isBadSpell || draw < 0.005 ? throttle : failure;
  if (draw < 0.015) return lostAnswer;
  return isBadSpell && draw < 0.05 ? failure : undefined;
}
