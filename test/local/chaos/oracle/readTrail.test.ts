import { describe, expect, it, onTestFinished } from "vitest";
import { dynamoLedger } from "../../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../../../src/ledger/dynamo/dynamoPendingStore.ts";
import { readTrail } from "../../../../src/local/chaos/oracle/readTrail.ts";
import { startDynamo } from "../../../../src/local/dynamodb/startDynamo.ts";
import { localAccount } from "../../../../src/local/stack/localAccount.ts";
import { entryOf, waitingFor } from "../../../ledger/decisions.ts";
import { ledgerTables } from "../../dynamodb/ledgerTables.ts";

describe("the oracle's reading of the ledger", () => {
  it("finds the journal's entries and counts what waits, among all else that lies in the table", async () => {
    const tables = ledgerTables();
    const { client: dynamo, close } = await startDynamo(tables, localAccount);
    onTestFinished(close);
    const [tableName = ""] = tables.map(({ name }) => name);
    const applied = { ...entryOf({ eventId: "a", minute: 1 }, "applied"), requestId: "r1" };
    const superseded = { ...entryOf({ eventId: "b", minute: 2 }, "superseded"), code: "a" };
    await dynamoLedger({ dynamo, tableName }).record([applied, superseded]);
    await dynamoPendingStore({ dynamo, tableName }).defer([waitingFor({ eventId: "c", minute: 3 }, 9)]);
    const settledAt = Date.parse("2026-05-14T09:00:00Z");
    expect(await readTrail(dynamo, [tableName])).toEqual({
      entries: new Map([
        ["a", { outcome: "applied", code: undefined, requestId: "r1", settledAt }],
        ["b", { outcome: "superseded", code: "a", requestId: undefined, settledAt }],
      ]),
      waiting: 1,
    });
  });
});
