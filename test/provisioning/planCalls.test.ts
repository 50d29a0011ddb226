import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chimeAccountTypes, chimeLimits } from "../../src/directory/chime/chimeCapabilities.ts";
import { type DirectoryAccount, type DirectoryUser, unknownLicense } from "../../src/directory/directory.ts";
import { compareDecisions } from "../../src/ledger/decisionOrder.ts";
import type { Intent } from "../../src/pipelineSettings.ts";
import type { ResolvedPerson, ScopedDecision, UserResolution } from "../../src/provisioning/decision.ts";
import {
  coalesce,
  type DesiredChange,
  decideChange,
  type PlannedCall,
  planCalls,
  waitForUser,
} from "../../src/provisioning/planCalls.ts";
import { aDesiredChange, aFailure, anAccount, aPerson, aUser, noon } from "./samples.ts";

describe("planCalls", () => {
  describe("planCalls", () => {
    const limits = { ...chimeLimits, suspend: 2 };

    function leaver(name: string, given: { urgent?: boolean; accountId?: string } = {}): ResolvedPerson {
      const { urgent = false, accountId = "team" } = given;
      return aPerson(
        { personId: name, urgent, accountId },
        {
          account: { kind: "found", value: anAccount({ accountId, limits }) },
          user: { kind: "known", userId: name },
        },
      );
    }

    function targets(people: readonly ResolvedPerson[]): string[][] {
      const { calls } = planCalls(people, noon);
      return calls.map(({ accountId, entries }) => [accountId, ...entries.map(({ target }) => target)]);
    }

    it("asks for people in the order of their messages", () => {
      expect(targets(["a", "b", "c"].map((name) => leaver(name)))).toEqual([
        ["team", "a", "b"],
        ["team", "c"],
      ]);
    });

    it("puts the urgent into the first calls, together", () => {
      const people = ["a", "b", "c!", "d", "e!"].map((name) => leaver(name, { urgent: name.endsWith("!") }));
      expect(targets(people)).toEqual([
        ["team", "c!", "e!"],
        ["team", "a", "b"],
        ["team", "d"],
      ]);
    });

    it("takes a call for urgent if one of two people is who are one user", () => {
      const people = [
        leaver("a"),
        leaver("a", { urgent: true }),
        leaver("b"),
        leaver("c"),
        leaver("d", { accountId: "lwa", urgent: true }),
      ];
      expect(targets(people)).toEqual([
        ["team", "a", "b"],
        ["lwa", "d"],
        ["team", "c"],
      ]);
    });

    it("makes no urgent one wait for the routine calls of another account", () => {
      const people = [
        leaver("a", { urgent: true }),
        leaver("b"),
        leaver("c"),
        leaver("d", { accountId: "lwa" }),
        leaver("e", { accountId: "lwa", urgent: true }),
      ];
      expect(targets(people)).toEqual([
        ["team", "a", "b"],
        ["lwa", "e", "d"],
        ["team", "c"],
      ]);
    });

    it("gives a result to people who need no call, and to those who gave way, without one", () => {
      const managed = anAccount({
        accountId: "oidc",
        type: "EnterpriseOIDC",
        ...chimeAccountTypes.EnterpriseOIDC,
      });
      const license = (licenseType: string, eventId: string) =>
        aPerson({ intent: "relicense", licenseType, eventId, personId: eventId });
      const people = [
        aPerson({ personId: "managed" }, { account: { kind: "found", value: managed } }),
        license("Basic", "e-1"),
        license("Pro", "e-2"),
      ];
      const { calls, results } = planCalls(people, noon);
      expect(calls.map(({ entries }) => entries)).toEqual([
        [{ target: "u-1", license: "Pro", groups: [people[2]?.group] }],
      ]);
      expect(results).toEqual([
        { group: people[0]?.group, outcome: expect.objectContaining({ code: "ManagedInDirectory" }) },
        { group: people[1]?.group, outcome: { kind: "superseded", by: "e-2" } },
      ]);
    });

    it("of the same people is the same", () => {
      const people = ["a", "b!", "c"].map((name) => leaver(name, { urgent: name.endsWith("!") }));
      expect(planCalls(people, noon)).toEqual(planCalls(people, noon));
    });
  });

  describe("coalesce", () => {
    /** Limits small enough that the cuts come often. */
    const limits = { suspend: 3, unsuspend: 3, create: 3, setLicense: 2, signOut: 1, resetPin: 1 };
    const limitsOf = () => limits;

    it("makes no call for nobody", () => {
      expect(coalesce([], limitsOf)).toEqual({ calls: [], superseded: [] });
    });

    it("fills one call after the other, in the order of the changes", () => {
      const changes = ["a", "b", "c", "d"].map((target) => aDesiredChange({}, { target }));
      expect(coalesce(changes, limitsOf).calls.map(targets)).toEqual([["a", "b", "c"], ["d"]]);
    });

    it("keeps accounts and operations apart", () => {
      const changes = [
        aDesiredChange({}, { target: "a" }),
        aDesiredChange({}, { target: "a", accountId: "lwa" }),
        aDesiredChange({}, { target: "a", operation: "unsuspend", accountId: "lwa" }),
        aDesiredChange({}, { target: "b" }),
      ];
      const calls = coalesce(changes, limitsOf).calls.map((call) => [
        call.operation,
        call.accountId,
        targets(call),
      ]);
      expect(calls).toEqual([
        ["suspend", "team", ["a", "b"]],
        ["suspend", "lwa", ["a"]],
        ["unsuspend", "lwa", ["a"]],
      ]);
    });

    it("carries a user once, for all the people of HR who are this user", () => {
      const changes = ["p-1", "p-2"].map((personId) => aDesiredChange({ personId }, { target: "a" }));
      const { calls, superseded } = coalesce(changes, limitsOf);
      expect(calls.flatMap(({ entries }) => entries)).toStrictEqual([
        { target: "a", groups: changes.map(({ group }) => group) },
      ]);
      expect(superseded).toEqual([]);
    });

    it("lets the newest decide between different licenses for one user", () => {
      const license = (licenseType: string, minute: number) =>
        aDesiredChange(
          { personId: `p-${minute}`, eventId: `e-${minute}`, occurredAt: noon + minute },
          { operation: "setLicense", target: "a", license: licenseType },
        );
      const changes = [license("Pro", 1), license("Basic", 3), license("Plus", 2), license("Basic", 0)];
      const { calls, superseded } = coalesce(changes, limitsOf);
      expect(calls.flatMap(({ entries }) => entries)).toEqual([
        { target: "a", license: "Basic", groups: [changes[1]?.group, changes[3]?.group] },
      ]);
      expect(superseded).toEqual([
        { change: changes[0], by: "e-3" },
        { change: changes[2], by: "e-3" },
      ]);
    });

    it("makes exactly one call for every fifty users, and for every twenty licenses", () => {
      const calls = [1, 49, 50, 51, 100, 101, 1000].map((n) => [
        callsFor("suspend", n),
        callsFor("setLicense", n),
      ]);
      expect(calls).toEqual([
        [1, 1],
        [1, 3],
        [1, 3],
        [2, 3],
        [2, 5],
        [3, 6],
        [20, 50],
      ]);
    });

    describe("whatever the changes are,", () => {
      it("no call is empty, too long or carries a user twice, and there is not one call too many", () => {
        fc.assert(
          fc.property(fc.array(change), (changes) => {
            const { calls } = coalesce(changes, limitsOf);
            for (const call of calls) {
              expect(call.entries.length).toBeGreaterThan(0);
              expect(call.entries.length).toBeLessThanOrEqual(limits[call.operation]);
              expect(new Set(targets(call)).size).toBe(call.entries.length);
            }
            expect(calls.length).toBe(floor(changes));
          }),
        );
      });

      it("each is in exactly one call or gave way to a newer one about the same user", () => {
        fc.assert(
          fc.property(fc.array(change), (changes) => {
            const { calls, superseded } = coalesce(changes, limitsOf);
            const served = calls.flatMap(({ entries }) => entries.flatMap(({ groups }) => groups));
            const gaveWay = superseded.map((loser) => loser.change.group);
            expect(ids([...served, ...gaveWay])).toEqual(ids(changes.map(({ group }) => group)));
            for (const loser of superseded) {
              const winner = changes.find(({ group }) => group.newest.eventId === loser.by);
              expect(sameUser(winner, loser.change)).toBe(true);
              expect(winner?.license).not.toBe(loser.change.license);
              expect(winner && compareDecisions(winner.group.newest, loser.change.group.newest)).toBe(1);
            }
            for (const call of calls) {
              for (const { target, license, groups } of call.entries) {
                const wanted = changes.filter(({ group }) => groups.includes(group));
                const { operation, accountId } = call;
                expect(wanted.every((one) => sameUser(one, { operation, accountId, target }))).toBe(true);
                expect(wanted.every((one) => one.license === license)).toBe(true);
              }
            }
          }),
        );
      });

      it("the same changes make the same calls, and their order decides nothing but the order", () => {
        fc.assert(
          fc.property(fc.array(change).chain(twoOrders), ([one, other]) => {
            expect(coalesce(one, limitsOf)).toEqual(coalesce(one, limitsOf));
            expect(asSet(other)).toEqual(asSet(one));
          }),
        );
      });
    });

    const change: fc.Arbitrary<DesiredChange> = fc
      .record({
        eventId: fc.uuid(),
        occurredAt: fc.integer({ min: noon, max: noon + 2 }),
        accountId: fc.constantFrom("team", "lwa"),
        target: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
        kind: fc.constantFrom("suspend" as const, "unsuspend" as const, "Basic" as const, "Pro" as const),
      })
      .map(({ eventId, occurredAt, kind, accountId, target }) =>
        aDesiredChange(
          { eventId, occurredAt, personId: eventId },
          kind === "suspend" || kind === "unsuspend"
            ? { operation: kind, accountId, target }
            : { operation: "setLicense", license: kind, accountId, target },
        ),
      );

    function targets({ entries }: PlannedCall): string[] {
      return entries.map(({ target }) => target);
    }

    function callsFor(operation: "suspend" | "setLicense", users: number): number {
      const changes = Array.from({ length: users }, (_, index) =>
        aDesiredChange({}, { operation, target: `u-${index}` }),
      );
      return coalesce(changes, () => chimeLimits).calls.length;
    }

    /** The least number of calls: for each account and operation, the users divided by the limit. */
    function floor(changes: readonly DesiredChange[]): number {
      const users = new Map<string, Set<string>>();
      for (const { operation, accountId, target } of changes) {
        const key = `${operation}@${accountId}`;
        users.set(key, (users.get(key) ?? new Set()).add(target));
      }
      return [...users].reduce((sum, [key, { size }]) => {
        return sum + Math.ceil(size / (key.startsWith("setLicense") ? limits.setLicense : 3));
      }, 0);
    }

    function ids(groups: readonly DesiredChange["group"][]): string[] {
      return groups.map(({ newest }) => newest.eventId).sort();
    }

    function sameUser(
      a: Pick<DesiredChange, "operation" | "accountId" | "target"> | undefined,
      b: Pick<DesiredChange, "operation" | "accountId" | "target">,
    ): boolean {
      return a?.operation === b.operation && a.accountId === b.accountId && a.target === b.target;
    }

    function twoOrders(changes: DesiredChange[]) {
      const all = { minLength: changes.length, maxLength: changes.length };
      return fc.tuple(fc.constant(changes), fc.shuffledSubarray(changes, all));
    }

    /** Which changes are served together and with what, and who gave way to whom, in no order. */
    function asSet(changes: readonly DesiredChange[]) {
      const { calls, superseded } = coalesce(changes, limitsOf);
      const entries = calls.flatMap(({ operation, accountId, entries: all }) =>
        all.map(({ target, license, groups }) =>
          [operation, accountId, target, license, ...ids(groups)].join(" "),
        ),
      );
      return {
        entries: entries.sort(),
        superseded: superseded.map((loser) => `${loser.change.group.newest.eventId} ${loser.by}`).sort(),
      };
    }
  });
});

