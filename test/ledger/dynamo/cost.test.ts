import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accountCache, scanMemory } from "../../../src/directory/directoryCache.ts";
import type { DetailType } from "../../../src/events/hrEvent.ts";
import { dynamoForgottenPeople } from "../../../src/ledger/dynamo/dynamoForgottenPeople.ts";
import { dynamoPendingStore } from "../../../src/ledger/dynamo/dynamoPendingStore.ts";
import { type Item, personKey, timeIndex } from "../../../src/ledger/dynamo/ledgerTable.ts";
import { type Intent, pipelines } from "../../../src/pipelineSettings.ts";
import { toPolicyRules } from "../../../src/policy/policyRules.ts";
import { usualLimits } from "../../../src/policy/suspensionLimits.ts";
import type { QueueRecord } from "../../../src/provisioning/decision.ts";
import { processBatch } from "../../../src/provisioning/processBatch.ts";
import { dynamoPauseStore } from "../../../src/safeguard/dynamo/dynamoPauseStore.ts";
import { dynamoSafeguardStore } from "../../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { watchPauses } from "../../../src/safeguard/pauses.ts";
import { type FakeDirectory, fakeDirectory } from "../../directory/fakeDirectory.ts";
import { collect } from "../../events/collect.ts";
import { aBody, aRecord } from "../../provisioning/records.ts";
import { leaseOf, leaseOver, start } from "../decisions.ts";
import { type Cost, countCost } from "./countCost.ts";
import { type DynamoWorld, startDynamoWorld } from "./startDynamoWorld.ts";

/** As many as leave here may leave in an hour. */
const limits = { ...usualLimits, atLeast: 1000 };

/** What it reads and what it writes for each account of a batch in which somebody is to be suspended. */
const ofSafeguard = 1;

/** Every batch reads once what is paused. */
const ofPauses = 1;
/** What each batch reads besides: whether anybody was forgotten since the last one. */
const ofForgottenPeople = 1;

const people = Array.from({ length: 60 }, (_, index) => `person-${index}`);

