import { describe, expect, it } from "vitest";
import type { HeadState } from "../../src/ledger/head.ts";
import {
  changeHead,
  type MemoryStore,
  memoryLedger,
  memoryStore,
} from "../../src/ledger/memory/memoryLedger.ts";
import type { Intent } from "../../src/pipelineSettings.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { versionKey } from "../../src/provisioning/decision.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aRecord } from "./records.ts";
import { type Run, runBatch } from "./runBatch.ts";
import { aUser, noon } from "./samples.ts";

const day = 86_400_000;
const accounts = [{ id: "lwa", domains: ["lwa.example"], licensePerRole: { engineer: "Pro" } }];
const rulesOf = (given: object) => toPolicyRules(policySchema.parse({ accounts, ...given }));
const email = "eve@lwa.example";
const iso = (time: number) => new Date(time).toISOString();

/** A world in which the worker of the first event dies after its claim. */
function world() {
  const store = memoryStore();
  const directory = fakeDirectory([
    {
      accountId: "lwa",
      type: "EnterpriseLWA",
      users: [aUser({ userId: "u-eve", email, license: "Pro" })],
    },
  ]);
  const dying: Run["ledger"] = {
    ...memoryLedger(store),
    commit: async (results) => results.map(() => ({ kind: "fault", reason: "the worker died" })),
  };
  const runAll = async (
    intent: Intent,
    records: readonly ReturnType<typeof aRecord>[],
    given: Partial<Run> = {},
  ) => {
    const { outcomes } = await runBatch(records, { intent, directory, store, ...given });
    return outcomes.map((outcome) =>
      outcome.kind === "rejected" ? `${outcome.kind} ${outcome.code}` : outcome.kind,
    );
  };
  const run = async (intent: Intent, record: ReturnType<typeof aRecord>, given: Partial<Run> = {}) =>
    (await runAll(intent, [record], given))[0];
  return {
    store,
    run,
    runAll,
    dies: (intent: Intent, record: ReturnType<typeof aRecord>) => run(intent, record, { ledger: dying }),
  };
}

/** A trial of today. */
const observing = { accounts: [{ ...accounts[0], observe: true }] };

/** The newest event about Eve, of which the worker dies, and the older one that waits for it. */
const newest = aRecord("EmployeeLeft", { id: "newest", email, occurredAt: iso(noon - day - 1000) });
const older = aRecord("EmployeeLeft", { id: "older", email, occurredAt: iso(noon - 2 * day) });

/** Changes what the ledger knows of the person's access. */
function headIs(store: MemoryStore, given: HeadState): void {
  changeHead(store, { personId: "p-1", aspect: "access" }, (head) => ({
    answer: undefined,
    next: { ...head, ...given },
  }));
}

describe("an open claim, when its event ends without one, keeps no older decision waiting:", () => {
  it.each([
    ["excluded by the policy of today", { exclusions: { addresses: [email] } }, "excluded", "applied"],
    ["too old by now", { freshness: { maxAgeDays: 1 } }, "rejected Stale", "applied"],
    ["observed by a trial of today", observing, "rejected BegunBeforeTrial", "superseded"],
  ])("%s", async (_, given, outcome, after) => {
    const { store, run, dies } = world();
    await dies("offboard", newest);
    const waits = await run("offboard", older);
    const later = { now: noon + day, clock: () => noon + day };
    const ended = await run("offboard", newest, { ...later, rules: rulesOf(given) });
    const [access] = await memoryLedger(store).standing([{ personId: "p-1", aspect: "access" }]);
    expect([waits, ended, access?.kind, await run("offboard", older, later)]).toEqual([
      "retry",
      outcome,
      "stands",
      after,
    ]);
  });

  it("what it follows from no longer stands", async () => {
    const { store, run, dies } = world();
    headIs(store, { settled: { version: "1", as: "applied", eventId: "hired" } });
    const followUp = aRecord("LicenseChanged", {
      id: "#license:hired",
      email,
      occurredAt: iso(noon - day),
      data: { licenseType: "Pro", follows: { type: "EmployeeHired", id: "hired" } },
    });
    const named = aRecord("LicenseChanged", {
      id: "named",
      email,
      occurredAt: iso(noon - 2 * day),
      data: { licenseType: "Basic" },
    });
    await dies("relicense", followUp);
    const waits = await run("relicense", named);
    headIs(store, { settled: { version: "2", as: "applied", eventId: "left" } });
    const later = { now: noon + day, clock: () => noon + day };
    const ended = await run("relicense", followUp, later);
    expect([waits, ended, await run("relicense", named, later)]).toEqual(["retry", "superseded", "applied"]);
  });

  it("superseded by a newer one that a trial of today observes", async () => {
    const { store, runAll, dies } = world();
    await dies("offboard", newest);
    const newer = aRecord("EmployeeLeft", { id: "newer", email, occurredAt: iso(noon - day) });
    const later = { now: noon + day, clock: () => noon + day };
    const ended = await runAll("offboard", [newest, newer], { ...later, rules: rulesOf(observing) });
    const [access] = await memoryLedger(store).standing([{ personId: "p-1", aspect: "access" }]);
    expect([ended, access?.kind]).toEqual([["rejected BegunBeforeTrial", "observed"], "stands"]);
  });

  it("superseded, once a trial is over, by a newer one that it has observed", async () => {
    const { store, run, dies } = world();
    await dies("offboard", newest);
    const newer = aRecord("EmployeeLeft", { id: "newer", email, occurredAt: iso(noon - day) });
    const later = { now: noon + day, clock: () => noon + day };
    const observed = await run("offboard", newer, { ...later, rules: rulesOf(observing) });
    const ended = await run("offboard", newest, later);
    const [access] = await memoryLedger(store).standing([{ personId: "p-1", aspect: "access" }]);
    expect([observed, ended, access?.kind]).toEqual(["observed", "superseded", "stands"]);
  });

  it("a worker of an earlier release has claimed it, and it is from the future", async () => {
    const { store, run } = world();
    const occurredAt = noon + 3_600_000;
    const version = versionKey({ occurredAt, effectiveAt: occurredAt, intent: "offboard", eventId: "ahead" });
    headIs(store, { claimed: version });
    const waits = await run("offboard", older);
    const ahead = aRecord("EmployeeLeft", { id: "ahead", email, occurredAt: iso(occurredAt) });
    expect([waits, await run("offboard", ahead), await run("offboard", older)]).toEqual([
      "retry",
      "deferred",
      "applied",
    ]);
  });

  it("too old by now, and its journal entry says that it was carried out", async () => {
    const { store, run, dies } = world();
    await dies("offboard", newest);
    const ledger = memoryLedger(store);
    const ended: Run["ledger"] = {
      ...ledger,
      ended: async (events) => events.map(() => ({ kind: "ended" })),
    };
    const later = { now: noon + day, clock: () => noon + day };
    const rules = rulesOf({ freshness: { maxAgeDays: 1 } });
    const recognized = await run("offboard", newest, { ...later, rules, ledger: ended });
    expect([recognized, await run("offboard", older, later)]).toEqual(["unchanged", "applied"]);
  });

  it("its copy is being carried out: then it comes again", async () => {
    const { run, dies } = world();
    await dies("offboard", newest);
    const rules = rulesOf({ exclusions: { addresses: [email] } });
    expect(await run("offboard", newest, { rules })).toBe("retry");
  });
});
