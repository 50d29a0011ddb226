import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import type { DynamoFault, StatementFailure } from "../../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../../../packages/aws-local/dynamodb/startDynamo.ts";
import { ledgerTables } from "../../../ledgerTables.ts";

const TableName = "rollcall-dev-ledger";
const keyOf = (sk: string) => ({ pk: { S: "p" }, sk: { S: sk } });
const itemOf = (sk: string, revision = "1") => ({ ...keyOf(sk), revision: { N: revision } });
const names = ["a", "b", "c"];

describe("a fault in a part of a request", () => {
  let dynamo: DynamoServer;
  let client: DynamoDBClient;
  const plan: (DynamoFault | undefined)[] = [];
  beforeEach(async () => {
    dynamo = await startDynamo(ledgerTables(), devAccount, () => plan.shift());
    const { region, credentials } = devAccount;
    client = new DynamoDBClient({ region, credentials, endpoint: dynamo.url, maxAttempts: 1 });
  });
  afterEach(async () => {
    plan.length = 0;
    client.destroy();
    await dynamo.close();
  });

  const put = () =>
    client.send(
      new BatchWriteItemCommand({
        RequestItems: { [TableName]: names.map((name) => ({ PutRequest: { Item: itemOf(name) } })) },
      }),
    );
  /** The revisions of the items that are there. */
  const revisions = async () => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    return Object.fromEntries(
      Items.map(({ sk, revision }) => [sk?.S, revision?.N] as const).toSorted(([one], [other]) =>
        String(one).localeCompare(String(other)),
      ),
    );
  };
  /** Raises the revision of every item from 1 to 2. */
  const raise = async (showsItem = false) => {
    const Statements = names.map((name) => ({
      Statement: `UPDATE "${TableName}" SET "revision" = ? WHERE "pk" = ? AND "sk" = ? AND "revision" = ?`,
      Parameters: [{ N: "2" }, ...Object.values(keyOf(name)), { N: "1" }],
      ...(showsItem && { ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const }),
    }));
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements }));
    return Responses.map(({ Error: error }) => (error === undefined ? "done" : [error.Code, error.Item]));
  };

  it.each<StatementFailure["code"]>([
    "ConditionalCheckFailed",
    "InternalServerError",
    "ProvisionedThroughputExceeded",
    "ThrottlingError",
    "TransactionConflict",
  ])("a statement fails with %s before it takes effect, and its neighbours do not", async (code) => {
    await put();
    plan.push({ kind: "failStatements", statements: [{ index: 1, code }] });
    expect([await raise(), await revisions()]).toEqual([
      ["done", [code, undefined], "done"],
      { a: "2", b: "1", c: "2" },
    ]);
  });

  it("a statement takes effect, and is reported as failed all the same", async () => {
    await put();
    const code = "InternalServerError";
    plan.push({ kind: "failStatements", statements: [{ index: 0, code, takesEffect: true }] });
    expect([await raise(), await revisions()]).toEqual([
      [[code, undefined], "done", "done"],
      { a: "2", b: "2", c: "2" },
    ]);
  });

  it("a failed condition shows the item as it is, before the statement took effect or after it", async () => {
    await put();
    const code = "ConditionalCheckFailed";
    plan.push({
      kind: "failStatements",
      statements: [
        { index: 0, code },
        { index: 2, code, takesEffect: true },
      ],
    });
    expect(await raise(true)).toEqual([[code, itemOf("a")], "done", [code, itemOf("c", "2")]]);
  });

  it("a place beyond the last statement changes nothing", async () => {
    await put();
    plan.push({ kind: "failStatements", statements: [{ index: 3, code: "ThrottlingError" }] });
    expect(await raise()).toEqual(["done", "done", "done"]);
  });

  it("the answer to a batch of statements is lost, or the batch refused, as that of any request", async () => {
    await put();
    plan.push({ kind: "refuse", status: 500, code: "InternalServerError" }, undefined, {
      kind: "loseAnswer",
    });
    await expect(raise()).rejects.toMatchObject({ name: "InternalServerError" });
    const before = await revisions();
    await expect(raise()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect([before, await revisions()]).toEqual([
      { a: "1", b: "1", c: "1" },
      { a: "2", b: "2", c: "2" },
    ]);
  });

  it.each([
    [[1], ["b"], { a: "1", c: "1" }],
    [[0, 2, 7], ["a", "c"], { b: "1" }],
    [[0, 1, 2], ["a", "b", "c"], {}],
    [[], [], { a: "1", b: "1", c: "1" }],
  ])(
    "BatchWriteItem leaves the items %j unprocessed, and writes the others",
    async (indexes, left, written) => {
      plan.push({ kind: "leaveUnprocessed", indexes });
      const { UnprocessedItems } = await put();
      expect([UnprocessedItems, await revisions()]).toEqual([
        left.length === 0
          ? {}
          : { [TableName]: left.map((name) => ({ PutRequest: { Item: itemOf(name) } })) },
        written,
      ]);
    },
  );

  it.each([
    [[1], ["b"], ["a", "c"]],
    [[0, 1, 2], ["a", "b", "c"], []],
    [[3], [], ["a", "b", "c"]],
  ])("BatchGetItem leaves the keys %j unprocessed, and reads the others", async (indexes, left, found) => {
    await put();
    plan.push({ kind: "leaveUnprocessed", indexes });
    const Keys = names.map(keyOf);
    const rest = { ConsistentRead: true, ProjectionExpression: "sk" };
    const { Responses = {}, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ...rest } } }),
    );
    // DynamoDB returns the items of a batch in no order.
    const read = Responses[TableName]?.map(({ sk }) => sk?.S).toSorted();
    expect([read ?? [], UnprocessedKeys]).toEqual([
      found,
      left.length === 0 ? {} : { [TableName]: { Keys: left.map(keyOf), ...rest } },
    ]);
  });

  it.each<DynamoFault>([
    { kind: "failStatements", statements: [] },
    { kind: "leaveUnprocessed", indexes: [0] },
  ])(
    "a plan with $kind for another operation is told so, and the operation takes no effect",
    async (fault) => {
      plan.push(fault);
      await expect(client.send(new PutItemCommand({ TableName, Item: itemOf("a") }))).rejects.toMatchObject({
        name: "ValidationException",
        message: `a fault plan asks for ${fault.kind}, which PutItem cannot meet`,
      });
      expect(await revisions()).toEqual({});
    },
  );

  it("a request that is none is refused, and the next one answered", async () => {
    const ask = async (operation: string, body: string) => {
      const headers = { "x-amz-target": `DynamoDB_20120810.${operation}` };
      const response = await fetch(dynamo.url, { method: "POST", headers, body });
      return [response.status, z.object({ __type: z.string() }).parse(await response.json()).__type];
    };
    plan.push(undefined, undefined, { kind: "leaveUnprocessed", indexes: [0] });
    const answers = [
      await ask("BatchExecuteStatement", "["),
      await ask("BatchExecuteStatement", "{}"),
      await ask("BatchGetItem", "{}"),
    ];
    expect([answers, await revisions()]).toEqual([
      [
        [400, "com.amazonaws.dynamodb.v20120810#SerializationException"],
        [400, "com.amazon.coral.validate#ValidationException"],
        [500, "com.amazonaws.dynamodb.v20120810#InternalServerError"],
      ],
      {},
    ]);
  });
});
