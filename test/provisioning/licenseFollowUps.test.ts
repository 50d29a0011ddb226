import { describe, expect, it } from "vitest";
import { MAX_REQUEST_BYTES } from "../../src/events/eventBus.ts";
import type { HeadState } from "../../src/ledger/head.ts";
import {
  changeHead,
  type MemoryStore,
  memoryLedger,
  memoryStore,
} from "../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import type { Intent } from "../../src/pipelineSettings.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { collect } from "../events/collect.ts";
import { aBody, aRecord, type EventSample } from "./records.ts";
import { type Run, runBatch } from "./runBatch.ts";
import { aUser, noon } from "./samples.ts";

const day = 86_400_000;
const rules = toPolicyRules(
  policySchema.parse({
    afterSuspension: { license: { to: "Basic", afterDays: 10 } },
    accounts: [
      { id: "lwa", domains: ["lwa.example"], licensePerRole: { engineer: "Pro" } },
      { id: "team", domains: ["team.example"], licensePerRole: { engineer: "Pro", sales: "Basic" } },
    ],
  }),
);

/** One ledger and one directory, with Eve who has a Pro license, through a story of days. */
function world(users = [aUser({ userId: "u-eve", email: "eve@lwa.example", license: "Pro" })]) {
  const store = memoryStore();
  const directory = fakeDirectory([
    { accountId: "lwa", type: "EnterpriseLWA", users },
    { accountId: "team", type: "Team", users: [] },
  ]);
  const pending = memoryPendingStore(store);
  let clock = noon;
  const run = async (intent: Intent, record: ReturnType<typeof aRecord>, given: Partial<Run> = {}) => {
    const { outcomes } = await runBatch([record], {
      intent,
      directory,
      store,
      rules,
      now: clock,
      ...given,
    });
    return short(outcomes[0]);
  };
  const event = (type: Parameters<typeof aRecord>[0], id: string, given: EventSample = {}) =>
    aRecord(type, {
      email: "eve@lwa.example",
      occurredAt: new Date(clock).toISOString(),
      ...given,
      id,
    });
  return {
    store,
    pending,
    directory,
    run,
    pass: (days: number) => {
      clock += days * day;
    },
    leave: (id = "left", given?: Partial<Run>) => run("offboard", event("EmployeeLeft", id), given),
    back: (id = "back") => run("reinstate", event("EmployeeReturned", id)),
    hire: (id: string, given: EventSample) => run("onboard", event("EmployeeHired", id, given)),
    waiting: async () => (await collect(pending.list())).map(({ event: line, dueAt }) => ({ line, dueAt })),
    /** Publishes what is due, as the function does that runs each minute, and processes it. */
    publish: async () => {
      const outcomes: string[] = [];
      for (const decision of await collect(pending.list(clock))) {
        await pending.remove(decision);
        outcomes.push(await run("relicense", aBody(decision.event)));
      }
      return outcomes;
    },
    processLine: (line: string) => run("relicense", aBody(line)),
    licenseOf: (accountId: string, email: string) =>
      directory.users(accountId).find((user) => user.email === email)?.license,
    calls: () => directory.tally().setLicense ?? 0,
  };
}

function short(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "none";
  return "code" in outcome ? `${outcome.kind} ${outcome.code}` : outcome.kind;
}

/** Changes what the ledger knows of the person's access. */
function headIs(store: MemoryStore, given: HeadState): void {
  changeHead(store, { personId: "p-1", aspect: "access" }, (head) => ({
    answer: undefined,
    next: { ...head, ...given },
  }));
}

