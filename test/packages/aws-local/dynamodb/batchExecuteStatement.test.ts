import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import { type DynamoServer, startDynamo } from "../../../../packages/aws-local/dynamodb/startDynamo.ts";
import { describeOnDynamodbLocal } from "../../../dynamodbLocal.ts";
import { ledgerTables } from "../../../ledgerTables.ts";

type Item = Record<string, AttributeValue>;
interface Table {
  client: DynamoDBClient;
  name: string;
}

const key = { pk: { S: "p" }, sk: { S: "s" } };
/** The item that is there before each statement, and the key of one that is not. */
const there: Item = {
  ...key,
  a: { S: "m" },
  n: { N: "5" },
  trail: { L: [{ S: "x" }] },
  tags: { SS: ["one", "two"] },
  nothing: { NULL: true },
};
const isKey = '"pk" = ? AND "sk" = ?';
const ofKey = [key.pk, key.sk];
const ofMissing = [key.pk, { S: "missing" }];
const text = (S: string) => ({ S });
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(there).filter(([name]) => !names.includes(name)));

/** The changes of an UPDATE, with their parameters, and the item afterwards. */
const updates: [changes: string, parameters: AttributeValue[], after: Item][] = [
  ['SET "a" = ?', [text("z")], { ...there, a: text("z") }],
  ['SET "b" = ?', [text("z")], { ...there, b: text("z") }],
  ['SET "a" = ? SET "b" = ?', [text("y"), text("z")], { ...there, a: text("y"), b: text("z") }],
  ['SET "a" = ?, "b" = ?', [text("y"), text("z")], { ...there, a: text("y"), b: text("z") }],
  ['REMOVE "a" REMOVE "n"', [], without("a", "n")],
  ['REMOVE "b"', [], there],
  [
    'SET "b" = ? REMOVE "n" SET "c" = ?',
    [text("y"), text("z")],
    { ...without("n"), b: text("y"), c: text("z") },
  ],
  ['SET "status" = ? SET "by" = ?', [text("y"), text("z")], { ...there, status: text("y"), by: text("z") }],
  [
    'SET "a b.c-d" = ? SET "e""f" = ?',
    [text("y"), text("z")],
    { ...there, "a b.c-d": text("y"), 'e"f': text("z") },
  ],
  [
    'SET "trail" = list_append("trail", ?)',
    [{ L: [text("y"), text("x")] }],
    { ...there, trail: { L: [text("x"), text("y"), text("x")] } },
  ],
  [
    'SET "m" = ?',
    [{ M: { k: { L: [{ BOOL: true }] } } }],
    { ...there, m: { M: { k: { L: [{ BOOL: true }] } } } },
  ],
  ['SET "tags" = ?', [{ SS: ["three"] }], { ...there, tags: { SS: ["three"] } }],
];

/** Conditions, with their parameters, and whether the item that is there meets them. */
const conditions: [condition: string, parameters: AttributeValue[], holds: boolean][] = [
  ['"a" = ?', [text("m")], true],
  ['"a" = ?', [text("z")], false],
  ['"a" = ?', [{ N: "1" }], false],
  ['"b" = ?', [text("z")], false],
  ['"a" <> ?', [text("m")], false],
  ['"a" <> ?', [text("z")], true],
  ['"a" <> ?', [{ N: "1" }], true],
  ['"b" <> ?', [text("z")], true],
  ['"a" < ?', [text("n")], true],
  ['"a" < ?', [text("m")], false],
  ['"a" <= ?', [text("m")], true],
  ['"a" > ?', [text("m")], false],
  ['"a" >= ?', [text("m")], true],
  ['"a" < ?', [{ N: "9" }], false],
  ['"n" = ?', [{ N: "5.0" }], true],
  ['"n" < ?', [{ N: "10" }], true],
  ['"n" >= ?', [{ N: "10" }], false],
  ['"b" < ?', [text("z")], false],
  ['"b" >= ?', [text("z")], false],
  ['"b" IS MISSING', [], true],
  ['"a" IS MISSING', [], false],
  ['"nothing" IS MISSING', [], false],
  ['"a" IS NOT MISSING', [], true],
  ['"b" IS NOT MISSING', [], false],
  ['"tags" = ?', [{ SS: ["two", "one"] }], true],
  ['"tags" = ?', [{ SS: ["two"] }], false],
  ['"tags" <> ?', [{ SS: ["two"] }], true],
  ['"a" > ? AND "a" < ? AND "b" IS MISSING', [text("l"), text("n")], true],
  ['"a" = ? AND "n" = ?', [text("m"), { N: "6" }], false],
];

