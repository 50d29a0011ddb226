import { BatchExecuteStatementCommand, type BatchStatementRequest } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import { parseStatement } from "../../../../packages/aws-local/dynamodb/partiqlStatement.ts";
import { type DynamoServer, startDynamo } from "../../../../packages/aws-local/dynamodb/startDynamo.ts";
import { ledgerTables } from "../../../ledgerTables.ts";

const table = String(ledgerTables()[0]?.name);
const where = 'WHERE "pk" = ? AND "sk" = ?';

describe("parseStatement", () => {
  it("reads a statement, with the number of each parameter", () => {
    const text = `UPDATE "t" SET "a" = ? REMOVE "b" SET "c" = list_append("c", ?) WHERE "pk" = ? AND "d" IS MISSING`;
    expect(parseStatement(text)).toEqual({
      statement: {
        kind: "update",
        table: "t",
        sets: [
          { attribute: "a", how: "replace", parameter: 0 },
          { attribute: "c", how: "append", parameter: 1 },
        ],
        removes: ["b"],
        where: [
          { attribute: "pk", operator: "=", parameter: 2 },
          { attribute: "d", operator: "IS MISSING" },
        ],
      },
      parameters: 3,
    });
  });

  it.each([
    ["a statement that is none", "garbage", "expected DELETE FROM, got GARBAGE"],
    ["a read", `SELECT * FROM "t" ${where}`, "expected DELETE FROM, got SELECT"],
    ["a name without quotes", `DELETE FROM t ${where}`, 'expected a name in ", got T'],
    ["a value that is no parameter", `UPDATE "t" SET "a" = 'x' ${where}`, "expected ?, got 'x'"],
    ["VALUES", `INSERT INTO "t" VALUES {'pk': ?}`, "expected VALUE {, got VALUES"],
    [
      "an attribute in double quotes in VALUE",
      `INSERT INTO "t" VALUE {"pk": ?}`,
      `expected a name in ', got "pk"`,
    ],
    ["a list after REMOVE", `UPDATE "t" REMOVE "a", "b" ${where}`, "expected the end, got ,"],
    ["no change", `UPDATE "t" ${where}`, "expected SET or REMOVE, got WHERE"],
    [
      "another list_append",
      `UPDATE "t" SET "a" = list_append("b", ?) ${where}`,
      'expected the name "a" in list_append, got ,',
    ],
    ["arithmetic", `UPDATE "t" SET "n" = "n" + ? ${where}`, 'expected ?, got "n"'],
    ["OR", `DELETE FROM "t" ${where} OR "a" = ?`, "expected the end, got OR"],
    ["IN", `DELETE FROM "t" ${where} AND "a" IN [?]`, "expected a condition, got IN"],
    [
      "a function as condition",
      `DELETE FROM "t" ${where} AND contains("a", ?)`,
      'expected a name in ", got CONTAINS',
    ],
    ["RETURNING", `DELETE FROM "t" ${where} RETURNING ALL OLD *`, "expected the end, got RETURNING"],
  ])("refuses %s, and says what it supports", (_, text, reason) => {
    expect(() => parseStatement(text)).toThrow(`${reason} in the statement: ${text}\nthe emulator supports`);
  });
});

describe("what the embedded DynamoDB does not do as Amazon's", () => {
  let dynamo: DynamoServer;
  beforeAll(async () => {
    dynamo = await startDynamo(ledgerTables(), devAccount);
  });
  afterAll(() => dynamo.close());
  const run = (...Statements: BatchStatementRequest[]) =>
    dynamo.client.send(new BatchExecuteStatementCommand({ Statements, ReturnConsumedCapacity: "TOTAL" }));
  const ofKey = [{ S: "p" }, { S: "s" }];
  const insert = { Statement: `INSERT INTO "${table}" VALUE {'pk': ?, 'sk': ?}`, Parameters: ofKey };

  it("a statement that it cannot read fails the whole request, and not that statement alone", async () => {
    const unread = { Statement: `DELETE FROM "${table}" ${where} AND "a" IN [?]`, Parameters: ofKey };
    await expect(run(insert, unread)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("the emulator supports"),
    });
    const { Responses } = await run(insert);
    expect(Responses).toEqual([{ TableName: table }]);
  });

  it.each([
    ["more parameters than the statement has", "", [{ S: "z" }]],
    ["a list to compare", 'AND "a" = ?', [{ L: [] }]],
    ["a map to compare", 'AND "a" <> ?', [{ M: {} }]],
    ["another condition on the key", 'AND "pk" IS MISSING', []],
  ])("%s is a ValidationError", async (_, condition, more) => {
    const Statement = `DELETE FROM "${table}" ${where} ${condition}`;
    const { Responses } = await run({ Statement, Parameters: [...ofKey, ...more] });
    expect(Responses?.map(({ Error: error }) => error?.Code)).toEqual(["ValidationError"]);
  });

  it("the units of the statements that took effect are counted, in their order", async () => {
    const Statement = `UPDATE "${table}" SET "a" = ? ${where}`;
    const { ConsumedCapacity } = await run(
      { Statement, Parameters: [{ S: "z" }, { S: "p" }, { S: "missing" }] },
      { ...insert, Parameters: [{ S: "p" }, { S: "small" }] },
      { Statement: `DELETE FROM "${table}" ${where}`, Parameters: [{ S: "p" }, { S: "large" }] },
      {
        Statement: `INSERT INTO "${table}" VALUE {'pk': ?, 'sk': ?, 'a': ?}`,
        Parameters: [{ S: "p" }, { S: "larger" }, { S: "z".repeat(1500) }],
      },
    );
    expect(ConsumedCapacity).toEqual([1, 1, 2].map((CapacityUnits) => ({ TableName: table, CapacityUnits })));
  });
});
