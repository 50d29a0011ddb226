import { describe, expect, it } from "vitest";
import { type ForgottenPeople, memoryForgottenPeople } from "../../src/ledger/forgottenPeople.ts";
import { memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aRecord } from "./records.ts";
import { runBatch } from "./runBatch.ts";
import { aUser } from "./samples.ts";

const forgottenAt = Date.parse("2026-05-14T11:00:00Z");
const forgotten = memoryForgottenPeople(new Map([["p-1", forgottenAt]]));
const record = (occurredAt: string, personId = "p-1", data = {}) =>
  aRecord("EmployeeLeft", { id: `${personId}-${occurredAt}`, occurredAt, personId, data });

async function run(records: Parameters<typeof runBatch>[0], people: ForgottenPeople = forgotten) {
  const directory = fakeDirectory([
    { accountId: "team", type: "Team", users: [aUser({ userId: "u-1", email: "ada@team.example" })] },
  ]);
  const store = memoryStore();
  const { outcomes } = await runBatch(records, { intent: "offboard", directory, store, forgotten: people });
  return {
    outcomes,
    suspended: directory.carried("suspend"),
    store: JSON.stringify(Object.values(store).map((map) => [...map])),
  };
}

const dropped = { kind: "excluded", rule: "the person was forgotten" };

describe("a decision about a person who was forgotten", () => {
  it.each([
    ["is not carried out if HR made it before", record("2026-05-14T11:00:00Z")],
    [
      "does not wait for its day",
      record("2026-05-14T10:00:00Z", "p-1", { effectiveAt: "2026-06-14T10:00:00Z" }),
    ],
    ["is not excluded by the policy, either", aRecord("EmployeeLeft", { email: "ada@nowhere.example" })],
  ])("%s, and the ledger does not know the person again", async (_, late) => {
    const { outcomes, suspended, store } = await run([late]);
    expect({ outcomes, suspended }).toEqual({ outcomes: [dropped], suspended: [] });
    expect(store).not.toContain("p-1");
  });

  it("is carried out if it is newer, as is everybody else's", async () => {
    const { outcomes, suspended } = await run([
      record("2026-05-14T11:00:01Z"),
      record("2026-05-14T10:00:00Z", "p-2"),
    ]);
    expect(outcomes.map(({ kind }) => kind)).not.toContain("excluded");
    expect(suspended.flat()).toContain("u-1");
  });

  it("comes again, with its neighbours, while nobody can tell who was forgotten", async () => {
    const people: ForgottenPeople = { among: async () => ({ kind: "fault", reason: "no table" }) };
    const { outcomes, suspended } = await run(
      [record("2026-05-14T11:30:00Z"), record("2026-05-14T11:30:00Z", "p-2")],
      people,
    );
    const again = { kind: "retry", code: "LedgerUnavailable", reason: "no table" };
    expect({ outcomes, suspended }).toEqual({ outcomes: [again, again], suspended: [] });
  });
});
