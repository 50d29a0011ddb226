import { describe, expect, it } from "vitest";
import type { DetailType } from "../../src/events/hrEvent.ts";
import { memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import type { Intent } from "../../src/pipelineSettings.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aRecord } from "./records.ts";
import { runBatch } from "./runBatch.ts";
import { aUser } from "./samples.ts";

const names = ["ada", "alan", "barbara", "edsger", "frances", "grace"];
const ambiguous = "rejected PersonAmbiguous";

describe("people who share one id", () => {
  it("are dead letters, each of them, where they come in one batch: nobody is superseded without a word", async () => {
    const { run, suspended } = company();
    const outcomes = await run(
      "offboard",
      names.map((name, minute) => left(name, minute)),
    );
    expect([outcomes, suspended()]).toEqual([Array(6).fill(ambiguous), []]);
  });

  it.each([
    ["newer", 1, 2],
    ["older", 2, 1],
  ])("are dead letters where another one stands whose decision is not %s", async (_, first, second) => {
    const { run, suspended } = company();
    const outcomes = [
      await run("offboard", [left("ada", first)]),
      await run("offboard", [left("alan", second)]),
      await run("offboard", [left("alan", second)]),
    ];
    expect([outcomes, suspended()]).toEqual([[["applied"], [ambiguous], [ambiguous]], ["ada"]]);
  });

  it("are told that an earlier try may have made the change, where there was one", async () => {
    const { run, directory, store } = company();
    await run("offboard", [left("ada", 2)]);
    const records = [left("alan", 1), { ...left("grace", 1), receiveCount: 2 }];
    const { outcomes } = await runBatch(records, { intent: "offboard", directory, store });
    expect(outcomes.map((outcome) => "reason" in outcome && /earlier try may/.test(outcome.reason))).toEqual([
      false,
      true,
    ]);
  });

  it("keep their licenses apart too, and a copy of a dead letter is only a duplicate", async () => {
    const { run } = company();
    const license = (name: string, minute: number) =>
      event("LicenseChanged", name, minute, { licenseType: "Pro" });
    const outcomes = [
      await run("relicense", [license("ada", 1)]),
      await run("relicense", [license("alan", 2), license("alan", 2), license("grace", 3)]),
    ];
    expect(outcomes).toEqual([["applied"], [ambiguous, "unchanged", ambiguous]]);
  });

  it("do not give way to a copy of another one's decision that was carried out before", async () => {
    const { run, suspended } = company();
    const outcomes = [
      await run("offboard", [left("ada", 2)]),
      await run("offboard", [left("alan", 1), left("ada", 2)]),
      await run("offboard", [left("alan", 1)]),
    ];
    expect([outcomes, suspended()]).toEqual([[["applied"], ["retry", "unchanged"], [ambiguous]], ["ada"]]);
  });

  it("are told by the addresses of what was carried out: what was rejected may be corrected", async () => {
    const { run, suspended } = company();
    const outcomes = [
      await run("offboard", [left("misspelt", 1)]),
      await run("offboard", [left("ada", 2)]),
      await run("offboard", [left("misspelt", 1)]),
    ];
    expect([outcomes[0], outcomes[1], suspended()]).toEqual([
      ["rejected UserNotFound"],
      ["applied"],
      ["ada"],
    ]);
  });
});

describe("a person who was renamed", () => {
  const renamed = { previousEmails: ["ada@team.example"] };

  it("is one person, if the newer decision names the earlier address", async () => {
    const { run } = company();
    const outcomes = [
      await run("offboard", [left("ada", 2)]),
      await run("offboard", [left("grace", 3, renamed)]),
      await run("offboard", [left("ada", 1, {}, "late")]),
      await run("offboard", [left("grace", 4)]),
      await run("offboard", [left("ada", 5)]),
    ];
    expect(outcomes).toEqual([["applied"], ["applied"], ["superseded"], ["unchanged"], ["unchanged"]]);
  });

  it("is one person, if the older decision names the later address, also within a batch", async () => {
    const { run } = company();
    const outcomes = [
      await run("offboard", [left("grace", 1, renamed), left("ada", 2)]),
      await run("offboard", [left("grace", 1, renamed, "late")]),
    ];
    expect(outcomes).toEqual([["superseded", "applied"], ["superseded"]]);
  });

  it("is one person within a batch, if the ledger knows both addresses", async () => {
    const { run } = company();
    await run("offboard", [left("grace", 1, renamed)]);
    expect(await run("offboard", [left("ada", 2), left("grace", 3)])).toEqual(["superseded", "unchanged"]);
  });

  it("is not invited a second time while their user is active under the earlier address", async () => {
    const { run, directory } = company();
    const back = (name: string, data: object) => event("EmployeeReturned", name, 1, data);
    const outcomes = [
      await run("onboard", [event("EmployeeHired", "byron", 2, renamed)]),
      await run("reinstate", [back("king", { ...renamed, personId: "another" })]),
    ];
    const invited = directory.users("team").filter(({ state }) => state === "invited");
    expect([outcomes, invited]).toEqual([[["unchanged"], ["unchanged"]], []]);
  });

  it("is believed where the head was written by a release that kept no addresses", async () => {
    const { run, store } = company();
    await run("offboard", [left("ada", 1)]);
    for (const [key, head] of store.heads) {
      const { addresses: _, ...before } = head as typeof head & { addresses?: unknown };
      store.heads.set(key, before);
    }
    expect(await run("offboard", [left("grace", 2)])).toEqual(["applied"]);
  });
});

function company() {
  const users = names.map((name) => aUser({ userId: name, email: `${name}@team.example` }));
  const directory = fakeDirectory([{ accountId: "team", type: "Team", users }]);
  const store = memoryStore();
  const run = async (intent: Intent, records: readonly QueueRecord[]) => {
    const { outcomes } = await runBatch(records, { intent, directory, store });
    return outcomes.map((outcome) =>
      outcome.kind === "rejected" ? `rejected ${outcome.code}` : outcome.kind,
    );
  };
  const suspended = () =>
    directory.users("team").flatMap(({ userId, state }) => (state === "suspended" ? [userId] : []));
  return { run, store, suspended, directory };
}

const left = (name: string, minute: number, data: object = {}, id = `left-${name}-${minute}`) =>
  event("EmployeeLeft", name, minute, data, id);

/** HR writes one id for everybody. */
function event(
  type: DetailType,
  name: string,
  minute: number,
  data: object,
  id = `${type}-${name}-${minute}`,
): QueueRecord {
  const occurredAt = `2026-05-14T11:0${minute}:00Z`;
  return aRecord(type, {
    id,
    occurredAt,
    personId: "1042",
    email: `${name}@team.example`,
    data: { ...data },
  });
}