describe("decideChange", () => {
  describe("decideChange", () => {
    /** What is asked for, or the outcome without asking, in a few words. */
    function inShort(person: ResolvedPerson): string {
      const decided = decideChange(person, noon);
      if (!("kind" in decided)) return `${decided.operation} ${decided.target}`;
      switch (decided.kind) {
        case "retry":
        case "rejected":
          return `${decided.kind} ${decided.code}`;
        case "unchanged":
        case "deferred":
          return `${decided.kind} ${decided.because}`;
        default:
          return decided.kind;
      }
    }

    function found(state: DirectoryUser["state"]): UserResolution {
      return { kind: "found", user: aUser({ state }) };
    }

    function of(
      type: keyof typeof chimeAccountTypes,
      newest: Partial<ScopedDecision>,
      user: UserResolution = { kind: "known", userId: "u-1" },
    ): ResolvedPerson {
      const account = anAccount({ type, ...chimeAccountTypes[type] });
      return aPerson(newest, { account: { kind: "found", value: account }, user });
    }

    describe("a license that goes down some days after a leave", () => {
      it.each<[string, UserResolution, string]>([
        ["is lowered for who is suspended still", found("suspended"), "setLicense u-1"],
        ["is left to who is there again, by whatever way", found("active"), "unchanged alreadySo"],
        ["is left to who is invited again", found("invited"), "unchanged alreadySo"],
        ["is no more where the user is gone", { kind: "absent" }, "unchanged alreadySo"],
      ])("%s", (_, user, expected) => {
        const follows = { type: "EmployeeLeft", id: "left" } as const;
        expect(inShort(of("EnterpriseLWA", { intent: "relicense", licenseType: "Pro", follows }, user))).toBe(
          expected,
        );
      });
    });

    describe("what is asked of the directory for a person", () => {
      it.each<[keyof typeof chimeAccountTypes, Intent, UserResolution, string]>([
        ["Team", "onboard", { kind: "notAsked" }, "create ada@example.com"],
        ["Team", "onboard", { kind: "absent" }, "create ada@example.com"],
        ["Team", "onboard", { kind: "known", userId: "u-1" }, "create ada@example.com"],
        ["Team", "onboard", found("suspended"), "create ada@example.com"],
        ["Team", "onboard", found("lapsed"), "create ada@example.com"],
        ["Team", "onboard", found("invited"), "unchanged alreadySo"],
        ["Team", "reinstate", found("active"), "unchanged alreadySo"],
        ["Team", "offboard", { kind: "known", userId: "u-9" }, "suspend u-9"],
        ["Team", "offboard", found("active"), "suspend u-1"],
        ["Team", "offboard", found("invited"), "suspend u-1"],
        ["Team", "offboard", found("suspended"), "unchanged alreadySo"],
        ["Team", "offboard", { kind: "absent" }, "rejected UserNotFound"],
        ["EnterpriseLWA", "reinstate", found("suspended"), "unsuspend u-1"],
        ["EnterpriseLWA", "reinstate", found("lapsed"), "unchanged alreadySo"],
        ["EnterpriseLWA", "onboard", found("active"), "unchanged alreadySo"],
        ["EnterpriseLWA", "onboard", { kind: "absent" }, "deferred notRegistered"],
        ["EnterpriseDirectory", "offboard", { kind: "notAsked" }, "rejected ManagedInDirectory"],
        ["EnterpriseOIDC", "onboard", { kind: "notAsked" }, "rejected ManagedInDirectory"],
      ])("on a %s account to %s, whose user is %j: %s", (type, intent, user, expected) => {
        expect(inShort(of(type, { intent }, user))).toBe(expected);
      });

      it.each<[string, UserResolution, string]>([
        ["Pro", { kind: "known", userId: "u-1" }, "setLicense u-1"],
        ["Pro", found("suspended"), "setLicense u-1"],
        ["Basic", found("active"), "unchanged alreadySo"],
        ["Plus", found("active"), "rejected LicenseNotSupported"],
        ["Pro", { kind: "absent" }, "deferred notRegistered"],
      ])("for the license %s, whose user is %j: %s", (licenseType, user, expected) => {
        expect(inShort(of("Team", { intent: "relicense", licenseType }, user))).toBe(expected);
      });

      it("carries the license with the change, and with no other change", () => {
        const decided = [
          of("Team", { intent: "relicense", licenseType: "Pro" }),
          of("Team", { intent: "onboard", licenseType: "Pro" }),
        ].map((person) => ("group" in person ? decideChange(person, noon) : undefined));
        expect(decided).toMatchObject([
          { operation: "setLicense", accountId: "team", target: "u-1", license: "Pro" },
          { operation: "create", accountId: "team", target: "ada@example.com" },
        ]);
        expect(decided.map((change) => change !== undefined && "license" in change)).toEqual([true, false]);
      });

      it("carries HR's id and the profile of whom it creates, and the license where the account takes one", () => {
        const newest = { intent: "onboard", licenseType: "Pro", profile: { givenName: "Ada" } } as const;
        const entriesFor = (account: DirectoryAccount) => {
          const person = aPerson(newest, { account: { kind: "found", value: account } });
          return planCalls([person], noon).calls.flatMap(({ entries }) =>
            entries.map(({ groups: _, ...entry }) => entry),
          );
        };
        const entry = { target: "ada@example.com", externalId: "p-1", profile: { givenName: "Ada" } };
        expect([entriesFor(anAccount()), entriesFor(anAccount({ createsWithLicense: true }))]).toEqual([
          [entry],
          [{ ...entry, license: "Pro" }],
        ]);
      });

      it.each([
        ["any license, where the service does not tell which there are", "unknown", "setLicense u-1"],
        ["no license, where there is none", "none", "rejected LicenseNotSupported"],
      ] as const)("is %s", (_, licenses, expected) => {
        const account = { kind: "found", value: anAccount({ licenses }) } as const;
        expect(inShort(aPerson({ intent: "relicense", licenseType: "Gold" }, { account }))).toBe(expected);
      });

      it("is the license once more, where the look-up does not tell which one the user has", () => {
        const user = { kind: "found", user: aUser({ license: unknownLicense }) } as const;
        expect(inShort(of("Team", { intent: "relicense", licenseType: "Pro" }, user))).toBe("setLicense u-1");
      });

      it("is nothing as long as the service keeps the account suspended: the person comes again, minutes later", () => {
        const account = { kind: "found", value: anAccount({ active: false }) } as const;
        expect(decideChange(aPerson({}, { account }), noon)).toEqual({
          kind: "retry",
          code: "AccountSuspended",
          reason: "account team is suspended by the service; have it reactivated there",
          atLeastSeconds: 300,
        });
      });

      it.each<[string, ResolvedPerson, string]>([
        [
          "who is managed elsewhere, by which account",
          of("EnterpriseOIDC", {}),
          "EnterpriseOIDC account team: the account takes its users from a company directory or identity provider; change the person there instead",
        ],
        [
          "whose license the account does not have, which ones it has",
          of("Team", { intent: "relicense", licenseType: "Plus" }),
          'account team has no license "Plus"; it supports Basic, Pro',
        ],
        [
          "whose license nobody names, which ones there are",
          of("Team", { intent: "relicense" }),
          'account team has no license ""; it supports Basic, Pro',
        ],
        [
          "whose license is an address, not that address",
          of("Team", { intent: "relicense", licenseType: "ada@example.com" }),
          'account team has no license "a***@example.com"; it supports Basic, Pro',
        ],
        [
          "whom the account does not know, what to do",
          of("Team", {}, { kind: "absent" }),
          "account team has no user with this address; check the address in HR, or suspend by hand",
        ],
      ])("is the reason in the dead letter of one %s", (_, person, reason) => {
        expect(decideChange(person, noon)).toMatchObject({ kind: "rejected", reason });
      });

      it.each(["EmployeeHired", "EmployeeReturned"] as const)(
        "waits for the user whose license follows from an %s",
        (type) => {
          const follows = { type, id: "hired" };
          const newest = { intent: "relicense", licenseType: "Pro", follows } as const;
          expect([
            inShort(of("Team", newest, { kind: "absent" })),
            inShort(of("Team", newest, found("active"))),
          ]).toEqual(["deferred notRegistered", "setLicense u-1"]);
        },
      );

      it("waits five minutes at first for whoever has not been waited for", () => {
        expect(decideChange(of("EnterpriseLWA", { intent: "onboard" }, { kind: "absent" }), noon)).toEqual({
          kind: "deferred",
          because: "notRegistered",
          until: noon + 300_000,
        });
      });

      it("is nothing if the account or the user could not be read", () => {
        const failed = { kind: "failed", failure: aFailure("transient") } as const;
        expect([inShort(aPerson({}, { account: failed })), inShort(aPerson({}, { user: failed }))]).toEqual([
          "retry Code",
          "retry Code",
        ]);
      });

      it("is given up after six receives, if what could not be read has no cause that is known", () => {
        const failed = { kind: "failed", failure: aFailure("unknown") } as const;
        const kinds = [5, 6].map((receiveCount) => inShort(aPerson({ receiveCount }, { user: failed })));
        expect(kinds).toEqual(["retry Code", "rejected Code"]);
      });

      it("waits longer for whoever has been waited for before", () => {
        const person = of(
          "EnterpriseLWA",
          { intent: "onboard", waitingSince: noon - 3_600_000 },
          { kind: "absent" },
        );
        expect(decideChange(person, noon)).toEqual({
          kind: "deferred",
          because: "notRegistered",
          until: noon + 3_600_000,
        });
      });
    });
  });

  describe("waitForUser", () => {
    const minute = 60_000;
    const day = 86_400_000;

    it.each([
      ["five minutes at first", 0, 5 * minute],
      ["five minutes, if a clock is ahead", -minute, 5 * minute],
      ["as long again as so far", 42 * minute, 42 * minute],
      ["no longer than a day", 3 * day, day],
      ["to the end of the 30 days", 30 * day - 1, day],
    ])("%s", (_, waited, wait) => {
      expect(waitForUser(noon - waited, noon)).toEqual({
        kind: "deferred",
        because: "notRegistered",
        until: noon + wait,
      });
    });

    it("ever more seldom, about forty times in all", () => {
      const waits: number[] = [];
      let now = noon;
      while (waits.length < 100) {
        const outcome = waitForUser(noon, now);
        if (outcome.kind !== "deferred") break;
        waits.push(outcome.until - now);
        now = outcome.until;
      }
      expect({
        grow: waits.every((wait, index) => wait >= (waits[index - 1] ?? 0)),
        tries: waits.length,
        days: Math.floor((now - noon) / day),
      }).toEqual({ grow: true, tries: 39, days: 30 });
    });

    it("for 30 days, and then no more", () => {
      const outcome = waitForUser(noon - 30 * day, noon);
      expect(outcome).toMatchObject({
        code: "NeverRegistered",
        reason: expect.stringMatching(/for 30 days; check the address in HR, or send the event again$/),
      });
    });
  });
});
