import * as z from "zod";
import type { JsonObject } from "../json.ts";
import type { DynamoAnswer, DynamoCall } from "./dynaliteCall.ts";
import type { StatementFailure } from "./dynamoFaults.ts";
import { type PartiqlStatement, parseStatement, UnsupportedStatementError } from "./partiqlStatement.ts";
import { attributeValue, type Item, type KeySchema, type StatementWrite, toWrite } from "./statementWrite.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html */
const requestSchema = z.object({
  Statements: z
    .array(
      z.object({
        Statement: z.string().min(1).max(8192),
        Parameters: z.array(attributeValue).optional(),
        ReturnValuesOnConditionCheckFailure: z.enum(["ALL_OLD", "NONE"]).optional(),
      }),
    )
    .min(1)
    .max(25),
  ReturnConsumedCapacity: z.enum(["INDEXES", "TOTAL", "NONE"]).optional(),
});

type StatementInput = z.output<typeof requestSchema>["Statements"][number];

/** What a statement comes to, with the units that dynalite counted. It counts none for a write that it refuses. */
interface StatementResult {
  response: { TableName?: string; Error?: { Code: string; Message: string; Item?: JsonObject } };
  capacity?: unknown;
}

/**
 * Carries out the single-item writes of a batch, each by itself and all at once. A request is refused as a whole, before any of
 * it takes effect, if it breaks a limit, holds an item twice, or has a statement that the emulator does not support.
 *
 * @param failures the statements that fail because a fault plan says so
 */
export async function batchExecuteStatement(
  call: DynamoCall,
  input: unknown,
  failures: readonly StatementFailure[],
): Promise<DynamoAnswer> {
  const request = requestSchema.safeParse(input);
  if (!request.success) return refused(z.prettifyError(request.error));
  const { Statements, ReturnConsumedCapacity = "NONE" } = request.data;
  let parsed: ParsedStatement[];
  try {
    parsed = Statements.map((statement) => ({ ...parseStatement(statement.Statement), input: statement }));
  } catch (error) {
    if (error instanceof UnsupportedStatementError) return refused(error.message);
    throw error;
  }
  const schemas = await describeKeys(call, parsed);
  const prepared = parsed.map((statement) => prepare(statement, schemas));
  if (hasItemTwice(prepared)) return refused("Provided list of item keys contains duplicates");

  const results = await Promise.all(
    prepared.map(async (one, index): Promise<StatementResult> => {
      if (!("operation" in one)) return one;
      const write = { ...one, input: { ...one.input, ReturnConsumedCapacity } };
      const failure = failures.find((each) => each.index === index);
      return failure === undefined ? execute(call, write) : failExecution(call, write, failure);
    }),
  );
  const ConsumedCapacity = results.flatMap(({ capacity }) => (capacity === undefined ? [] : [capacity]));
  const Responses = results.map(({ response }) => response);
  const isCounted = ReturnConsumedCapacity !== "NONE";
  return { status: 200, body: { Responses, ...(isCounted && { ConsumedCapacity }) } };
}

function refused(message: string): DynamoAnswer {
  return { status: 400, body: { __type: "com.amazon.coral.validate#ValidationException", message } };
}

/** A write, and whether a failed condition is to show the item. */
type PreparedWrite = StatementWrite & { showsItem: boolean };

interface ParsedStatement {
  statement: PartiqlStatement;
  /** How many the statement has; the input may have another number. */
  parameters: number;
  input: StatementInput;
}

const tableDescription = z.object({
  Table: z.object({
    KeySchema: z.array(z.object({ AttributeName: z.string() })),
    AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  }),
});

/** A table that there is not has none. */
async function describeKeys(
  call: DynamoCall,
  parsed: readonly ParsedStatement[],
): Promise<Map<string, KeySchema>> {
  const schemas = new Map<string, KeySchema>();
  for (const TableName of new Set(parsed.map(({ statement }) => statement.table))) {
    const { Table } =
      tableDescription.safeParse((await call("DescribeTable", { TableName })).body).data ?? {};
    if (Table === undefined) continue;
    const types = new Map(Table.AttributeDefinitions.map((one) => [one.AttributeName, one.AttributeType]));
    const names = Table.KeySchema.map(({ AttributeName }) => AttributeName);
    schemas.set(
      TableName,
      names.map((name) => ({ name, type: types.get(name) ?? "" })),
    );
  }
  return schemas;
}