describe("after a suspension", () => {
  it("the license goes down when the days of grace are over, and not before", async () => {
    const { leave, publish, pass, waiting, licenseOf } = world();
    const left = await leave();
    const due = (await waiting()).map(({ dueAt }) => (dueAt - noon) / day);
    pass(9);
    const early = [await publish(), licenseOf("lwa", "eve@lwa.example")];
    pass(1);
    expect([left, due, early, await publish(), licenseOf("lwa", "eve@lwa.example")]).toEqual([
      "applied",
      [10],
      [[], "Pro"],
      ["applied"],
      "Basic",
    ]);
  });

  it("whoever is back keeps the license: nothing waits any more, and a copy on its way is superseded", async () => {
    const { leave, back, pass, waiting, processLine, licenseOf } = world();
    await leave();
    const [copy] = await waiting();
    pass(1);
    await back();
    const left = await waiting();
    pass(9);
    expect([left, await processLine(copy?.line ?? ""), licenseOf("lwa", "eve@lwa.example")]).toEqual([
      [],
      "superseded",
      "Pro",
    ]);
  });

  it("who is back under another id of HR, or let in by hand, keeps the license", async () => {
    const { leave, run, pass, publish, licenseOf } = world();
    await leave();
    pass(1);
    const again = aRecord("EmployeeReturned", { id: "again", personId: "p-2", email: "eve@lwa.example" });
    await run("reinstate", again);
    pass(9);
    expect([await publish(), licenseOf("lwa", "eve@lwa.example")]).toEqual([["unchanged"], "Pro"]);
  });

  it("the license waits while somebody is at work on a return", async () => {
    const { store, leave, pass, publish, calls } = world();
    await leave();
    pass(10);
    headIs(store, { claimed: "9" });
    expect([await publish(), calls()]).toEqual([["retry PersonBusy"], 0]);
  });

  it("a license that HR names after the leave stands over it", async () => {
    const { leave, pass, publish, run, licenseOf } = world();
    await leave();
    pass(1);
    const named = aRecord("LicenseChanged", {
      id: "keeps",
      email: "eve@lwa.example",
      occurredAt: new Date(noon + day).toISOString(),
      data: { licenseType: "Pro" },
    });
    await run("relicense", named);
    pass(9);
    expect([await publish(), licenseOf("lwa", "eve@lwa.example")]).toEqual([["superseded"], "Pro"]);
  });

  it("who leaves a second time gets new days of grace", async () => {
    const { leave, pass, waiting } = world();
    await leave();
    pass(3);
    await leave("left again");
    expect((await waiting()).map(({ dueAt }) => (dueAt - noon) / day)).toEqual([13]);
  });

  it("a message that comes again after its worker failed leaves one such license waiting", async () => {
    const { store, leave, waiting } = world();
    const ledger = memoryLedger(store);
    const dying = {
      ...ledger,
      commit: async () => [{ kind: "fault", reason: "the worker died" } as const],
    };
    const first = await leave("left", { ledger: dying });
    expect([first, await leave(), (await waiting()).length]).toEqual([
      "retry LedgerUnavailable",
      "applied",
      1,
    ]);
  });

  it("a license that waits although the ledger failed is held up, and so are older decisions, until the message comes again", async () => {
    const { store, pending, run, publish } = world();
    const event = (type: "EmployeeReturned" | "EmployeeLeft", id: string, minute: number) =>
      aRecord(type, {
        id,
        email: "eve@lwa.example",
        occurredAt: new Date(noon + minute * 60_000).toISOString(),
        data: { role: "engineer" },
      });
    const unclear: typeof pending = {
      ...pending,
      defer: async (decisions) => {
        await pending.defer(decisions);
        return decisions.map(() => ({ kind: "fault", reason: "InternalServerError" }) as const);
      },
    };
    await run("offboard", event("EmployeeLeft", "left", -20));
    const first = await run("reinstate", event("EmployeeReturned", "back", -5), { pending: unclear });
    const meanwhile = [await publish(), await run("offboard", event("EmployeeLeft", "late", -10))];
    const again = await run("reinstate", event("EmployeeReturned", "back", -5));
    expect({ first, meanwhile, again, published: await publish() }).toEqual({
      first: "retry LedgerUnavailable",
      meanwhile: [["retry PersonBusy"], "retry PersonBusy"],
      again: "applied",
      published: ["applied"],
    });
    expect(store.journal.size).toBe(3);
  });

  it("a message comes again if the ledger does not take what follows from it", async () => {
    const { pending, leave, waiting } = world();
    const failing = {
      ...pending,
      defer: async () => [{ kind: "fault", reason: "throttled" } as const],
    };
    const first = await leave("left", { pending: failing });
    expect([first, await leave(), (await waiting()).length]).toEqual([
      "retry LedgerUnavailable",
      "applied",
      1,
    ]);
  });

  it("whoever the directory does not know any more needs no other license", async () => {
    const { leave, pass, waiting, processLine } = world();
    await leave();
    const [copy] = await waiting();
    pass(10);
    const line = copy?.line
      .replaceAll("eve@lwa.example", "gone@lwa.example")
      .replace(/"userId":"[^"]*",/, "");
    expect(await processLine(line ?? "")).toBe("unchanged");
  });
});

