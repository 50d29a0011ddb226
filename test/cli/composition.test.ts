import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { devAccount } from "../../dev/service/devAccount.ts";
import type { DynamoFault } from "../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../packages/aws-local/dynamodb/startDynamo.ts";
import { createEventBridgeClient } from "../../src/cli/awsClients.ts";
import { findBusFault, withLedger } from "../../src/cli/composition.ts";
import { ledgerTables } from "../ledgerTables.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

const { terminal } = fakeTerminal();

describe("withLedger", () => {
  let server: DynamoServer;
  let plan: (DynamoFault | undefined)[] = [];
  beforeAll(async () => {
    server = await startDynamo(ledgerTables(), devAccount, () => plan.shift());
  });
  afterAll(() => server.close());
  const read = (faults: DynamoFault[] = [], table = "rollcall-dev-ledger") => {
    plan = faults;
    const options = { table, endpoint: server.url };
    return withLedger(options, terminal, ({ history }) => history.ofPerson("ada"));
  };
  const throttle: DynamoFault = {
    kind: "refuse",
    status: 400,
    code: "ProvisionedThroughputExceededException",
  };
  const fault: DynamoFault = { kind: "refuse", status: 500, code: "InternalServerError" };

  it("gives what was read, although some tries failed", async () => {
    expect(await read([fault, { kind: "loseAnswer" }])).toEqual({ kind: "used", value: undefined });
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
    const text = reading.kind === "used" ? "" : reading.message.replace(server.url, "URL");
    expect([reading.kind, text, plan.length]).toEqual(["failed", message, 0]);
  });

  it("takes a table that is not there for a mistake of the caller", async () => {
    expect(await read([], "other")).toEqual({
      kind: "misused",
      code: "notFound",
      next: "name another with --stage or --table, or another --region",
      message: `there is no table other at ${server.url}; name another with --stage or --table, or another --region`,
    });
  });

  it("hides no mistake of the program", async () => {
    const mistake = withLedger({ table: "t", endpoint: server.url }, terminal, () => {
      throw new TypeError("a mistake");
    });
    await expect(mistake).rejects.toThrow(TypeError);
  });
});

describe("findBusFault", () => {
  let close = () => {};
  afterEach(() => close());

  /** Asks for the bus `hr` at a server that gives this answer to every call. */
  async function ask(status: number, body: unknown): Promise<string | undefined> {
    const server = createServer((_, response) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    const client = createEventBridgeClient({ endpoint: `http://127.0.0.1:${address.port}` });
    close = () => {
      client.destroy();
      server.close();
    };
    return findBusFault(client, "hr");
  }

  it("finds none with a bus that is there", async () => {
    expect(await ask(200, { Name: "hr" })).toBeUndefined();
  });

  it("warns of a bus that does not exist, which PutEvents would not", async () => {
    expect(await ask(400, { __type: "ResourceNotFoundException", message: "no bus" })).toBe(
      "there is no event bus hr in us-east-1, and what is sent to it would be lost; name another with --stage or --bus",
    );
  });

  it.each(["AccessDeniedException", "UnknownOperationException", "ThrottlingException"])(
    "makes nothing of a %s, which says nothing about publishing",
    async (code) => {
      expect(await ask(400, { __type: code, message: "no" })).toBeUndefined();
    },
  );
});
