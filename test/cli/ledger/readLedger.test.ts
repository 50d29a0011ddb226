import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devAccount } from "../../../dev/service/devAccount.ts";
import {
  type DynamoFault,
  type DynamoServer,
  startDynamo,
} from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import { readLedger } from "../../../src/cli/ledger/readLedger.ts";
import { dynamoHistory } from "../../../src/ledger/dynamo/dynamoHistory.ts";
import { ledgerTables } from "../../ledgerTables.ts";

describe("readLedger", () => {
  let server: DynamoServer;
  let plan: (DynamoFault | undefined)[] = [];
  beforeAll(async () => {
    server = await startDynamo(ledgerTables(), devAccount, () => plan.shift());
  });
  afterAll(() => server.close());
  const read = (faults: DynamoFault[] = [], table = "rollcall-dev-ledger") => {
    plan = faults;
    return readLedger({ table, endpoint: server.url }, (ledger) => dynamoHistory(ledger).ofPerson("ada"));
  };
  const throttle: DynamoFault = {
    kind: "refuse",
    status: 400,
    code: "ProvisionedThroughputExceededException",
  };
  const fault: DynamoFault = { kind: "refuse", status: 500, code: "InternalServerError" };

  it("gives what was read, although some tries failed", async () => {
    expect(await read([fault, { kind: "loseAnswer" }])).toEqual({ kind: "read", value: undefined });
  });

  it.each<[DynamoFault, string]>([
    [
      throttle,
      "DynamoDB throttles the requests to rollcall-dev-ledger (ProvisionedThroughputExceededException); try again in a minute",
    ],
    [fault, "DynamoDB refused to read rollcall-dev-ledger: InternalServerError: asked for by a fault plan"],
    [
      { kind: "loseAnswer" },
      "DynamoDB cannot be reached at URL (ECONNRESET); check the network, or name another --endpoint",
    ],
  ])("gives up after three tries, and says why: %j", async (each, message) => {
    const reading = await read(Array(3).fill(each));
    const text = reading.kind === "read" ? "" : reading.message.replace(server.url, "URL");
    expect([reading.kind, text, plan.length]).toEqual(["failed", message, 0]);
  });

  it("takes a table that is not there for a mistake of the caller", async () => {
    expect(await read([], "other")).toEqual({
      kind: "misused",
      message: `there is no table other at ${server.url}; name another with --table, or another --region`,
    });
  });

  it("hides no mistake of the program", async () => {
    const mistake = readLedger({ table: "t", endpoint: server.url }, () => {
      throw new TypeError("a mistake");
    });
    await expect(mistake).rejects.toThrow(TypeError);
  });
});