describe("after a hire", () => {
  const ada = { email: "ada@team.example", personId: "p-ada" };

  it("the license of the role is set as soon as the user is there", async () => {
    const { hire, publish, licenseOf } = world();
    const hired = await hire("hired", { ...ada, data: { role: "engineer" } });
    const before = licenseOf("team", ada.email);
    expect([hired, before, await publish(), licenseOf("team", ada.email)]).toEqual([
      "applied",
      "Basic",
      ["applied"],
      "Pro",
    ]);
  });

  it("who may have been a leaver once is looked at, though the default license comes with an invitation", async () => {
    const { hire, publish, calls } = world();
    await hire("hired", { ...ada, data: { role: "sales" } });
    expect([await publish(), calls()]).toEqual([["unchanged"], 0]);
  });

  it("who has left again before gets none", async () => {
    const { hire, run, pass, waiting, processLine, calls } = world();
    await hire("hired", { ...ada, data: { licenseType: "Pro" } });
    const [copy] = await waiting();
    pass(1);
    const leave = aRecord("EmployeeLeft", {
      ...ada,
      id: "left",
      occurredAt: new Date(noon + day).toISOString(),
    });
    await run("offboard", leave);
    const kept = (await waiting()).map(({ line }) => JSON.parse(line).detail.data.follows.type);
    expect([kept, await processLine(copy?.line ?? ""), calls()]).toEqual([["EmployeeLeft"], "superseded", 0]);
  });

  it("who registers by themselves gets it after that, beside a license that HR names for a later day", async () => {
    const { hire, waiting, run } = world([]);
    const eve = { email: "eve@lwa.example", data: { licenseType: "Pro" } };
    const waits = await hire("hired", eve);
    const named = aRecord("LicenseChanged", {
      id: "later",
      email: "eve@lwa.example",
      data: { licenseType: "Basic", effectiveAt: "2026-06-01T00:00:00Z" },
    });
    await run("relicense", named);
    expect([waits, (await waiting()).length]).toEqual(["deferred", 2]);
  });
});

describe("a license that follows and can never be published", () => {
  /** Passes as it is, and has no room for what a follow-up adds. */
  const attributes = { [`a${"x".repeat(MAX_REQUEST_BYTES - 250)}`]: "x" };

  /** Runs one event, and tells its whole outcome. */
  async function outcomeOf(intent: Intent, record: ReturnType<typeof aRecord>, policy = rules) {
    const { store, pending, directory } = world();
    const { outcomes } = await runBatch([record], { intent, directory, store, rules: policy });
    return { outcome: outcomes[0], waiting: await collect(pending.list()), directory, store };
  }

  it("because the bus takes nothing so large is told once, as a dead letter of the hire", async () => {
    const hired = aRecord("EmployeeHired", {
      id: "hired",
      email: "new@team.example",
      data: { role: "engineer", attributes },
    });
    const { outcome, waiting, directory } = await outcomeOf("onboard", hired);
    expect({ outcome, waiting, invited: directory.carried("create") }).toEqual({
      outcome: {
        kind: "rejected",
        code: "LicenseNotKept",
        reason: expect.stringMatching(
          /^the person has access, but the license that follows is not kept: TooLarge: expected an entry of less than 262144 bytes; got \d+; set the license Pro by hand/,
        ),
        carriedOut: true,
      },
      waiting: [],
      invited: [["new@team.example"]],
    });
  });

  it("because it breaks the schema is told once, as a dead letter of the leave", async () => {
    const policy = toPolicyRules(
      policySchema.parse({
        afterSuspension: { license: { to: " Basic", afterDays: 10 } },
        accounts: [{ id: "lwa", domains: ["lwa.example"] }],
      }),
    );
    const left = aRecord("EmployeeLeft", { id: "left", email: "eve@lwa.example" });
    const { outcome, waiting, directory, store } = await outcomeOf("offboard", left, policy);
    expect({ outcome, waiting, suspended: directory.carried("suspend") }).toEqual({
      outcome: {
        kind: "rejected",
        code: "LicenseNotKept",
        reason: expect.stringMatching(
          /^the person is suspended, but the license that follows is not kept: data\.licenseType: expected printable text .*; set the license {2}Basic by hand/,
        ),
        carriedOut: true,
      },
      waiting: [],
      suspended: [["u-eve"]],
    });
    expect([...store.journal.values()].map(({ outcome: end, code }) => [end, code])).toEqual([
      ["rejected", "LicenseNotKept"],
    ]);
  });

  it("holds up nobody else: a neighbour's license waits for its day", async () => {
    const { store, pending, directory } = world();
    const records = ["a", "b"].map((name) =>
      aRecord("EmployeeHired", {
        id: name,
        personId: name,
        email: `${name}@team.example`,
        data: { role: "engineer", ...(name === "a" && { attributes }) },
      }),
    );
    await runBatch(records, { intent: "onboard", directory, store, rules });
    expect((await collect(pending.list())).map(({ personId }) => personId)).toContain("b");
  });
});
