import { describe, expect, it } from "vitest";
import { chimeAccountTypes, chimeLimits } from "../../src/directory/chime/chimeCapabilities.ts";
import type { Failure } from "../../src/directory/directory.ts";
import { memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import type { ResolvedPerson } from "../../src/provisioning/decision.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import {
  combineOutcomes,
  planPostSuspensionActions,
  postSuspensionActionsOf,
} from "../../src/provisioning/postSuspensionActions.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import { type FakeDirectory, fakeDirectory, type RecordedCall } from "../directory/fakeDirectory.ts";
import { aRecord } from "./records.ts";
import { type Run, runBatch, timeFor } from "./runBatch.ts";
import { aFailure, aGroup, aPerson, aUser } from "./samples.ts";

const accountIds = ["team", "lwa"] as const;

/** The policy that asks for both after a suspension, or for what is given. */
const rulesWith = (afterSuspension: { signOut?: boolean; resetPin?: boolean }) =>
  toPolicyRules({
    afterSuspension,
    accounts: accountIds.map((id) => ({ id, domains: [`${id}.example`], licensePerRole: {} })),
  });
const both = rulesWith({ signOut: true, resetPin: true });

function company(size = 3): FakeDirectory {
  const usersOf = (account: string) =>
    Array.from({ length: size }, (_, index) =>
      aUser({ userId: `${account}-${index}`, email: `n${index}@${account}.example` }),
    );
  return fakeDirectory([
    { accountId: "team", type: "Team", users: usersOf("team") },
    { accountId: "lwa", type: "EnterpriseLWA", users: usersOf("lwa") },
  ]);
}

interface Leaver {
  account?: string;
  index?: number;
  urgent?: boolean;
  receiveCount?: number;
  hasId?: boolean;
}

function left({ account = "team", index = 0, urgent = false, receiveCount = 1, hasId = true }: Leaver = {}) {
  const name = `${account}-${index}`;
  const record = aRecord("EmployeeLeft", {
    id: `left-${name}`,
    personId: `p-${name}`,
    email: `n${index}@${account}.example`,
    data: { ...(hasId && { userId: name }), ...(urgent && { urgency: "immediate" }) },
  });
  return { ...record, receiveCount };
}

function processLeavers(directory: FakeDirectory, leavers: Leaver[], run: Partial<Run> = {}) {
  return runBatch(leavers.map(left), { intent: "offboard", directory, rules: both, ...run });
}

/** The calls that change users, in the order in which they began. */
function changes({ calls }: FakeDirectory): string[] {
  return calls.flatMap(({ request }: RecordedCall) =>
    "entries" in request
      ? [`${request.operation} ${request.entries.map(({ target }) => target).join(" ")}`]
      : [],
  );
}

function words(outcomes: readonly Outcome[]): string[] {
  return outcomes.map((outcome) => ("code" in outcome ? `${outcome.kind} ${outcome.code}` : outcome.kind));
}

function failing(operation: "signOut" | "resetPin", failure: Failure) {
  return (_: string, call: { operation: string }) => (call.operation === operation ? failure : undefined);
}

