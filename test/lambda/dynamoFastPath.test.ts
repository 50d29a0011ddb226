import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { devAccount } from "../../dev/service/devAccount.ts";
import { startDynamo } from "../../packages/aws-local/dynamodb/startDynamo.ts";
import { takeFastPath } from "../../src/lambda/dynamoFastPath.ts";
import type { Item } from "../../src/ledger/dynamo/ledgerTable.ts";
import { ledgerTables } from "../ledgerTables.ts";

interface Received {
  headers: IncomingMessage["headers"];
  body: string;
}

const timeoutMilliseconds = 400;

function clientOf(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: devAccount.region,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" },
    maxAttempts: 3,
    cacheMiddleware: true,
    requestHandler: { requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}

/** A server that keeps what it received, and answers each request as the next of `answers` does, or with an empty object. */
async function startServer() {
  const received: Received[] = [];
  const answers: ((response: ServerResponse) => void)[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    const answer = answers.shift() ?? json(200, {});
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { url: `http://127.0.0.1:${address.port}`, received, answers };
}

const json = (status: number, body: object) => (response: ServerResponse) => {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify(body));
};
const refuse = (status: number, name: string) =>
  json(status, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: "no" });
const cut = (response: ServerResponse) => {
  response.writeHead(200, { "content-length": "1000" });
  response.write('{"Responses":');
  setTimeout(() => response.destroy(), 20);
};
const stall = (response: ServerResponse) => {
  response.writeHead(200, { "content-length": "1000" });
  response.write('{"Responses":');
};
const noJson = (response: ServerResponse) => {
  response.writeHead(200);
  response.end("<html>");
};
const noAnswer = () => undefined;

const write = (value: string) =>
  new BatchExecuteStatementCommand({
    Statements: [
      { Statement: 'UPDATE "t" SET "a" = ? WHERE "pk" = ? AND "b" IS MISSING', Parameters: [{ S: value }] },
    ],
  });

/** What came of a command: the answer, or the error's name and status. */
const outcomeOf = (answer: Promise<object>) =>
  answer.then(
    ({ $metadata: _, ...output }: { $metadata?: object }) => output,
    (error) => ({ name: error.name, status: error.$metadata?.httpStatusCode }),
  );

