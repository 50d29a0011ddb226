import * as z from "zod";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { DynamoAnswer, DynamoCall } from "./dynaliteCall.ts";

/** What goes wrong with one request. */
export type DynamoFault =
  /** It is refused before it takes effect. */
  | {
      kind: "refuse";
      status: 400 | 500;
      code: "ProvisionedThroughputExceededException" | "InternalServerError" | "AccessDeniedException";
    }
  /** It takes effect, and its answer is lost. */
  | { kind: "loseAnswer" }
  /** It is begun so much later, as one that travels through a network is. */
  | { kind: "delay"; milliseconds: number }
  /** Some statements of a BatchExecuteStatement fail, and the others are carried out. */
  | { kind: "failStatements"; statements: readonly StatementFailure[] }
  /** Some items of a BatchGetItem or BatchWriteItem are left for another request, by their place in this one, from 0. */
  | { kind: "leaveUnprocessed"; indexes: readonly number[] };

/** A failure of the statement at a place in the request, from 0. A place beyond the last statement changes nothing. */
export interface StatementFailure {
  index: number;
  code:
    | "ConditionalCheckFailed"
    | "InternalServerError"
    | "ProvisionedThroughputExceeded"
    | "ThrottlingError"
    | "TransactionConflict";
  /** The statement is carried out all the same, and only then reported as failed. */
  takesEffect?: true;
}

/** Chooses the fault of the n-th request, from 0. */
export type DynamoFaults = (request: { index: number; operation: string }) => DynamoFault | undefined;

const writes = z.record(z.string(), z.array(z.unknown()));
const reads = z.record(z.string(), z.looseObject({ Keys: z.array(z.unknown()) }));

/**
 * Carries out a BatchGetItem or BatchWriteItem without the items at these places, and answers that they are unprocessed.
 * Places count through the tables in the order in which the request names them.
 */
export async function leaveUnprocessed(
  call: DynamoCall,
  operation: string,
  input: JsonObject,
  indexes: readonly number[],
): Promise<DynamoAnswer> {
  const isRead = operation === "BatchGetItem";
  const { taken, left } = isRead
    ? splitReads(reads.parse(input.RequestItems), indexes)
    : splitItems(writes.parse(input.RequestItems), indexes);
  const nothing: DynamoAnswer = { status: 200, body: isRead ? { Responses: {} } : {} };
  const isEmpty = Object.keys(taken).length === 0;
  const { status, body } = isEmpty ? nothing : await call(operation, { ...input, RequestItems: taken });
  const name = isRead ? "UnprocessedKeys" : "UnprocessedItems";
  const before = isJsonObject(body[name]) ? body[name] : {};
  return { status, body: status === 200 ? { ...body, [name]: { ...before, ...left } } : body };
}

/** As `splitItems`, with the rest of each table's request on both sides. */
function splitReads(requests: z.output<typeof reads>, indexes: readonly number[]) {
  const keys = Object.fromEntries(Object.entries(requests).map(([table, { Keys }]) => [table, Keys]));
  const { taken, left } = splitItems(keys, indexes);
  const withRest = (side: Record<string, unknown[]>) =>
    Object.fromEntries(Object.entries(side).map(([table, Keys]) => [table, { ...requests[table], Keys }]));
  return { taken: withRest(taken), left: withRest(left) };
}

/** A table without items is on neither side: DynamoDB takes none. */
function splitItems(items: Record<string, unknown[]>, indexes: readonly number[]) {
  const taken: Record<string, unknown[]> = {};
  const left: Record<string, unknown[]> = {};
  let index = 0;
  for (const [table, ofTable] of Object.entries(items)) {
    for (const item of ofTable) {
      const side = indexes.includes(index++) ? left : taken;
      side[table] = [...(side[table] ?? []), item];
    }
  }
  return { taken, left };
}
