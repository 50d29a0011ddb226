import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devAccount } from "../../../dev/service/devAccount.ts";
import type { DynamoFaults } from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import { dynamoHistory } from "../../../src/ledger/dynamo/dynamoHistory.ts";
import { dynamoLedger } from "../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoRedrives } from "../../../src/ledger/dynamo/operators/dynamoRedrives.ts";
import { memoryLedger, memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryRedrives } from "../../../src/ledger/memory/memoryPorts.ts";
import { ledgerTables } from "../../ledgerTables.ts";
import { entryOf } from "../decisions.ts";

let server: DynamoServer;
let faults: DynamoFaults = () => undefined;
beforeAll(async () => {
  server = await startDynamo(ledgerTables(), devAccount, (request) => faults(request));
});
afterAll(() => server.close());
const table = () => ({ dynamo: server.client, tableName: `${devAccount.stackName}-ledger` });

const approval = { by: "eve", now: Date.parse("2026-05-15T08:00:00Z"), note: "the license is there" };
const rejected = (personId: string) => ({
  ...entryOf({ personId, eventId: "hr-1", minute: 1 }, "rejected"),
  code: "LicenseNotSupported",
});
const applied = (personId: string) => ({
  ...entryOf({ personId, eventId: "hr-1", minute: 1 }, "applied"),
  settledAt: "2026-05-15T08:01:00.000Z",
});
const redriven = { at: "2026-05-15T08:00:00.000Z", step: "redriven", by: "eve", note: approval.note };

async function trailOf(personId: string) {
  const history = await dynamoHistory(table()).ofPerson(personId);
  return history?.entries[0]?.trail;
}

describe("a redrive", () => {
  it("is a step of the entry, between the rejection and what comes of it, in memory as in DynamoDB", async () => {
    await dynamoLedger(table()).record([rejected("P-1")]);
    const answer = await dynamoRedrives(table()).record(rejected("P-1"), approval);
    await dynamoLedger(table()).record([applied("P-1")]);
    const store = memoryStore();
    await memoryLedger(store).record([rejected("P-1")]);
    await memoryRedrives(store).record(rejected("P-1"), approval);
    await memoryLedger(store).record([applied("P-1")]);
    const trail = await trailOf("P-1");
    expect(answer).toEqual({ kind: "done" });
    expect(trail?.map(({ step }) => step)).toEqual(["received", "rejected", "redriven", "applied"]);
    expect(trail?.[2]).toEqual(redriven);
    expect([...store.journal.values()].map((entry) => entry.trail)).toEqual([trail]);
  });

  it("of an event that the journal does not know writes why it was a dead letter", async () => {
    await dynamoRedrives(table()).record(rejected("P-2"), approval);
    const history = await dynamoHistory(table()).ofPerson("P-2");
    expect(history?.entries).toMatchObject([
      { outcome: "rejected", code: "LicenseNotSupported", trail: [{}, { step: "rejected" }, redriven] },
    ]);
  });

  it("is not lost to a worker that read the entry before, and writes it after", async () => {
    await dynamoLedger(table()).record([rejected("P-3")]);
    let writes = 0;
    let redriving: Promise<unknown> = Promise.resolve();
    faults = ({ operation }) => {
      if (operation !== "BatchExecuteStatement" || ++writes !== 2) return undefined;
      // The worker has read the entry, because its first write took it for a new one.
      redriving = dynamoRedrives(table()).record(rejected("P-3"), approval);
      return { kind: "delay", milliseconds: 1000 };
    };
    const answers = await dynamoLedger(table()).record([applied("P-3")]);
    faults = () => undefined;
    expect([answers, await redriving]).toEqual([[{ kind: "done" }], { kind: "done" }]);
    expect((await trailOf("P-3"))?.map(({ step }) => step)).toEqual([
      "received",
      "rejected",
      "redriven",
      "applied",
    ]);
  });

  it("says so where the journal does not take it", async () => {
    faults = () => ({ kind: "refuse", status: 500, code: "InternalServerError" });
    const answer = await dynamoRedrives(table()).record(rejected("P-4"), approval);
    faults = () => undefined;
    expect(answer).toMatchObject({ kind: "fault", reason: expect.stringContaining("InternalServerError") });
  });
});
