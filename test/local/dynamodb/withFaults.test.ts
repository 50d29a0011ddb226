import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, it } from "vitest";
import { type DynamoServer, startDynamo } from "../../../src/local/dynamodb/startDynamo.ts";
import type { DynamoFault } from "../../../src/local/dynamodb/withFaults.ts";
import { localAccount } from "../../../src/local/stack/localAccount.ts";
import { ledgerTables } from "./ledgerTables.ts";

const TableName = "rollcall-dev-ledger";
const Key = { pk: { S: "a" }, sk: { S: "b" } };

describe("a fault in front of DynamoDB", () => {
  let dynamo: DynamoServer;
  let client: DynamoDBClient;
  const seen: { index: number; operation: string }[] = [];
  async function start(faults: readonly (DynamoFault | undefined)[], maxAttempts = 1): Promise<void> {
    seen.length = 0;
    dynamo = await startDynamo(ledgerTables(), localAccount, (request) => {
      seen.push(request);
      return faults[request.index];
    });
    const { region, credentials } = localAccount;
    client = new DynamoDBClient({ region, credentials, endpoint: dynamo.url, maxAttempts });
  }
  afterEach(async () => {
    client.destroy();
    await dynamo.close();
  });
  const put = () => client.send(new PutItemCommand({ TableName, Item: Key }));
  const isThere = async () => (await client.send(new GetItemCommand({ TableName, Key }))).Item !== undefined;

  it.each([
    [400, "ProvisionedThroughputExceededException"],
    [500, "InternalServerError"],
  ] as const)("refuses a request with %i %s, and it takes no effect", async (status, code) => {
    await start([{ kind: "refuse", status, code }]);
    await expect(put()).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
    expect(await isThere()).toEqual(false);
  });

  it("loses an answer whose request took effect", async () => {
    await start([{ kind: "loseAnswer" }]);
    await expect(put()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await isThere()).toEqual(true);
  });

  it("is a thing that the client tries again after, whatever its kind", async () => {
    await start([{ kind: "loseAnswer" }, { kind: "refuse", status: 500, code: "InternalServerError" }], 3);
    await put();
    expect(await isThere()).toEqual(true);
  });

  it("is chosen by the request's number, once the tables are there, and by its operation", async () => {
    await start([]);
    await put();
    await isThere();
    expect(seen).toEqual([
      { index: 0, operation: "PutItem" },
      { index: 1, operation: "GetItem" },
    ]);
  });
});
