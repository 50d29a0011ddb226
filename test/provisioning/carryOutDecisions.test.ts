import { describe, expect, it } from "vitest";
import { accountCache, scanMemory } from "../../src/directory/directoryCache.ts";
import { memoryLedger, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache } from "../../src/ledger/memory/memoryPorts.ts";
import {
  type CarriedOut,
  type CarryOutContext,
  carryOutDecisions,
} from "../../src/provisioning/carryOutDecisions.ts";
import type { Grant } from "../../src/provisioning/claimDecisions.ts";
import type { PersonDecisions, ScopedDecision } from "../../src/provisioning/decision.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aDecision, aGroup, aUser, noon } from "./samples.ts";

describe("carryOutDecisions", () => {
  const ada = aUser({ userId: "u-ada", email: "ada@example.com" });
  const grace = aUser({ userId: "u-grace", email: "grace@example.com" });

  function setUp() {
    const directory = fakeDirectory([{ accountId: "team", type: "Team", users: [ada, grace] }]);
    const context: CarryOutContext = {
      directory,
      accounts: accountCache(() => noon),
      identities: memoryIdentityCache(memoryStore()),
      scans: scanMemory(() => noon),
      safeguard: { store: memorySafeguardStore(), limitsOf: () => undefined, onFault: () => undefined },
      clock: () => noon,
      budget: () => ({ milliseconds: 1000 }),
      concurrency: 4,
      ledger: memoryLedger(memoryStore()),
      rules: {
        findAccountIds: () => [],
        findAfterSuspension: () => ({ signOut: false, resetPin: false, license: undefined }),
      },
    };
    return { directory, context };
  }

  function granted(
    groups: readonly PersonDecisions<ScopedDecision>[],
    interrupted = false,
  ): Map<PersonDecisions<ScopedDecision>, Grant> {
    return new Map(groups.map((group) => [group, { kind: "granted", interrupted, pending: [] }]));
  }

  function words({ results }: CarriedOut): Record<string, string> {
    return Object.fromEntries(
      results.map(({ group, outcome }) => [
        group.newest.personId,
        outcome.kind === "rejected" || outcome.kind === "retry"
          ? `${outcome.kind} ${outcome.code}`
          : outcome.kind,
      ]),
    );
  }

  it("takes the event's id as it is, and looks up who has none", async () => {
    const { directory, context } = setUp();
    const groups = [
      aGroup({ personId: "ada", email: ada.email, userId: ada.userId }),
      aGroup({ personId: "grace", email: grace.email }),
    ];
    const done = await carryOutDecisions(granted(groups), context);
    expect([words(done), directory.tally(), directory.carried("suspend")]).toEqual([
      { ada: "applied", grace: "applied" },
      { getAccount: 1, findUser: 1, suspend: 1 },
      [["u-ada", "u-grace"]],
    ]);
  });

  it("looks up by address whoever turns out to be unknown by an id, and tries those once more", async () => {
    const { directory, context } = setUp();
    const ofGrace = aGroup({ personId: "grace", email: grace.email, receiveCount: 2 });
    const { personId, email, version } = ofGrace.newest;
    await context.identities.remember("team", [{ personId, email, userId: "u-gone", onlyFor: version }]);
    const groups = [
      aGroup({ personId: "ada", email: ada.email, userId: "u-wrong" }),
      ofGrace,
      aGroup({ personId: "nobody", email: "nobody@example.com", userId: "u-nobody" }),
    ];
    const done = await carryOutDecisions(granted(groups), context);
    expect([words(done), directory.carried("suspend")]).toEqual([
      { ada: "applied", grace: "applied", nobody: "rejected UserNotFound" },
      [
        ["u-wrong", "u-gone", "u-nobody"],
        ["u-ada", "u-grace"],
      ],
    ]);
    expect(done.results.length).toBe(3);
    const recalled = await context.identities.recall("team", [{ personId, email, versions: [version] }]);
    expect([...recalled]).toEqual([[grace.email, "u-grace"]]);
  });

  it("serves each by the own address of two to whom HR gave one wrong id", async () => {
    const { directory, context } = setUp();
    const change = { intent: "relicense", userId: "u-wrong" } as const;
    const groups = [
      aGroup({ ...change, personId: "ada", eventId: "e-1", email: ada.email, licenseType: "Pro" }),
      aGroup({ ...change, personId: "grace", eventId: "e-2", email: grace.email, licenseType: "Basic" }),
    ];
    const done = await carryOutDecisions(granted(groups), context);
    expect([words(done), directory.carried("setLicense")]).toEqual([
      { ada: "applied", grace: "unchanged" },
      [["u-wrong"], ["u-ada"]],
    ]);
  });

  it("does not look up who shares that id, and asks for a license that the account does not have", async () => {
    const { directory, context } = setUp();
    const change = { intent: "relicense", userId: "u-wrong" } as const;
    const groups = [
      aGroup({ ...change, personId: "ada", eventId: "e-1", email: ada.email, licenseType: "Pro" }),
      aGroup({ ...change, personId: "grace", eventId: "e-2", email: grace.email, licenseType: "Plus" }),
    ];
    const done = await carryOutDecisions(granted(groups), context);
    expect([words(done), directory.tally()]).toEqual([
      { ada: "applied", grace: "rejected LicenseNotSupported" },
      { getAccount: 1, findUser: 1, setLicense: 2 },
    ]);
  });

  it("looks up again whom it has just looked up and who is unknown then, and rejects who is still shown", async () => {
    const { directory, context } = setUp();
    directory.faults.target = () => ({ class: "noSuchUser", code: "NotFound", message: "gone" });
    const leaves = aGroup({ personId: "ada", email: ada.email });
    const licensed = aGroup({
      personId: "grace",
      email: grace.email,
      intent: "relicense",
      licenseType: "Pro",
    });
    const done = [await carryOutDecisions(granted([leaves]), context)];
    const ofLeaver = directory.tally();
    done.push(await carryOutDecisions(granted([licensed]), context));
    expect([done.map(words), ofLeaver, directory.tally().findUser]).toEqual([
      [{ ada: "rejected NotFound" }, { grace: "rejected NotFound" }],
      { getAccount: 1, findUser: 2, suspend: 2 },
      4,
    ]);
  });

  const hire = { intent: "onboard", personId: "ada", email: ada.email } as const;
  it.each<[string, PersonDecisions<ScopedDecision>, boolean]>([
    ["for the first time", aGroup(hire), false],
    ["with an id that the call has no use for", aGroup({ ...hire, userId: ada.userId }), false],
    ["again", aGroup({ ...hire, receiveCount: 2 }), true],
    ["beside a copy that came before", aGroup(hire, { duplicates: [aDecision({ receiveCount: 2 })] }), true],
    ["beside an older one that came before", aGroup(hire, { older: [aDecision({ receiveCount: 2 })] }), true],
  ])(
    "a hire that comes %s: is the person looked up before an invitation goes out?",
    async (_, group, isAsked) => {
      const { directory, context } = setUp();
      const done = await carryOutDecisions(granted([group]), context);
      expect([words(done), directory.tally()]).toEqual(
        isAsked
          ? [{ ada: "unchanged" }, { getAccount: 1, findUser: 1 }]
          : [{ ada: "applied" }, { getAccount: 1, create: 1 }],
      );
    },
  );

  it("looks up before an invitation if an earlier try never came to its end", async () => {
    const { directory, context } = setUp();
    const done = await carryOutDecisions(granted([aGroup(hire)], true), context);
    expect([words(done), directory.tally()]).toEqual([{ ada: "unchanged" }, { getAccount: 1, findUser: 1 }]);
  });
});