/** Statements that fail alone, whatever is there. */
const invalid: [statement: string, parameters: AttributeValue[], code: string][] = [
  [`UPDATE TABLE SET "a" = ? WHERE ${isKey}`, [key.pk, key.sk], "ValidationError"],
  [`UPDATE TABLE SET "a" = ? WHERE "pk" = ?`, [text("z"), key.pk], "ValidationError"],
  [`UPDATE TABLE SET "a" = ?`, [text("z")], "ValidationError"],
  [`UPDATE TABLE SET "a" = ? WHERE "pk" = ? AND "sk" > ?`, [text("z"), ...ofKey], "ValidationError"],
  [`UPDATE TABLE SET "sk" = ? WHERE ${isKey}`, [text("z"), ...ofKey], "ValidationError"],
  [
    `UPDATE TABLE SET "b" = ? SET "b" = ? WHERE ${isKey}`,
    [text("y"), text("z"), ...ofKey],
    "ValidationError",
  ],
  [`UPDATE TABLE SET "b" = ? REMOVE "b" WHERE ${isKey}`, [text("y"), ...ofKey], "ValidationError"],
  [`UPDATE TABLE SET "a" = ? WHERE ${isKey}`, [text("z"), key.pk, { N: "1" }], "ValidationError"],
  [`UPDATE TABLE SET "a" = ? WHERE ${isKey}`, [text("z"), key.pk, text("")], "ValidationError"],
  [`UPDATE TABLE SET "a" = ? WHERE ${isKey}`, [text("z".repeat(410_000)), ...ofKey], "ValidationError"],
  [
    `UPDATE TABLE SET "b" = list_append("b", ?) WHERE ${isKey}`,
    [{ L: [text("y")] }, ...ofKey],
    "ValidationError",
  ],
  [
    `UPDATE TABLE SET "a" = list_append("a", ?) WHERE ${isKey}`,
    [{ L: [text("y")] }, ...ofKey],
    "ValidationError",
  ],
  [`INSERT INTO TABLE VALUE {'pk': ?, 'a': ?}`, [key.pk, text("z")], "ValidationError"],
  [
    `INSERT INTO TABLE VALUE {'pk': ?, 'sk': ?, 'a': ?, 'a': ?}`,
    [...ofMissing, text("y"), text("z")],
    "ValidationError",
  ],
  [`INSERT INTO TABLE VALUE {'pk': ?, 'sk': ?}`, [key.pk, { N: "1" }], "ValidationError"],
  [
    `INSERT INTO TABLE VALUE {'pk': ?, 'sk': ?, 'a': ?}`,
    [...ofMissing, text("z".repeat(410_000))],
    "ValidationError",
  ],
  [`DELETE FROM TABLE WHERE "pk" = ?`, [key.pk], "ValidationError"],
  [`DELETE FROM "no-such-table" WHERE ${isKey}`, ofKey, "ResourceNotFound"],
];

const insertOther = {
  Statement: "INSERT INTO TABLE VALUE {'pk': ?, 'sk': ?}",
  Parameters: [key.pk, text("other")],
};
const touch = { Statement: `UPDATE TABLE SET "a" = ? WHERE ${isKey}`, Parameters: [text("z"), ...ofKey] };

/** Requests that fail as a whole. */
const refused: [name: string, statements: BatchStatementRequest[]][] = [
  ["no statement", []],
  ["26 statements", numbered(26)],
  ["an item twice", [touch, { Statement: `DELETE FROM TABLE WHERE ${isKey}`, Parameters: ofKey }]],
  [
    "an item twice, its key in another order",
    [touch, { Statement: 'DELETE FROM TABLE WHERE "sk" = ? AND "pk" = ?', Parameters: ofKey.toReversed() }],
  ],
  ["a missing item twice", [missingDelete(), missingDelete()]],
  ["an empty statement", [insertOther, { ...touch, Statement: "" }]],
  ["a statement of more than 8,192 characters", [insertOther, { ...touch, Statement: padded(8193) }]],
  [
    "a read among the writes",
    [insertOther, { Statement: `SELECT * FROM TABLE WHERE ${isKey}`, Parameters: ofKey }],
  ],
  ["a number that is none", [insertOther, { ...touch, Parameters: [{ N: "abc" }, ...ofKey] }]],
  ["an empty set", [insertOther, { ...touch, Parameters: [{ SS: [] }, ...ofKey] }]],
];