describe("the cost of an event in DynamoDB", () => {
  let world: DynamoWorld;
  let cost: Cost;
  let directory: FakeDirectory;
  beforeEach(async () => {
    world = await startDynamoWorld();
    cost = countCost(world.table.dynamo);
    directory = fakeDirectory([accountOf("team", "Team"), accountOf("lwa", "EnterpriseLWA")]);
  });
  afterEach(() => world.close());

  /** Drains the events in an invocation of its own; gives back what was asked of DynamoDB and of the directory. */
  let invocations = 0;
  async function run(intent: Intent, records: readonly QueueRecord[]) {
    const [before, calls] = [structuredClone(cost), directory.calls.length];
    invocations += 1;
    const lease = leaseOf(`invocation-${invocations}`, invocations * leaseOver);
    const { outcomes } = await processBatch(records, {
      ...contextOf(world, directory),
      pipeline: pipelines[intent],
      lease,
    });
    const kinds = new Set(outcomes.map(({ kind }) => kind));
    return {
      outcomes: [...kinds],
      writes: cost.writes - before.writes,
      reads: cost.reads - before.reads - ofForgottenPeople,
      calls: [...new Set(directory.calls.slice(calls).map(({ request }) => request.operation))],
    };
  }

  it.each<[Intent, DetailType, string, number, string, number]>([
    ["onboard", "EmployeeHired", "team", 3, "create", 0],
    ["offboard", "EmployeeLeft", "lwa", 3, "suspend", ofSafeguard],
    ["reinstate", "EmployeeReturned", "lwa", 3, "unsuspend", 0],
    ["relicense", "LicenseChanged", "lwa", 3, "setLicense", 0],
  ])(
    "on the %s pipeline is three writes and three reads",
    async (intent, type, account, reads, call, ofBatch) => {
      await run(intent, eventsOf(type, { day: 1, account: account.toUpperCase() }));
      const steady = await run(intent, eventsOf(type, { day: 2, account }));
      expect(steady).toEqual({
        outcomes: ["applied"],
        writes: 3 * people.length + ofBatch,
        reads: reads * people.length + ofBatch + ofPauses,
        calls: ["getAccount", call],
      });
    },
  );

  it("is four write units with the time index's and two read units: no item is larger than a unit takes", async () => {
    await run("offboard", eventsOf("EmployeeLeft", { day: 1, account: "team" }));
    const { dynamo, tableName } = world.healthy;
    const { Items: items = [] } = await dynamo.send(new ScanCommand({ TableName: tableName }));
    const ofPerson = items.filter(({ pk }) => pk?.S === personKey("person-7").pk.S);
    // The head is written by the claim and by the commit, the entry once and once more into the index; the keys of the email
    // index do not change.
    expect(
      ofPerson.map((item) => ({
        indexed: timeIndex.partition in item,
        units: Math.ceil(sizeOf(item) / 1024),
      })),
    ).toEqual([
      { indexed: true, units: 1 },
      { indexed: false, units: 1 },
    ]);
  });

  it("is one write more, and a read less, for a leaver of an account whose next user may be another: the id is looked up", async () => {
    const first = await run("offboard", eventsOf("EmployeeLeft", { day: 1, account: "team" }));
    expect(first).toEqual({
      outcomes: ["applied"],
      writes: (3 + 1) * people.length + ofSafeguard,
      reads: people.length + ofSafeguard + ofPauses,
      calls: ["getAccount", "listUsers", "suspend"],
    });
  });

  it("is one write more for the first event about a person, whose id is to be remembered", async () => {
    const first = await run("offboard", eventsOf("EmployeeLeft", { day: 1, account: "lwa" }));
    expect(first).toEqual({
      outcomes: ["applied"],
      writes: 4 * people.length + ofSafeguard,
      reads: 2 * people.length + ofSafeguard + ofPauses,
      calls: ["getAccount", "listUsers", "suspend"],
    });
  });

  it("is one read for an event that comes again, no write, and no call at all", async () => {
    const events = eventsOf("EmployeeLeft", { day: 1, account: "team" });
    await run("offboard", events);
    expect(await run("offboard", events)).toEqual({
      outcomes: ["unchanged"],
      writes: 0,
      reads: people.length + ofPauses,
      calls: [],
    });
  });

  it("is two reads and a write to its journal for an event that comes too late, and no call at all", async () => {
    await run("offboard", eventsOf("EmployeeLeft", { day: 2, account: "team" }));
    expect(await run("offboard", eventsOf("EmployeeLeft", { day: 1, account: "team" }))).toEqual({
      outcomes: ["superseded"],
      writes: people.length,
      reads: 2 * people.length + ofPauses,
      calls: [],
    });
  });

  it("is one write, to its journal, for an event that a newer one of its batch stands over", async () => {
    await run("offboard", eventsOf("EmployeeLeft", { day: 1, account: "lwa" }));
    const days = [3, 2].map((day) => eventsOf("EmployeeLeft", { day, account: "lwa" }));
    expect(await run("offboard", days.flat())).toEqual({
      outcomes: ["applied", "superseded"],
      writes: (3 + 1) * people.length + ofSafeguard,
      reads: 3 * people.length + ofSafeguard + ofPauses,
      calls: ["getAccount", "suspend"],
    });
  });

  it("is one write more where a license follows, and one read more for that license", async () => {
    const hired = await run(
      "onboard",
      eventsOf("EmployeeHired", { day: 1, account: "team", data: { licenseType: "Pro" } }),
    );
    const due = await collect(dynamoPendingStore(world.healthy).list());
    const followed = await run(
      "relicense",
      due.map(({ event }) => aBody(event)),
    );
    expect([hired, due.length, followed]).toEqual([
      {
        outcomes: ["applied"],
        writes: 4 * people.length,
        reads: 2 * people.length + ofPauses,
        calls: ["getAccount", "create"],
      },
      people.length,
      {
        outcomes: ["applied"],
        // The id is remembered for the first time, and looked for before that.
        writes: (3 + 1) * people.length,
        reads: (2 + 1) * people.length + ofPauses,
        calls: ["getAccount", "listUsers", "setLicense"],
      },
    ]);
  });

  it("is three writes for an event whose day is still to come, and two reads", async () => {
    const data = { effectiveAt: "2027-01-01T00:00:00Z" };
    expect(await run("offboard", eventsOf("EmployeeLeft", { day: 1, account: "team", data }))).toEqual({
      outcomes: ["deferred"],
      writes: 3 * people.length,
      reads: 2 * people.length + ofPauses,
      calls: [],
    });
  });

  it("is in requests for 1,000 people: one for each hundred that are read, and one for each 25 that are written", async () => {
    const many = Array.from({ length: 1000 }, (_, index) => `many-${index}`);
    const occurredAt = "2026-05-14T08:00:00Z";
    const leaves = many.map((personId) =>
      aRecord("EmployeeLeft", {
        id: `${personId}-1`,
        personId,
        email: `${personId}@team.example`,
        occurredAt,
      }),
    );
    const before = structuredClone(cost.requests);
    directory = fakeDirectory([accountOf("team", "Team", many)]);
    const { outcomes, writes, reads } = await run("offboard", leaves);
    const requests = Object.entries(cost.requests).map(([name, n]) => [name, n - (before[name] ?? 0)]);
    expect({ outcomes, writes, reads, requests: Object.fromEntries(requests) }).toEqual({
      outcomes: ["applied"],
      writes: 4 * 1000 + ofSafeguard,
      reads: 1000 + ofSafeguard + ofPauses,
      requests: {
        // Heads.
        BatchGetItemCommand: 10,
        // Claims, journal entries, and what stands.
        BatchExecuteStatementCommand: 40 + 40 + 40,
        // Ids to remember.
        BatchWriteItemCommand: 40,
        // The safeguard of the account, the pauses, and whether anybody was forgotten.
        GetItemCommand: ofSafeguard + ofPauses + ofForgottenPeople,
        PutItemCommand: ofSafeguard,
      },
    });
  });
});

