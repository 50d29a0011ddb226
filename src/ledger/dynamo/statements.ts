import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementError,
  type BatchStatementRequest,
  type BatchStatementResponse,
} from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { Item, LedgerTable } from "./ledgerTable.ts";

/** A conditional write of one item: no two statements of one call may be about the same item. */
export type Statement = Required<Pick<BatchStatementRequest, "Statement">> &
  Pick<BatchStatementRequest, "Parameters" | "ReturnValuesOnConditionCheckFailure">;

/** What came of one statement. */
export type StatementAnswer =
  | { kind: "written" }
  /** The item is not as the condition says; `item` if the statement asked for it and there is one. */
  | { kind: "refused"; item?: Item }
  /** Too many requests, or a conflict: it was not written, and may be tried again soon. */
  | { kind: "throttled"; error: unknown }
  /** Nobody knows whether it was written. */
  | { kind: "unknown"; error: unknown };

/** The most that DynamoDB takes in one request. */
const statementsPerRequest = 25;
const requestsAtOnce = 8;

/**
 * Executes conditional writes in batches: one answer for each, in their order. DynamoDB answers 200 whatever became of the
 * single statements, and refuses a request as a whole for one statement that it cannot read; such a request is split.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
export async function executeStatements(
  table: LedgerTable,
  statements: readonly Statement[],
): Promise<StatementAnswer[]> {
  const batches = inChunks(statements, statementsPerRequest);
  const answers = await pMap(batches, (batch) => executeBatch(table, batch), { concurrency: requestsAtOnce });
  return answers.flat();
}

export function inChunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

async function executeBatch(table: LedgerTable, batch: readonly Statement[]): Promise<StatementAnswer[]> {
  try {
    const { Responses = [] } = await table.dynamo.send(
      new BatchExecuteStatementCommand({ Statements: [...batch] }),
    );
    // What is missing counts as unknown.
    return batch.map((_, index) => toAnswer(Responses[index]));
  } catch (error) {
    if (isValidationError(error) && batch.length > 1) return executeHalves(table, batch);
    return batch.map(() => ({ kind: "unknown", error }));
  }
}

/** A request that is refused as a whole has written nothing: the statement that cannot be read is found by halving. */
async function executeHalves(table: LedgerTable, batch: readonly Statement[]): Promise<StatementAnswer[]> {
  const middle = Math.ceil(batch.length / 2);
  const first = await executeBatch(table, batch.slice(0, middle));
  return [...first, ...(await executeBatch(table, batch.slice(middle)))];
}

function isValidationError(error: unknown): boolean {
  return error instanceof Error && error.name === "ValidationException";
}

function toAnswer(response: BatchStatementResponse | undefined): StatementAnswer {
  if (response === undefined)
    return { kind: "unknown", error: new Error("DynamoDB's answer does not contain it") };
  return response.Error === undefined ? { kind: "written" } : toFailure(response.Error);
}

function toFailure({ Code, Message = "", Item }: BatchStatementError): StatementAnswer {
  switch (Code) {
    case "ConditionalCheckFailed":
    case "DuplicateItem":
      return { kind: "refused", ...(Item !== undefined && { item: Item }) };
    case "ThrottlingError":
    case "ProvisionedThroughputExceeded":
    case "RequestLimitExceeded":
    case "TransactionConflict":
      return { kind: "throttled", error: new StatementError(Code, Message) };
    default:
      return { kind: "unknown", error: new StatementError(Code ?? "NoCode", Message) };
  }
}

/** What DynamoDB says of one statement, named like the error of a request. */
class StatementError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** The write that makes `after` of `before`, if the item's guarded attributes are still those of `before`. */
export interface ConditionalWrite {
  key: Item;
  before: Item | undefined;
  after: Item;
  /** The names of attributes that must not have changed, those that are absent included. */
  guarded: readonly string[];
}

/** `undefined` if there is nothing to write. */
export function toStatement(tableName: string, write: ConditionalWrite): Statement | undefined {
  const { key, before, after, guarded } = write;
  const parameters: AttributeValue[] = [];
  let shape = "";
  const add = (part: string, value?: AttributeValue) => {
    shape += `\n${part}`;
    if (value !== undefined) parameters.push(value);
  };
  if (before === undefined) {
    for (const name in key) add(name, key[name]);
    for (const name in after) if (!(name in key)) add(name, after[name]);
    return { Statement: textOf(tableName, shape, toInsertText), Parameters: parameters };
  }
  for (const name in after)
    if (!(name in key || isSame(before[name], after[name]))) add(`=${name}`, after[name]);
  for (const name in before) if (!(name in key || name in after)) add(`-${name}`);
  if (shape === "") return undefined;
  add("WHERE");
  for (const name in key) add(`=${name}`, key[name]);
  for (const name of guarded) add(before[name] === undefined ? `-${name}` : `=${name}`, before[name]);
  return { Statement: textOf(tableName, shape, toUpdateText), Parameters: parameters };
}

/** The texts of statements, by table and shape. Shapes follow from the names of attributes, so there are some dozens. */
const texts = new Map<string, string>();

/** Statements of one shape share their text: otherwise a batch would keep thousands of them until all are answered. */
function textOf(
  tableName: string,
  shape: string,
  make: (tableName: string, parts: readonly string[]) => string,
): string {
  const name = `${tableName}${shape}`;
  const known = texts.get(name);
  if (known !== undefined) return known;
  const [, ...parts] = shape.split("\n");
  const text = make(tableName, parts);
  texts.set(name, text);
  return text;
}

function toInsertText(tableName: string, names: readonly string[]): string {
  return `INSERT INTO "${tableName}" VALUE {${names.map((name) => `'${name}': ?`).join(", ")}}`;
}

/** @param parts `=name` of what is set, and `-name` of what is removed; after WHERE, of what must be equal or missing */
function toUpdateText(tableName: string, parts: readonly string[]): string {
  const where = parts.indexOf("WHERE");
  const changes = parts
    .slice(0, where)
    .map((part) => (part.startsWith("=") ? ` SET "${part.slice(1)}" = ?` : ` REMOVE "${part.slice(1)}"`));
  const conditions = parts
    .slice(where + 1)
    .map((part) => (part.startsWith("=") ? `"${part.slice(1)}" = ?` : `"${part.slice(1)}" IS MISSING`));
  return `UPDATE "${tableName}"${changes.join("")} WHERE ${conditions.join(" AND ")}`;
}

function isSame(one: Item[string] | undefined, other: Item[string] | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.S !== undefined || one.N !== undefined) return one.S === other.S && one.N === other.N;
  return JSON.stringify(one) === JSON.stringify(other);
}