describe("after a suspension", () => {
  it.each([
    { asked: {}, calls: ["suspend team-0", "suspend lwa-0"] },
    { asked: { signOut: true }, calls: ["suspend team-0", "suspend lwa-0", "signOut team-0"] },
    {
      asked: { resetPin: true },
      calls: ["suspend team-0", "suspend lwa-0", "resetPin team-0", "resetPin lwa-0"],
    },
  ])("a policy that asks for $asked gets just that, where the account needs it", async ({ asked, calls }) => {
    const directory = company();
    const { outcomes } = await processLeavers(directory, [{}, { account: "lwa" }], {
      rules: rulesWith(asked),
    });
    expect([words(outcomes), changes(directory)]).toEqual([["applied", "applied"], calls]);
  });

  it("every suspension of every account goes before the first sign-out, also one that is made by address", async () => {
    const directory = company();
    const lost = left({ index: 1 });
    const records = [
      left(),
      { ...lost, body: lost.body.replace('"team-1"', '"gone"') },
      left({ account: "lwa" }),
    ];
    const { outcomes } = await runBatch(records, {
      intent: "offboard",
      directory,
      rules: both,
      concurrency: 1,
    });
    expect([words(outcomes), changes(directory)]).toEqual([
      ["applied", "applied", "applied"],
      [
        "suspend team-0 gone",
        "suspend lwa-0",
        "suspend team-1",
        "signOut team-0",
        "signOut team-1",
        "resetPin team-0",
        "resetPin team-1",
        "resetPin lwa-0",
      ],
    ]);
  });

  it("those who leave at once are signed out first", async () => {
    const directory = company();
    await processLeavers(directory, [{}, { index: 1, urgent: true }], { concurrency: 1 });
    expect(changes(directory).slice(1)).toEqual([
      "signOut team-1",
      "resetPin team-1",
      "signOut team-0",
      "resetPin team-0",
    ]);
  });

  it("keeps older decisions out until the sign-out that was throttled has been made", async () => {
    const directory = company();
    const run = { directory, store: memoryStore(), rules: both };
    directory.faults.target = failing("signOut", aFailure("throttled"));
    const first = words((await runBatch([left()], { intent: "offboard", ...run })).outcomes);
    delete directory.faults.target;
    const older = aRecord("EmployeeHired", {
      id: "older",
      personId: "p-team-0",
      email: "n0@team.example",
      occurredAt: "2026-05-13T11:00:00Z",
    });
    const between = words((await runBatch([older], { intent: "onboard", ...run })).outcomes);
    const again = words((await runBatch([left()], { intent: "offboard", ...run })).outcomes);
    const later = words((await runBatch([older], { intent: "onboard", ...run })).outcomes);
    expect([first, between, again, later]).toEqual([
      ["retry Code"],
      ["retry PersonBusy"],
      ["applied"],
      ["superseded"],
    ]);
  });

  it.each(["throttled", "transient", "contended", "unknown", "configuration"] as const)(
    "a sign-out that fails as %s brings the message back, and all of it is done then",
    async (failureClass) => {
      const directory = company();
      const store = memoryStore();
      directory.faults.target = failing("signOut", aFailure(failureClass));
      const first = await processLeavers(directory, [{}], { store });
      directory.faults = {};
      const second = await processLeavers(directory, [{ receiveCount: 2 }], { store });
      expect([words(first.outcomes), words(second.outcomes), directory.carried("signOut").length]).toEqual([
        ["retry Code"],
        ["applied"],
        2,
      ]);
      expect(first.outcomes).toMatchObject([
        { reason: "the person is suspended, but not signed out yet: what happened" },
      ]);
    },
  );

  it.each([
    ["signOut", "NotSignedOut", "not signed out", "sign the person out by hand"],
    ["resetPin", "PinNotReset", "the PIN is not replaced", "replace the PIN by hand"],
  ] as const)("a %s that can never pass is a dead letter that says how far it came", async (...row) => {
    const [operation, code, isLeft, byHand] = row;
    const directory = company();
    directory.faults.target = failing(operation, aFailure("permanent"));
    const { outcomes } = await processLeavers(directory, [{}, { account: "lwa", index: 1 }]);
    const reason = `the person is suspended, but ${isLeft}: Code: what happened; ${byHand}, or redrive the message`;
    expect(outcomes[0]).toEqual({ kind: "rejected", code, reason, carriedOut: true });
    expect([directory.users("team")[0]?.state, directory.users("lwa")[1]?.state]).toEqual([
      "suspended",
      "suspended",
    ]);
  });

  it("failures of both actions are in one dead letter, and a temporary failure goes before them", async () => {
    const directory = company();
    directory.faults.target = (_, { operation }) =>
      operation === "suspend" ? undefined : aFailure("permanent");
    const hopeless = await processLeavers(directory, [{}]);
    directory.faults.target = (_, { operation }) =>
      operation === "suspend" ? undefined : aFailure(operation === "signOut" ? "permanent" : "throttled");
    const again = await processLeavers(directory, [{ index: 1 }]);
    expect([words(hopeless.outcomes), words(again.outcomes)]).toEqual([
      ["rejected NotSignedOut"],
      ["retry Code"],
    ]);
    expect(hopeless.outcomes).toMatchObject([
      { reason: expect.stringMatching(/not signed out.*And: .*PIN/) },
    ]);
  });

  it("of two that are to be tried again the one goes first that may still happen: nobody else acts meanwhile", async () => {
    const directory = company();
    directory.faults.target = (_, { operation }) =>
      operation === "suspend"
        ? undefined
        : aFailure("transient", operation === "resetPin" ? { code: "InDoubt", mayStillHappen: true } : {});
    const { outcomes } = await processLeavers(directory, [{}]);
    expect(outcomes).toEqual([
      {
        kind: "retry",
        code: "InDoubt",
        reason: "the person is suspended, but the PIN is not replaced yet: what happened",
        mayStillHappen: true,
        carriedOut: true,
      },
    ]);
  });

  it("whoever is found suspended and signed out now keeps the request id of that call", () => {
    const group = aGroup({});
    const call = {
      operation: "signOut",
      accountId: "team",
      entries: [{ target: "u-1", groups: [group] }],
    } as const;
    const results = new Map([["u-1", { kind: "done" as const }]]);
    const performed = { call, started: true, requestId: "r-2", results };
    const alreadySo = { kind: "unchanged", because: "alreadySo" } as const;
    const applied = { kind: "applied", requestId: "r-1" } as const;
    const combined = [alreadySo, applied].map((outcome) =>
      combineOutcomes([performed], [{ group, outcome }]),
    );
    expect(combined.flat().map(({ outcome }) => outcome)).toEqual([
      { kind: "applied", requestId: "r-2" },
      applied,
    ]);
    expect(combineOutcomes([{ ...performed, halved: true }], [{ group, outcome: alreadySo }])).toEqual([
      { group, outcome: alreadySo },
    ]);
  });

  it("a user whom the sign-out does not know is not looked up anew", async () => {
    const directory = company();
    directory.faults.target = failing("signOut", aFailure("noSuchUser"));
    const { outcomes } = await processLeavers(directory, [{}]);
    expect([words(outcomes), changes(directory)]).toEqual([
      ["rejected NotSignedOut"],
      ["suspend team-0", "signOut team-0", "resetPin team-0"],
    ]);
  });

  it("whoever could not be suspended is not signed out", async () => {
    const directory = company();
    directory.faults.target = failing("signOut", aFailure("permanent"));
    directory.faults.target = (target, { operation }) =>
      operation === "suspend" && target === "team-0" ? aFailure("throttled") : undefined;
    const { outcomes } = await processLeavers(directory, [{}, { index: 1 }]);
    expect([words(outcomes), directory.carried("signOut")]).toEqual([
      ["retry Code", "applied"],
      [["team-1"]],
    ]);
  });

  it("what the time does not allow comes again", async () => {
    const directory = company();
    const { outcomes } = await processLeavers(directory, [{}], { budget: timeFor(2) });
    expect([words(outcomes), changes(directory)]).toEqual([["retry OutOfTime"], ["suspend team-0"]]);
  });

  it("a sign-out without an answer keeps the person's claim: nobody else acts meanwhile", async () => {
    const directory = company();
    const store = memoryStore();
    directory.faults.target = failing("signOut", aFailure("transient", { mayStillHappen: true }));
    await processLeavers(directory, [{}], { store });
    const lease = { owner: "another", now: Date.parse("2026-05-14T12:00:00Z"), until: 0 };
    const { outcomes } = await runBatch([left({ receiveCount: 2 })], {
      intent: "offboard",
      directory,
      store,
      rules: both,
      ...{ lease },
    });
    expect(words(outcomes)).toEqual(["retry PersonBusy"]);
  });

  it("whoever is found suspended is signed out all the same: a worker may have died in between", async () => {
    const directory = company();
    const store = memoryStore();
    await new Promise<void>((killed) => {
      const dying: FakeDirectory = {
        ...directory,
        perform: (call, time) => {
          if (call.operation !== "signOut") return directory.perform(call, time);
          killed();
          return new Promise(() => undefined);
        },
      };
      void processLeavers(dying, [{ hasId: false }], { store, concurrency: 1 });
    });
    store.identities.clear();
    const { outcomes } = await processLeavers(directory, [{ hasId: false, receiveCount: 2 }], { store });
    expect([words(outcomes), changes(directory)]).toEqual([
      ["applied"],
      ["suspend team-0", "signOut team-0", "resetPin team-0"],
    ]);
  });

  it("the safeguard counts nobody twice whose sign-out is tried again and again", async () => {
    const directory = company(8);
    const store = memoryStore();
    const admissions = memorySafeguardStore();
    const limits = { atLeast: 8, percent: 0, windowMinutes: 60, immediate: 0 };
    directory.faults.target = failing("signOut", aFailure("throttled"));
    const leavers = Array.from({ length: 8 }, (_, index) => ({ index }));
    const tries = [];
    for (let attempt = 0; attempt < 4; attempt += 1)
      tries.push(words((await processLeavers(directory, leavers, { store, admissions, limits })).outcomes));
    directory.faults = {};
    const last = await processLeavers(directory, leavers, { store, admissions, limits });
    expect([tries.flat(), words(last.outcomes)]).toEqual([
      Array(32).fill("retry Code"),
      Array(8).fill("applied"),
    ]);
  });

  it("who was suspended and never signed out is not counted again, nor held, when the dead letter is redriven", async () => {
    const directory = company();
    const store = memoryStore();
    const admissions = memorySafeguardStore();
    const limits = { atLeast: 1, percent: 0, windowMinutes: 60, immediate: 0 };
    directory.faults.target = failing("signOut", aFailure("permanent"));
    const first = await processLeavers(directory, [{}], { store, admissions, limits });
    directory.faults = {};
    const again = await processLeavers(directory, [{}], { store, admissions, limits });
    expect([words(first.outcomes), words(again.outcomes)]).toEqual([["rejected NotSignedOut"], ["applied"]]);
  });

  it("a copy of what was done signs nobody out again", async () => {
    const directory = company();
    const store = memoryStore();
    await processLeavers(directory, [{}], { store });
    const { outcomes } = await processLeavers(directory, [{}], { store });
    expect([words(outcomes), directory.carried("signOut")]).toEqual([["unchanged"], [["team-0"]]]);
  });

  it("a policy that asks for nothing costs the floor: a call for each 50", async () => {
    const directory = company(120);
    const leavers = Array.from({ length: 120 }, (_, index) => ({ index }));
    await processLeavers(directory, leavers, { rules: rulesWith({}) });
    expect(directory.tally()).toEqual({ getAccount: 1, suspend: 3 });
  });
});