function missingDelete(): BatchStatementRequest {
  return { Statement: `DELETE FROM TABLE WHERE ${isKey}`, Parameters: ofMissing };
}

function numbered(count: number): BatchStatementRequest[] {
  return Array.from({ length: count }, (_, index) => ({
    ...insertOther,
    Parameters: [text("numbered"), text(`${index}`)],
  }));
}

/** It gets longer yet when the table's name takes the place of `TABLE`. */
function padded(length: number): string {
  return `${touch.Statement}${" ".repeat(length)}`.slice(0, length);
}

describe("BatchExecuteStatement on the embedded DynamoDB", () => {
  let dynamo: DynamoServer;
  beforeAll(async () => {
    dynamo = await startDynamo(ledgerTables(), devAccount);
  });
  afterAll(() => dynamo.close());
  contract(() => ({ client: dynamo.client, name: String(ledgerTables()[0]?.name) }));
});

describeOnDynamodbLocal((local) => {
  let name: string;
  beforeAll(async () => {
    for (const table of ledgerTables()) name = await local().createTable(table);
  });
  contract(() => ({ client: local().client, name }));
});

/** What the product relies on, the same for the embedded DynamoDB and for Amazon's. */
function contract(table: () => Table): void {
  const read = async (Key: Item): Promise<Item | undefined> =>
    (await table().client.send(new GetItemCommand({ TableName: table().name, Key }))).Item;
  const run = async (statements: readonly BatchStatementRequest[]) => {
    const { client, name } = table();
    const Statements = statements.map(({ Statement = "", ...rest }) => ({
      ...rest,
      Statement: Statement.replace(/\bTABLE\b/, `"${name}"`),
    }));
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements }));
    return Responses.map(({ Error: error, TableName }) =>
      error === undefined ? { table: TableName === name } : { code: error.Code, item: error.Item },
    );
  };
  const runOne = async (Statement: string, Parameters: AttributeValue[], showsItem = true) =>
    (
      await run([
        {
          Statement,
          ...(Parameters.length > 0 && { Parameters }),
          ...(showsItem && { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
        },
      ])
    )[0];
  const done = { table: true };

  beforeEach(async () => {
    await table().client.send(new PutItemCommand({ TableName: table().name, Item: there }));
  });

  it.each(updates)("UPDATE … %s", async (changes, parameters, after) => {
    const result = await runOne(`UPDATE TABLE ${changes} WHERE ${isKey}`, [...parameters, ...ofKey]);
    expect([result, await read(key)]).toEqual([done, after]);
  });

  it.each(conditions)("UPDATE … WHERE … AND %s, with %j: %s", async (condition, parameters, holds) => {
    const statement = `UPDATE TABLE SET "b" = ? WHERE ${isKey} AND ${condition}`;
    const result = await runOne(statement, [text("new"), ...ofKey, ...parameters]);
    expect([result, await read(key)]).toEqual(
      holds ? [done, { ...there, b: text("new") }] : [{ code: "ConditionalCheckFailed", item: there }, there],
    );
  });

  it.each(conditions)("DELETE … WHERE … AND %s, with %j: %s", async (condition, parameters, holds) => {
    const result = await runOne(`DELETE FROM TABLE WHERE ${isKey} AND ${condition}`, [
      ...ofKey,
      ...parameters,
    ]);
    expect([result, await read(key)]).toEqual(
      holds ? [done, undefined] : [{ code: "ConditionalCheckFailed", item: there }, there],
    );
  });

  it.each([
    [`UPDATE TABLE SET "a" = ? WHERE ${isKey}`, [text("z"), ...ofMissing]],
    [`UPDATE TABLE SET "a" = ? WHERE ${isKey} AND "b" IS MISSING`, [text("z"), ...ofMissing]],
    [`UPDATE TABLE REMOVE "a" WHERE ${isKey} AND "a" = ?`, [...ofMissing, text("m")]],
  ])("%s of a missing item fails, shows no item and creates none", async (statement, parameters) => {
    const result = await runOne(statement, parameters);
    expect([result, await read({ ...key, sk: text("missing") })]).toEqual([
      { code: "ConditionalCheckFailed", item: undefined },
      undefined,
    ]);
  });

  it.each([
    [`DELETE FROM TABLE WHERE ${isKey}`, ofMissing],
    [`DELETE FROM TABLE WHERE ${isKey} AND "a" = ?`, [...ofMissing, text("m")]],
    [`DELETE FROM TABLE WHERE ${isKey} AND "a" IS MISSING`, ofMissing],
  ])("%s of a missing item does nothing, and that is no failure", async (statement, parameters) => {
    expect(await runOne(statement, parameters)).toEqual(done);
  });

  it("INSERT creates an item once; the second time there is a duplicate, which it does not show", async () => {
    const statement = "INSERT INTO TABLE VALUE {'pk': ?, 'sk': ?, 'a': ?}";
    const created = { pk: text("p"), sk: text("new"), a: text("first") };
    const results = [
      await runOne(statement, Object.values(created)),
      await runOne(statement, Object.values({ ...created, a: text("second") })),
    ];
    const item = await read({ pk: created.pk, sk: created.sk });
    await runOne(`DELETE FROM TABLE WHERE ${isKey}`, [created.pk, created.sk]);
    expect([results, item]).toEqual([[done, { code: "DuplicateItem", item: undefined }], created]);
  });

  it("a failed condition shows the item only if the statement asks for it", async () => {
    const statement = `UPDATE TABLE SET "b" = ? WHERE ${isKey} AND "a" = ?`;
    const parameters = [text("new"), ...ofKey, text("z")];
    expect([await runOne(statement, parameters, true), await runOne(statement, parameters, false)]).toEqual([
      { code: "ConditionalCheckFailed", item: there },
      { code: "ConditionalCheckFailed", item: undefined },
    ]);
  });

  it("a key may stand anywhere in WHERE, and keywords in any case and on any line", async () => {
    const statement = 'update TABLE\nset "b"=?\n  where "a"=? and "sk"=? and "c" is missing AND "pk"=?';
    const result = await runOne(statement, [text("new"), text("m"), key.sk, key.pk]);
    expect([result, await read(key)]).toEqual([done, { ...there, b: text("new") }]);
  });

  it.each(invalid)("%s fails alone", async (statement, parameters, code) => {
    const neighbour = { Statement: `DELETE FROM TABLE WHERE ${isKey}`, Parameters: [text("q"), text("s")] };
    const results = await run([neighbour, { Statement: statement, Parameters: parameters }]);
    expect([results, await read(key)]).toEqual([[done, { code, item: undefined }], there]);
  });

  it.each(refused)("a request with %s is refused as a whole", async (_, statements) => {
    await expect(run(statements)).rejects.toMatchObject({
      name: "ValidationException",
      $metadata: { httpStatusCode: 400 },
    });
    expect(await read({ pk: key.pk, sk: text("other") })).toEqual(undefined);
  });

  it("25 statements are carried out each by itself, and answered in their order", async () => {
    const statements = numbered(25);
    const first = await run(statements);
    const second = await run([...statements.slice(0, 12), touch, ...statements.slice(13)]);
    await run(
      numbered(25).map(({ Parameters = [] }) => ({
        Statement: `DELETE FROM TABLE WHERE ${isKey}`,
        Parameters,
      })),
    );
    const duplicate = { code: "DuplicateItem", item: undefined };
    expect([first, second, (await read(key))?.a]).toEqual([
      statements.map(() => done),
      statements.map((_, index) => (index === 12 ? done : duplicate)),
      text("z"),
    ]);
  });

  it("of many who ask at the same time, one writes, and the others see what it wrote", async () => {
    const statement = `UPDATE TABLE SET "a" = ? WHERE ${isKey} AND "a" = ?`;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => runOne(statement, [text(`${index}`), ...ofKey, text("m")])),
    );
    const after = await read(key);
    const losers = results.filter((result) => result && "code" in result);
    expect(losers).toEqual(
      Array.from({ length: 19 }, () => ({ code: "ConditionalCheckFailed", item: after })),
    );
  });
}
