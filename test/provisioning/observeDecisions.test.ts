import { describe, expect, it } from "vitest";
import { type MemoryStore, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { type Policy, policySchema } from "../../src/policy/policy.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aRecord, type EventSample } from "./records.ts";
import { runBatch } from "./runBatch.ts";
import { aUser, noon } from "./samples.ts";

const accounts = ["team", "lwa"].map((id) => ({ id, domains: [`${id}.example`] }));
const policyOf = (given: object): Policy => policySchema.parse({ accounts, ...given });
const observingAccount = policyOf({ accounts: [{ ...accounts[0], observe: true }, accounts[1]] });
const observingSource = policyOf({ sources: { hibob: { observe: true } } });
const live = policyOf({});

function world() {
  const store = memoryStore();
  const directory = fakeDirectory([
    {
      accountId: "team",
      type: "Team",
      users: ["ada", "bob"].map((name) => aUser({ userId: `u-${name}`, email: `${name}@team.example` })),
    },
    {
      accountId: "lwa",
      type: "EnterpriseLWA",
      users: [aUser({ userId: "u-eve", email: "eve@lwa.example" })],
    },
  ]);
  const run = (
    intent: "offboard" | "reinstate" | "onboard" | "relicense",
    policy: Policy,
    records: QueueRecord[],
    now = noon,
  ) => runBatch(records, { intent, directory, store, rules: toPolicyRules(policy), now });
  return {
    store,
    directory,
    run,
    changes: () => directory.calls.filter(({ request }) => "entries" in request),
  };
}

const event = (
  type: Parameters<typeof aRecord>[0],
  name: string,
  { origin, ...sample }: EventSample & { origin?: string } = {},
) => {
  const record = aRecord(type, { id: `${name}-1`, personId: name, email: `${name}@team.example`, ...sample });
  if (origin === undefined) return record;
  const body = JSON.parse(record.body);
  body.detail.metadata.origin = origin;
  return { ...record, body: JSON.stringify(body) };
};

const journalOf = ({ journal }: MemoryStore) =>
  Object.fromEntries([...journal.values()].map(({ eventId, outcome, code }) => [eventId, [outcome, code]]));

describe("an account under observation", () => {
  it("is told what would be done, and nothing is called that changes anything", async () => {
    const { run, store, changes } = world();
    const gone = await run("offboard", observingAccount, [
      event("EmployeeLeft", "ada"),
      event("EmployeeLeft", "nobody"),
    ]);
    const there = await run("onboard", observingAccount, [
      event("EmployeeHired", "bob"),
      event("EmployeeHired", "carl"),
    ]);
    expect([...gone.outcomes, ...there.outcomes]).toEqual([
      { kind: "observed", would: "suspend" },
      { kind: "observed", would: "rejected UserNotFound" },
      { kind: "observed", would: "unchanged" },
      { kind: "observed", would: "invite" },
    ]);
    expect(journalOf(store)).toEqual({
      "ada-1": ["observed", "suspend"],
      "nobody-1": ["observed", "rejected UserNotFound"],
      "bob-1": ["observed", "unchanged"],
      "carl-1": ["observed", "invite"],
    });
    expect([changes(), store.pending.size]).toEqual([[], 0]);
  });

  it("does not keep the other accounts from being served in the same batch", async () => {
    const { run, directory } = world();
    const { outcomes } = await run("offboard", observingAccount, [
      event("EmployeeLeft", "ada"),
      event("EmployeeLeft", "eve", { email: "eve@lwa.example" }),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["observed", "applied"]);
    expect(directory.carried("suspend")).toEqual([["u-eve"]]);
  });

  it("goes live: the same event is carried out then, and the journal tells both", async () => {
    const { run, store, directory } = world();
    await run("offboard", observingAccount, [event("EmployeeLeft", "ada")]);
    const { outcomes } = await run("offboard", live, [event("EmployeeLeft", "ada")], noon + 1);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["applied"]);
    expect(directory.carried("suspend")).toEqual([["u-ada"]]);
    const [entry] = store.journal.values();
    expect(entry?.trail?.map(({ step }) => step)).toEqual(["received", "observed", "applied"]);
  });

  it("goes live: what HR took back while it was observed stays taken back", async () => {
    const { run, directory } = world();
    await run("reinstate", observingAccount, [
      event("EmployeeReturned", "ada", { id: "back", occurredAt: "2026-05-14T10:00:00Z" }),
    ]);
    const late = event("EmployeeLeft", "ada", { id: "left", occurredAt: "2026-05-14T09:00:00Z" });
    const { outcomes } = await run("offboard", live, [late]);
    expect([outcomes, directory.carried("suspend")]).toEqual([[{ kind: "superseded", by: "back" }], []]);
  });

  it("keeps what is to take effect later, which is carried out on its day if the account is live by then", async () => {
    const { run, store } = world();
    const later = event("EmployeeLeft", "ada", { data: { effectiveAt: "2026-05-20T00:00:00Z" } });
    const { outcomes } = await run("offboard", observingAccount, [later]);
    expect([outcomes.map(({ kind }) => kind), store.pending.size]).toEqual([["deferred"], 1]);
    const due = await run("offboard", live, [later], Date.parse("2026-05-20T00:00:01Z"));
    expect(due.outcomes.map(({ kind }) => kind)).toEqual(["applied"]);
  });

  it("has a user who cannot be read looked at again", async () => {
    const { run, directory, store } = world();
    directory.faults.call = ({ operation }) =>
      operation === "listUsers" || operation === "findUser"
        ? { class: "throttled", code: "Throttled", message: "slow down" }
        : undefined;
    const { outcomes } = await run("offboard", observingAccount, [event("EmployeeLeft", "ada")]);
    expect([outcomes.map(({ kind }) => kind), store]).toEqual([["retry"], memoryStore()]);
  });
});

describe("a source under observation", () => {
  const returned = event("EmployeeReturned", "ada", {
    id: "hibob-1",
    origin: "hibob",
    occurredAt: "2026-05-14T10:00:00Z",
  });

  it("stands in no way of a source that is not, whose older decision is carried out", async () => {
    const { run, directory } = world();
    await run("reinstate", observingSource, [returned]);
    const left = event("EmployeeLeft", "ada", { occurredAt: "2026-05-14T09:00:00Z", origin: "payroll" });
    const { outcomes } = await run("offboard", observingSource, [left]);
    expect([outcomes.map(({ kind }) => kind), directory.carried("suspend")]).toEqual([
      ["applied"],
      [["u-ada"]],
    ]);
  });

  it("takes no waiting decision's place: what is to take effect later is observed at once", async () => {
    const { run, store } = world();
    const data = { effectiveAt: "2026-05-20T00:00:00Z" };
    await run("offboard", observingSource, [event("EmployeeLeft", "ada", { id: "real", data })]);
    const { outcomes } = await run("offboard", observingSource, [
      event("EmployeeLeft", "ada", {
        id: "trial",
        data,
        origin: "hibob",
        occurredAt: "2026-05-14T11:30:00Z",
      }),
    ]);
    expect(outcomes).toEqual([{ kind: "observed", would: "suspend" }]);
    expect([...store.pending.values()].map(({ eventId }) => eventId)).toEqual(["real"]);
  });

  it("does not observe what is from the future before its time", async () => {
    const { run } = world();
    const { outcomes } = await run("offboard", observingSource, [
      event("EmployeeLeft", "ada", { origin: "hibob", occurredAt: "2026-05-14T20:00:00Z" }),
    ]);
    expect(outcomes).toMatchObject([{ kind: "deferred", because: "fromTheFuture" }]);
  });

  it("is told which of its own decisions in one batch supersedes which", async () => {
    const { run, store } = world();
    const { outcomes } = await run("reinstate", observingSource, [
      event("EmployeeReturned", "ada", {
        id: "hibob-0",
        origin: "hibob",
        occurredAt: "2026-05-14T09:00:00Z",
      }),
      returned,
      returned,
    ]);
    expect(outcomes).toEqual([
      { kind: "superseded", by: "hibob-1" },
      { kind: "observed", would: "unchanged" },
      { kind: "unchanged", because: "duplicate" },
    ]);
    expect(journalOf(store)).toEqual({
      "hibob-0": ["superseded", "hibob-1"],
      "hibob-1": ["observed", "unchanged"],
    });
  });
});