/** In bytes, and more than DynamoDB counts, because the syntax is counted too: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOf(item: Item): number {
  return Object.entries(item).reduce((sum, each) => sum + Buffer.byteLength(JSON.stringify(each)), 0);
}

function accountOf(accountId: string, type: "Team" | "EnterpriseLWA", persons = people) {
  const users = persons.map((person) => {
    const email = `${person}@${accountId}.example`;
    return { userId: `id-of-${email}`, email, state: "active", license: "Basic", type: "person" } as const;
  });
  return { accountId, type, users };
}

/** One event for each person, decided on that day of May. */
function eventsOf(
  type: DetailType,
  { day, account, data = {} }: { day: number; account: string; data?: Record<string, unknown> },
): QueueRecord[] {
  return people.map((personId) =>
    aRecord(type, {
      id: `${personId}-${day}`,
      occurredAt: `2026-05-0${day}T08:00:00Z`,
      personId,
      email: `${personId}@${account}.example`,
      data: type === "LicenseChanged" ? { licenseType: "Pro", ...data } : data,
    }),
  );
}

function contextOf(
  { ledger, observations, pending, identities, table }: DynamoWorld,
  directory: FakeDirectory,
) {
  const accounts = ["team", "lwa"].map((id) => ({ id, domains: [`${id}.example`], licensePerRole: {} }));
  return {
    ledger,
    pending,
    identities,
    observations,
    forgotten: dynamoForgottenPeople(table),
    directory,
    rules: toPolicyRules({ accounts }),
    accounts: accountCache(() => start),
    scans: scanMemory(() => start),
    pauses: watchPauses(dynamoPauseStore(table), () => start),
    safeguard: { store: dynamoSafeguardStore(table), limitsOf: () => limits, onFault: () => undefined },
    clock: () => start,
    budget: () => ({ milliseconds: 1000 }),
    concurrency: 4,
  };
}
