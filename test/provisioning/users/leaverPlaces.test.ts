import { describe, expect, it } from "vitest";
import type { DirectoryUser } from "../../../src/directory/directory.ts";
import { memoryLedger, memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache } from "../../../src/ledger/memory/memoryPorts.ts";
import type { Intent } from "../../../src/pipelineSettings.ts";
import type { QueueRecord } from "../../../src/provisioning/decision.ts";
import { memorySafeguardStore } from "../../../src/safeguard/safeguard.ts";
import { fakeDirectory } from "../../directory/fakeDirectory.ts";
import { aRecord, type EventSample } from "../records.ts";
import { type Run, runBatch } from "../runBatch.ts";
import { aFailure, aUser } from "../samples.ts";

const bob = { personId: "bob", email: "bob@team.example" };
const ada = { personId: "ada", email: "ada@team.example" };
const formerlyAda = { previousEmails: [ada.email] };

describe("an earlier address of a leaver", () => {
  it("leads to the user where it is nobody else's", async () => {
    const { run, suspended } = company([userOf(ada.email)]);
    expect([await run("offboard", [left({ ...bob, data: formerlyAda })]), suspended()]).toEqual([
      ["applied"],
      [ada.email],
    ]);
  });

  it("is not followed where somebody else has it today, as the ledger knows, and nothing is remembered", async () => {
    const { run, suspended, store } = company([userOf(ada.email)]);
    await run("relicense", [
      aRecord("LicenseChanged", { ...ada, id: "license", data: { licenseType: "Pro" } }),
    ]);
    const outcomes = await run("offboard", [left({ ...bob, data: formerlyAda })]);
    const remembered = await memoryIdentityCache(store).recall("team", [{ ...bob, versions: [] }]);
    expect([outcomes, suspended(), [...remembered]]).toEqual([["rejected UserNotFound"], [], []]);
  });

  it("is not followed where an event of the same batch is about somebody else who has it", async () => {
    const { run } = company([userOf(ada.email)]);
    const licenses = [
      aRecord("LicenseChanged", { ...bob, id: "b", data: { licenseType: "Pro", ...formerlyAda } }),
      aRecord("LicenseChanged", { ...ada, id: "a", data: { licenseType: "Basic" } }),
    ];
    expect(await run("relicense", licenses)).toEqual(["deferred", "unchanged"]);
  });

  it("that the ledger cannot tell the owner of lets the leaver come again, and nobody else", async () => {
    const { run, store } = company([userOf(ada.email), userOf("eve@team.example")]);
    const ledger = {
      ...memoryLedger(store),
      ownersOf: async (emails: readonly string[]) =>
        emails.map(() => ({ kind: "fault", reason: "down" }) as const),
    };
    const eve = { personId: "eve", email: "eve@team.example", id: "eve" };
    const outcomes = await run("offboard", [left({ ...bob, data: formerlyAda }), left(eve)], { ledger });
    expect(outcomes).toEqual(["retry LedgerUnavailable", "applied"]);
  });
});

describe("a leaver without a row in the roster", () => {
  const unlisted = { personId: "unlisted-u-1", email: ada.email, id: "unlisted", origin: "roster" };

  it.each([["after the export is left alone", "2026-05-14T11:30:00Z", "excluded", []]])(
    "of whom HR has decided %s",
    async (_, occurredAt, kind, gone) => {
      const { run, suspended } = company([userOf(ada.email)]);
      await run("relicense", [
        aRecord("LicenseChanged", { ...ada, id: "b", occurredAt, data: { licenseType: "Pro" } }),
      ]);
      const leave = aRecord("EmployeeLeft", { ...unlisted, occurredAt: "2026-05-14T11:00:00Z" });
      expect([await run("offboard", [leave]), suspended()]).toEqual([[kind], gone]);
    },
  );

  it("is looked up as every leaver where the event comes from elsewhere", async () => {
    const { run } = company([userOf(ada.email)]);
    const occurredAt = "2026-05-14T11:30:00Z";
    await run("relicense", [
      aRecord("LicenseChanged", { ...ada, id: "b", occurredAt, data: { licenseType: "Pro" } }),
    ]);
    const leave = aRecord("EmployeeLeft", { ...unlisted, origin: "hr", occurredAt: "2026-05-14T11:00:00Z" });
    expect(await run("offboard", [leave])).toEqual(["applied"]);
  });
});