function prepare(
  { statement, parameters, input }: ParsedStatement,
  schemas: ReadonlyMap<string, KeySchema>,
): PreparedWrite | StatementResult {
  const { Parameters = [], ReturnValuesOnConditionCheckFailure } = input;
  const schema = schemas.get(statement.table);
  if (parameters !== Parameters.length) {
    return failed("ValidationError", "Number of parameters in request and statement don't match.");
  }
  if (schema === undefined) {
    return failed("ResourceNotFound", "Cannot do operations on a non-existent table");
  }
  const write = toWrite(statement, Parameters, schema);
  if ("invalid" in write) return failed("ValidationError", write.invalid);
  return { ...write, showsItem: ReturnValuesOnConditionCheckFailure === "ALL_OLD" };
}

function hasItemTwice(prepared: readonly (PreparedWrite | StatementResult)[]): boolean {
  const items = prepared.flatMap((one) => ("key" in one ? [JSON.stringify([one.table, one.key])] : []));
  return new Set(items).size < items.length;
}

function failed(Code: string, Message: string, TableName?: string, Item?: JsonObject): StatementResult {
  const error = { Code, Message, ...(Item && { Item }) };
  return { response: { Error: error, ...(TableName !== undefined && { TableName }) } };
}

/** No rivals come first as often as that: a write that goes on failing is a defect of the emulator. */
const mostAttempts = 100;

async function execute(call: DynamoCall, write: PreparedWrite): Promise<StatementResult> {
  const { table, operation, input, refusedItem, showsItem } = write;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const { status, body } = await call(operation, input);
    if (status === 200) return { response: { TableName: table }, capacity: body.ConsumedCapacity };
    const code = String(body.__type).replace(/^.*#/, "");
    const message = String(body.message ?? body.Message);
    if (code !== "ConditionalCheckFailedException") {
      return failed(status === 400 ? "ValidationError" : "InternalServerError", message, table);
    }
    if (operation === "PutItem") {
      return failed("DuplicateItem", "Duplicate primary key exists in table", table);
    }
    if (!showsItem || refusedItem === undefined) return failed("ConditionalCheckFailed", message, table);
    const { Items, ScannedCount } = queryAnswer.parse((await call("Query", refusedItem)).body);
    const isMissing = operation === "UpdateItem" && ScannedCount === 0;
    if (isMissing || Items.length > 0) return failed("ConditionalCheckFailed", message, table, Items[0]);
    // Another request changed the item since it was refused. As DynamoDB's error holds the item that failed, it is tried again.
  }
  throw new Error(
    `${operation} failed ${mostAttempts} times, and each time its item met the conditions a moment later`,
  );
}

const item = z.record(z.string(), z.record(z.string(), z.unknown()));
const queryAnswer = z.object({ Items: z.array(item), ScannedCount: z.number() });
const getAnswer = z.object({ Item: item.optional() });

/** A condition's failure shows the item as it is, as it would be if a rival's write, or an attempt before, had come first. */
async function failExecution(
  call: DynamoCall,
  write: PreparedWrite,
  { code, takesEffect }: StatementFailure,
): Promise<StatementResult> {
  const { table, key, showsItem } = write;
  if (takesEffect) await execute(call, write);
  const isShown = showsItem && code === "ConditionalCheckFailed";
  return failed(
    code,
    "asked for by a fault plan",
    table,
    isShown ? await readItem(call, table, key) : undefined,
  );
}

async function readItem(call: DynamoCall, TableName: string, Key: Item): Promise<JsonObject | undefined> {
  return getAnswer.parse((await call("GetItem", { TableName, Key, ConsistentRead: true })).body).Item;
}
