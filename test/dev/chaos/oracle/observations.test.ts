import { describe, expect, it, onTestFinished } from "vitest";
import { readDirectoryStates, readJournalTable } from "../../../../dev/chaos/oracle/observations.ts";
import { simulatedChime } from "../../../../dev/directories/simulatedChime.ts";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import { startDynamo } from "../../../../packages/aws-local/dynamodb/startDynamo.ts";
import { dynamoLedger } from "../../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../../../src/ledger/dynamo/dynamoPendingStore.ts";
import { entryOf, waitingFor } from "../../../ledger/decisions.ts";
import { ledgerTables } from "../../../ledgerTables.ts";
import { startTestChime } from "../../../packages/chime-simulator/testChime.ts";

describe("the oracle's reading of the ledger", () => {
  it("finds the journal's entries and counts the waiting decisions among all items of the table", async () => {
    const tables = ledgerTables();
    const { client: dynamo, close } = await startDynamo(tables, devAccount);
    onTestFinished(close);
    const [tableName = ""] = tables.map(({ name }) => name);
    const applied = { ...entryOf({ eventId: "a", minute: 1 }, "applied"), requestId: "r1" };
    const superseded = { ...entryOf({ eventId: "b", minute: 2 }, "superseded"), code: "a" };
    await dynamoLedger({ dynamo, tableName }).record([applied, superseded]);
    await dynamoPendingStore({ dynamo, tableName }).defer([waitingFor({ eventId: "c", minute: 3 }, 9)]);
    const recordedAt = Date.parse("2026-05-14T09:00:00Z");
    expect(
      await readJournalTable({ dynamo: { client: dynamo }, model: { tables: [{ name: tableName }] } }),
    ).toEqual({
      entries: new Map([
        ["a", { outcome: "applied", code: undefined, requestId: "r1", recordedAt }],
        ["b", { outcome: "superseded", code: "a", requestId: undefined, recordedAt }],
      ]),
      waiting: 1,
    });
  });
});

describe("the state of people in the directory", () => {
  const person = (email: string, accountId = "team") => ({
    personId: email,
    email: `${email}@${accountId}.example`,
    accountId,
  });

  it("is in, out or absent, and a license", async () => {
    const { chime } = await startTestChime();
    chime.directory.addUser("team", {
      email: "new@team.example",
      registration: "Unregistered",
      invitation: "Pending",
    });
    chime.directory.addUser("team", {
      email: "odd@team.example",
      registration: "Unregistered",
      invitation: "Failed",
    });
    const people = ["ada", "alan", "new", "odd", "nobody"].map((name) => person(name));
    expect(Object.fromEntries(readDirectoryStates(() => simulatedChime(chime), people))).toEqual({
      ada: { access: "in", license: "Basic" },
      alan: { access: "out", license: "Basic" },
      new: { access: "in", license: "Basic" },
      odd: { access: "unregistered", license: "Basic" },
      nobody: { access: "absent", license: "absent" },
    });
  });
});