describe("what follows a suspension", () => {
  const asked = { signOut: true, resetPin: true, license: undefined };
  const plannedFor = (person: ResolvedPerson, outcome: Outcome | undefined) =>
    planPostSuspensionActions(
      [person],
      outcome === undefined ? [] : [{ group: person.group, outcome }],
      () => asked,
      () => chimeLimits,
    ).map(({ operation, entries }) => [operation, ...entries.map(({ target }) => target)]);
  const alreadySo = { kind: "unchanged", because: "alreadySo" } as const;

  it.each<[string, Outcome | undefined]>([
    ["a copy of an event", { kind: "unchanged", because: "duplicate" }],
    ["who gave way to a newer decision", { kind: "superseded", by: "e-2" }],
    ["who was not found", { kind: "rejected", code: "UserNotFound", reason: "unknown" }],
    ["who is held", { kind: "held", rule: "SuspensionLimit" }],
    ["of whom nothing is known yet", undefined],
  ])("is nothing for %s", (_, outcome) => {
    expect(plannedFor(aPerson({}), outcome)).toEqual([]);
  });

  it.each<[string, Outcome]>([
    ["was suspended", { kind: "applied", requestId: "r-1" }],
    ["was suspended already", alreadySo],
  ])("is a sign-out and a new PIN for who %s", (_, outcome) => {
    expect(plannedFor(aPerson({}), outcome)).toEqual([
      ["signOut", "u-1"],
      ["resetPin", "u-1"],
    ]);
  });

  it("is nothing where the account could not be read, or there is no user", () => {
    const account = { kind: "failed", failure: aFailure("transient") } as const;
    expect([
      plannedFor(aPerson({}, { account }), alreadySo),
      plannedFor(aPerson({}, { user: { kind: "absent" } }), alreadySo),
    ]).toEqual([[], []]);
  });

  it("is asked of leavers alone, and of no account that takes no orders", () => {
    const { Team, EnterpriseOIDC } = chimeAccountTypes;
    expect([
      postSuspensionActionsOf(Team, asked),
      plannedFor(aPerson({ intent: "onboard" }), { kind: "applied", requestId: "r-1" }),
      postSuspensionActionsOf(EnterpriseOIDC, asked),
    ]).toEqual([["signOut", "resetPin"], [], []]);
  });
});
