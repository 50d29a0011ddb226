import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import type { DynamoFault } from "../../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../../../packages/aws-local/dynamodb/startDynamo.ts";
import { ledgerTables } from "../../../ledgerTables.ts";

describe("startDynamo", () => {
  describe("the embedded DynamoDB", () => {
    let dynamo: DynamoServer;
    beforeEach(async () => {
      dynamo = await startDynamo(ledgerTables(), devAccount);
    });
    afterEach(() => dynamo.close());

    it("listens on one address of this machine only", async () => {
      const { hostname, port } = new URL(dynamo.url);
      const elsewhere = fetch(`http://127.0.0.2:${port}`).then(({ status }) => status);
      await expect(elsewhere).rejects.toThrow();
      expect(hostname).toEqual("127.0.0.1");
    });

    it("has the table that the template would deploy, with its keys and indexes", async () => {
      const { Table } = await dynamo.client.send(
        new DescribeTableCommand({ TableName: "rollcall-dev-ledger" }),
      );
      const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        name: IndexName,
        keys: KeySchema?.map(({ AttributeName }) => AttributeName),
        projection: Projection?.ProjectionType,
      }));
      expect({
        status: Table?.TableStatus,
        keys: Table?.KeySchema?.map(({ AttributeName }) => AttributeName),
        indexes: indexes?.toSorted((a, b) => String(a.name).localeCompare(String(b.name))),
      }).toEqual({
        status: "ACTIVE",
        keys: ["pk", "sk"],
        indexes: [
          { name: "due", keys: ["duePartition", "dueAt"], projection: "ALL" },
          { name: "email", keys: ["email"], projection: "KEYS_ONLY" },
          { name: "time", keys: ["hour", "settledAt"], projection: "ALL" },
        ],
      });
    });

    it("outlives a client that is killed in the middle of its requests", async () => {
      const client = spawn(process.execPath, ["--input-type=module", "--eval", restlessClient, dynamo.url], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(client.stdout, "data");
      client.kill("SIGKILL");
      await once(client, "close");
      const { TableNames } = await dynamo.client.send(new ListTablesCommand({}));
      expect(TableNames).toEqual(["rollcall-dev-ledger"]);
    });
  });

  it("an embedded DynamoDB that was closed answers no more", async () => {
    const dynamo = await startDynamo([], devAccount);
    await dynamo.close();
    const { region, credentials } = devAccount;
    const client = new DynamoDBClient({ region, credentials, endpoint: dynamo.url, maxAttempts: 1 });
    await expect(client.send(new ListTablesCommand({}))).rejects.toMatchObject({ code: "ECONNREFUSED" });
    client.destroy();
  });

  it("an embedded DynamoDB whose table is refused does not start, and leaves nothing open", async () => {
    const tables = ledgerTables().map((table) => ({ ...table, create: { ...table.create, KeySchema: [] } }));
    await expect(startDynamo(tables, devAccount)).rejects.toThrow();
    await expect.poll(countServers).toEqual(0);
  });

  function countServers(): number {
    return process.getActiveResourcesInfo().filter((resource) => resource === "TCPServerWrap").length;
  }

  /** Keeps fifty requests under way, each sent in two halves, and says so once some have been answered. */
  const restlessClient = `
  import { request } from "node:http";
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.ListTables",
    "content-length": 2,
    authorization: "AWS4-HMAC-SHA256 Credential=local, SignedHeaders=x, Signature=x",
    "x-amz-date": "20260514T120000Z",
  };
  let answered = 0;
  function ask() {
    const sent = request(process.argv[1], { method: "POST", headers }, (response) => {
      response.resume().on("end", () => {
        answered += 1;
        if (answered === 100) console.log("busy");
        ask();
      });
    });
    sent.on("error", () => undefined);
    sent.write("{");
    setTimeout(() => sent.end("}"), 5);
  }
  for (let index = 0; index < 50; index += 1) ask();
`;
});

describe("withFaults", () => {
  const TableName = "rollcall-dev-ledger";
  const Key = { pk: { S: "a" }, sk: { S: "b" } };

  describe("a fault in front of DynamoDB", () => {
    let dynamo: DynamoServer;
    let client: DynamoDBClient;
    const seen: { index: number; operation: string }[] = [];
    async function start(faults: readonly (DynamoFault | undefined)[], maxAttempts = 1): Promise<void> {
      seen.length = 0;
      dynamo = await startDynamo(ledgerTables(), devAccount, (request) => {
        seen.push(request);
        return faults[request.index];
      });
      const { region, credentials } = devAccount;
      client = new DynamoDBClient({ region, credentials, endpoint: dynamo.url, maxAttempts });
    }
    afterEach(async () => {
      client.destroy();
      await dynamo.close();
    });
    const put = () => client.send(new PutItemCommand({ TableName, Item: Key }));
    const isThere = async () =>
      (await client.send(new GetItemCommand({ TableName, Key }))).Item !== undefined;

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

    it("delays a request, which takes effect as usual", async () => {
      await start([{ kind: "delay", milliseconds: 60 }]);
      const startedAt = performance.now();
      await put();
      // A timer may fire a millisecond early.
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59);
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
});