describe("a leaver with several users", () => {
  const elsewhere = { previousEmails: ["bob@lwa.example"] };

  it("is suspended in every account that the policy knows for an address of theirs", async () => {
    const { run, suspended } = company([userOf(bob.email)], [userOf("bob@lwa.example")]);
    const outcomes = await run("offboard", [left({ ...bob, data: elsewhere })]);
    expect([outcomes, suspended()]).toEqual([["applied"], [bob.email, "bob@lwa.example"]]);
  });

  it("is suspended under each address in one account", async () => {
    const { run, suspended } = company([userOf(bob.email), userOf(ada.email)]);
    const outcomes = await run("offboard", [left({ ...bob, data: formerlyAda })]);
    expect([outcomes, suspended()]).toEqual([["applied"], [bob.email, ada.email]]);
  });

  it("has left once the user of the earlier account is suspended, if there is no other", async () => {
    const { run, suspended } = company([], [userOf("bob@lwa.example")]);
    const outcomes = await run("offboard", [left({ ...bob, data: elsewhere })]);
    expect([outcomes, suspended()]).toEqual([["applied"], ["bob@lwa.example"]]);
  });

  it("is a dead letter where there is none", async () => {
    const { run } = company([], []);
    expect(await run("offboard", [left({ ...bob, data: elsewhere })])).toEqual(["rejected UserNotFound"]);
  });

  it("comes again where one of the accounts fails, and is counted once in each", async () => {
    const { run, suspended, directory } = company([userOf(bob.email)], [userOf("bob@lwa.example")]);
    directory.faults.call = ({ operation, accountId }) =>
      operation === "suspend" && accountId === "lwa" ? aFailure("throttled") : undefined;
    const first = await run("offboard", [left({ ...bob, data: elsewhere })]);
    directory.faults = {};
    const again = await run("offboard", [left({ ...bob, data: elsewhere, receiveCount: 2 })]);
    expect([first, again, suspended()]).toEqual([
      ["retry Code"],
      ["applied"],
      [bob.email, "bob@lwa.example"],
    ]);
  });

  it("is told of where the other account takes no orders, if a user is there", async () => {
    const { run, suspended } = company(
      [userOf(bob.email), userOf("eve@team.example")],
      [],
      [userOf("bob@oidc.example")],
    );
    const eve = { personId: "eve", email: "eve@team.example", id: "eve" };
    const outcomes = await run("offboard", [
      left({ ...bob, data: { previousEmails: ["bob@oidc.example"] } }),
      left({ ...eve, data: { previousEmails: ["eve@oidc.example"] } }),
    ]);
    expect([outcomes, suspended()]).toEqual([
      ["rejected LeftElsewhere", "applied"],
      [bob.email, "eve@team.example"],
    ]);
  });

  it("is held where the limit of one of the accounts holds it", async () => {
    const { run, suspended } = company([userOf(bob.email)], [userOf("bob@lwa.example")]);
    const limits = (accountId: string) =>
      accountId === "lwa" ? { atLeast: 0, percent: 0, windowMinutes: 60, immediate: 0 } : undefined;
    const outcomes = await run("offboard", [left({ ...bob, data: elsewhere })], { limitsOf: limits });
    expect([outcomes, suspended()]).toEqual([["held"], [bob.email]]);
  });
});

function company(
  team: readonly DirectoryUser[],
  lwa: readonly DirectoryUser[] = [],
  oidc: readonly DirectoryUser[] = [],
) {
  const directory = fakeDirectory([
    { accountId: "team", type: "Team", users: team },
    { accountId: "lwa", type: "EnterpriseLWA", users: lwa },
    { accountId: "oidc", type: "EnterpriseOIDC", users: oidc },
  ]);
  const store = memoryStore();
  const admissions = memorySafeguardStore();
  const run = async (intent: Intent, records: readonly QueueRecord[], given: Partial<Run> = {}) => {
    const { outcomes } = await runBatch(records, { intent, directory, store, admissions, ...given });
    return outcomes.map(({ kind, ...rest }) =>
      (kind === "rejected" || kind === "retry") && "code" in rest ? `${kind} ${rest.code}` : kind,
    );
  };
  const suspended = () =>
    ["team", "lwa", "oidc"].flatMap((id) =>
      directory.users(id).flatMap(({ email, state }) => (state === "suspended" ? [email] : [])),
    );
  return { directory, store, run, suspended };
}

function userOf(email: string): DirectoryUser {
  return aUser({ userId: `u-${email}`, email });
}

const left = (event: EventSample) => aRecord("EmployeeLeft", event);
