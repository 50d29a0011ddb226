import { describe, expect, it, onTestFinished } from "vitest";
import { effects, readDirectoryStates, readJournalTable } from "../../../../dev/chaos/oracle/observations.ts";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import { startDynamo } from "../../../../packages/aws-local/dynamodb/startDynamo.ts";
import type { LoggedCall } from "../../../../packages/chime-simulator/callLog.ts";
import type { Fault } from "../../../../packages/chime-simulator/scriptedFault.ts";
import { dynamoLedger } from "../../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../../../src/ledger/dynamo/dynamoPendingStore.ts";
import { entryOf, waitingFor } from "../../../ledger/decisions.ts";
import { ledgerTables } from "../../../ledgerTables.ts";
import { startTestChime } from "../../../packages/chime-simulator/testChime.ts";

describe("the effects of a call", () => {
  const ada = { sent: "id-ada", id: "id-ada", email: "Ada@example.com" };
  const bob = { sent: "id-bob", id: "id-bob", email: "bob@example.com" };

  function call(more: Partial<LoggedCall>): LoggedCall {
    return {
      sequence: 1,
      at: 100,
      operation: "BatchSuspendUser",
      accountId: "team",
      users: [ada, bob],
      query: {},
      body: undefined,
      requestId: "r1",
      userErrors: [],
      mailedTo: [],
      tookEffect: true,
      answered: true,
      ...more,
    };
  }
  const withFault = (fault: Fault) => new Map([[1, { fault }]]);
  const brief = (logged: LoggedCall, fault: Fault = {}) =>
    effects([logged], withFault(fault)).map(
      ({ address, result, isMail }) => `${address} ${result}${isMail ? " by mail" : ""}`,
    );

  it("are listed for each user, no earlier than the call's latency allows", () => {
    expect(effects([call({ users: [ada] })], withFault({ delayMilliseconds: 50 }))).toEqual([
      {
        accountId: "team",
        address: "ada@example.com",
        aspect: "access",
        result: "out",
        isMail: false,
        requestId: "r1",
        at: 150,
      },
    ]);
  });

  it("of a sign-out are the end of the session", () => {
    expect(effects([call({ operation: "LogoutUser", users: [ada] })], new Map())).toMatchObject([
      { address: "ada@example.com", aspect: "session", result: "ended" },
    ]);
  });

  it("are none if the call did not take effect", () => {
    expect(brief(call({ tookEffect: false }))).toEqual([]);
  });

  it("leave out users whom a fault left unchanged, but not those whom it only reported as failed", () => {
    const users: Fault["users"] = [
      { kind: "userError", code: "Throttled", sent: "id-ada" },
      { kind: "userError", code: "ServiceFailure", sent: "id-bob", takesEffect: true },
    ];
    expect(brief(call({}), { users })).toEqual(["bob@example.com out"]);
  });

  it("are none for a user whom the account does not have", () => {
    expect(brief(call({ users: [{ sent: "nobody" }] }))).toEqual([]);
  });

  it("of an invitation are a mail, for newcomers too", () => {
    const invited = call({
      operation: "InviteUsers",
      users: [{ sent: "New@example.com" }],
      mailedTo: ["New@example.com"],
    });
    expect(brief(invited)).toEqual(["new@example.com in by mail"]);
  });

  it("of an update are the license of each", () => {
    const body = { UpdateUserRequestItems: [{ LicenseType: "Pro" }, { LicenseType: "Basic" }] };
    expect(brief(call({ operation: "BatchUpdateUser", body }))).toEqual([
      "ada@example.com Pro",
      "bob@example.com Basic",
    ]);
  });

  it("of a look-up are none", () => {
    expect(brief(call({ operation: "ListUsers" }))).toEqual([]);
  });
});

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
    expect(await readJournalTable(dynamo, [tableName])).toEqual({
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
    expect(Object.fromEntries(readDirectoryStates(chime.directory, people))).toEqual({
      ada: { access: "in", license: "Basic" },
      alan: { access: "out", license: "Basic" },
      new: { access: "in", license: "Basic" },
      odd: { access: "unregistered", license: "Basic" },
      nobody: { access: "absent", license: "absent" },
    });
  });
});