describe("the short way of a batch command", () => {
  it("sends what the SDK sends, signed anew, from the second request of a command on", async () => {
    const { url, received } = await startServer();
    const client = takeFastPath(clientOf(url), timeoutMilliseconds);
    await client.send(write("same"));
    await client.send(write("same"));
    await client.send(write("other"));
    const [first, second, third] = received;
    const lasting = ({ headers }: Received) =>
      Object.fromEntries(
        ["host", "content-type", "content-length", "x-amz-target", "user-agent", "x-amz-security-token"].map(
          (name) => [name, headers[name]],
        ),
      );
    expect(second && [lasting(second), second.body]).toEqual(first && [lasting(first), first.body]);
    const signatures = [second, third].map((request) => request?.headers.authorization);
    expect(signatures).toEqual([
      expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE.*host.*x-amz-target/),
      expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/),
    ]);
    expect(new Set(signatures).size).toBe(2);
    // The SDK counts its tries in a header; the short way has none.
    expect(received.map(({ headers }) => headers["amz-sdk-request"])).toEqual([
      "attempt=1; max=3",
      undefined,
      undefined,
    ]);
  });

  it("writes every text as the SDK writes it", async () => {
    const { url, received } = await startServer();
    const own = clientOf(url);
    const fast = takeFastPath(clientOf(url), timeoutMilliseconds);
    await fast.send(write("first"));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (value) => {
        received.length = 0;
        await own.send(write(value));
        await fast.send(write(value));
        const [theirs, ours] = received.map(({ body }) => JSON.parse(body));
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["a throttled request", refuse(400, "ProvisionedThroughputExceededException")],
    ["an internal error", refuse(500, "InternalServerError")],
    ["a busy service", refuse(503, "ServiceUnavailable")],
    ["an answer that is cut off", cut],
    ["no answer in time", noAnswer],
    ["an answer that stalls", stall],
    ["an answer that is no JSON", noJson],
  ])("leaves %s to the SDK, which begins anew", async (_, fault) => {
    const { url, received, answers } = await startServer();
    const client = takeFastPath(clientOf(url), timeoutMilliseconds);
    await client.send(write("first"));
    answers.push(fault, json(200, { Responses: [{ TableName: "t" }] }));
    expect(await outcomeOf(client.send(write("second")))).toEqual({ Responses: [{ TableName: "t" }] });
    expect(received.map(({ headers }) => headers["amz-sdk-request"])).toEqual([
      "attempt=1; max=3",
      undefined,
      "attempt=1; max=3",
    ]);
  });

  it.each([
    ["a request that is wrong", 400, "ValidationException"],
    ["a table that is not there", 400, "ResourceNotFoundException"],
    ["a throttled request", 400, "ProvisionedThroughputExceededException"],
    ["an internal error", 500, "InternalServerError"],
  ])("ends %s as the SDK ends it", async (_, status, name) => {
    const { url, received, answers } = await startServer();
    const client = takeFastPath(clientOf(url), timeoutMilliseconds);
    await client.send(write("first"));
    answers.push(...Array.from({ length: 10 }, () => refuse(status, name)));
    expect(await outcomeOf(client.send(write("second")))).toEqual({ name, status });
    const tries = received.slice(2).map(({ headers }) => headers["amz-sdk-request"]);
    received.length = 0;
    expect(await outcomeOf(clientOf(url).send(write("second")))).toEqual({ name, status });
    expect(received.map(({ headers }) => headers["amz-sdk-request"])).toEqual(tries);
  });

  it("brings the same answers of DynamoDB, whatever an item holds and whatever became of a statement", async () => {
    const [table] = ledgerTables();
    if (table === undefined) throw new Error("expected the ledger's table");
    const { url, close } = await startDynamo([table], devAccount);
    onTestFinished(close);
    const own = clientOf(url);
    const fast = takeFastPath(clientOf(url), timeoutMilliseconds * 10);
    const item: Item = {
      pk: { S: 'person#\u00e9\u{1f600}"\\\n' },
      sk: { S: "head#access" },
      count: { N: "12.5" },
      flag: { BOOL: true },
      nothing: { NULL: true },
      texts: { SS: ["a", "b"] },
      map: { M: { inner: { L: [{ S: "x" }, { N: "1" }, { M: {} }] } } },
    };
    const { pk = { S: "" }, sk = { S: "" } } = item;
    const put = () =>
      new BatchWriteItemCommand({ RequestItems: { [table.name]: [{ PutRequest: { Item: item } }] } });
    const get = () =>
      new BatchGetItemCommand({
        RequestItems: {
          [table.name]: {
            Keys: [
              { pk, sk },
              { pk, sk: { S: "missing" } },
            ],
            ConsistentRead: true,
          },
        },
      });
    const change = (condition: string) =>
      new BatchExecuteStatementCommand({
        Statements: [
          {
            Statement: `UPDATE "${table.name}" SET "flag" = ? WHERE "pk" = ? AND "sk" = ? AND ${condition}`,
            Parameters: [{ BOOL: true }, pk, sk],
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        ],
      });
    const answersOf = async (client: DynamoDBClient) => [
      await outcomeOf(client.send(put())),
      await outcomeOf(client.send(get())),
      await outcomeOf(client.send(change('"other" IS MISSING'))),
      await outcomeOf(client.send(change('"count" IS MISSING'))),
    ];
    const theirs = await answersOf(own);
    // The first of each command goes the SDK's way.
    await answersOf(fast);
    expect(await answersOf(fast)).toEqual(theirs);
    expect(theirs[1]).toMatchObject({ Responses: { [table.name]: [item] } });
  });
});
