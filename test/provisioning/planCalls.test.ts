import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chimeBatchLimits, chimeCapabilities } from "../../src/directory/chime/chimeCapabilities.ts";
import type { DesiredChange } from "../../src/provisioning/decideChange.ts";
import { compareVersions, type ResolvedPerson } from "../../src/provisioning/decision.ts";
import { coalesce, type PlannedCall, planCalls } from "../../src/provisioning/planCalls.ts";
import { aDesiredChange, anAccount, aPerson, noon } from "./samples.ts";

describe("planCalls", () => {
  const limits = { ...chimeBatchLimits, suspend: 2 };

  function leaver(name: string, given: { urgent?: boolean; accountId?: string } = {}): ResolvedPerson {
    const { urgent = false, accountId = "team" } = given;
    return aPerson(
      { personId: name, urgent, accountId },
      {
        account: { kind: "found", value: anAccount({ accountId }) },
        user: { kind: "known", userId: name },
      },
    );
  }

  function targets(people: readonly ResolvedPerson[]): string[][] {
    const { calls } = planCalls(people, limits, noon);
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
    const managed = anAccount({ capabilities: chimeCapabilities.EnterpriseOIDC, type: "EnterpriseOIDC" });
    const license = (licenseType: string, eventId: string) =>
      aPerson({ intent: "relicense", licenseType, eventId, personId: eventId });
    const people = [
      aPerson({ personId: "managed" }, { account: { kind: "found", value: managed } }),
      license("Basic", "e-1"),
      license("Pro", "e-2"),
    ];
    const { calls, results } = planCalls(people, limits, noon);
    expect(calls.map(({ entries }) => entries)).toEqual([
      [{ target: "u-1", licenseType: "Pro", groups: [people[2]?.group] }],
    ]);
    expect(results).toEqual([
      { group: people[0]?.group, outcome: expect.objectContaining({ code: "ManagedInDirectory" }) },
      { group: people[1]?.group, outcome: { kind: "superseded", by: "e-2" } },
    ]);
  });

  it("of the same people is the same", () => {
    const people = ["a", "b!", "c"].map((name) => leaver(name, { urgent: name.endsWith("!") }));
    expect(planCalls(people, limits, noon)).toEqual(planCalls(people, limits, noon));
  });
});

describe("coalesce", () => {
  /** Limits small enough that the cuts come often. */
  const limits = { suspend: 3, unsuspend: 3, invite: 3, updateLicense: 2, signOut: 1, resetPin: 1 };

  it("makes no call for nobody", () => {
    expect(coalesce([], limits)).toEqual({ calls: [], superseded: [] });
  });

  it("fills one call after the other, in the order of the changes", () => {
    const changes = ["a", "b", "c", "d"].map((target) => aDesiredChange({}, { target }));
    expect(coalesce(changes, limits).calls.map(targets)).toEqual([["a", "b", "c"], ["d"]]);
  });

  it("keeps accounts and operations apart", () => {
    const changes = [
      aDesiredChange({}, { target: "a" }),
      aDesiredChange({}, { target: "a", accountId: "lwa" }),
      aDesiredChange({}, { target: "a", operation: "unsuspend", accountId: "lwa" }),
      aDesiredChange({}, { target: "b" }),
    ];
    const calls = coalesce(changes, limits).calls.map((call) => [
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
    const { calls, superseded } = coalesce(changes, limits);
    expect(calls.flatMap(({ entries }) => entries)).toStrictEqual([
      { target: "a", groups: changes.map(({ group }) => group) },
    ]);
    expect(superseded).toEqual([]);
  });

  it("lets the newest decide between different licenses for one user", () => {
    const license = (licenseType: string, minute: number) =>
      aDesiredChange(
        { personId: `p-${minute}`, eventId: `e-${minute}`, occurredAt: noon + minute },
        { operation: "updateLicense", target: "a", licenseType },
      );
    const changes = [license("Pro", 1), license("Basic", 3), license("Plus", 2), license("Basic", 0)];
    const { calls, superseded } = coalesce(changes, limits);
    expect(calls.flatMap(({ entries }) => entries)).toEqual([
      { target: "a", licenseType: "Basic", groups: [changes[1]?.group, changes[3]?.group] },
    ]);
    expect(superseded).toEqual([
      { change: changes[0], by: "e-3" },
      { change: changes[2], by: "e-3" },
    ]);
  });

  it("makes exactly one call for every fifty users, and for every twenty licenses", () => {
    const calls = [1, 49, 50, 51, 100, 101, 1000].map((n) => [
      callsFor("suspend", n),
      callsFor("updateLicense", n),
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
          const { calls } = coalesce(changes, limits);
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
          const { calls, superseded } = coalesce(changes, limits);
          const served = calls.flatMap(({ entries }) => entries.flatMap(({ groups }) => groups));
          const gaveWay = superseded.map((loser) => loser.change.group);
          expect(ids([...served, ...gaveWay])).toEqual(ids(changes.map(({ group }) => group)));
          for (const loser of superseded) {
            const winner = changes.find(({ group }) => group.newest.eventId === loser.by);
            expect(sameUser(winner, loser.change)).toBe(true);
            expect(winner?.licenseType).not.toBe(loser.change.licenseType);
            expect(winner && compareVersions(winner.group.newest, loser.change.group.newest)).toBe(1);
          }
          for (const call of calls) {
            for (const { target, licenseType, groups } of call.entries) {
              const wanted = changes.filter(({ group }) => groups.includes(group));
              const { operation, accountId } = call;
              expect(wanted.every((one) => sameUser(one, { operation, accountId, target }))).toBe(true);
              expect(wanted.every((one) => one.licenseType === licenseType)).toBe(true);
            }
          }
        }),
      );
    });

    it("the same changes make the same calls, and their order decides nothing but the order", () => {
      fc.assert(
        fc.property(fc.array(change).chain(twoOrders), ([one, other]) => {
          expect(coalesce(one, limits)).toEqual(coalesce(one, limits));
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
          : { operation: "updateLicense", licenseType: kind, accountId, target },
      ),
    );

  function targets({ entries }: PlannedCall): string[] {
    return entries.map(({ target }) => target);
  }

  function callsFor(operation: "suspend" | "updateLicense", users: number): number {
    const changes = Array.from({ length: users }, (_, index) =>
      aDesiredChange({}, { operation, target: `u-${index}` }),
    );
    return coalesce(changes, chimeBatchLimits).calls.length;
  }

  /** The least number of calls: for each account and operation, the users divided by the limit. */
  function floor(changes: readonly DesiredChange[]): number {
    const users = new Map<string, Set<string>>();
    for (const { operation, accountId, target } of changes) {
      const key = `${operation}@${accountId}`;
      users.set(key, (users.get(key) ?? new Set()).add(target));
    }
    return [...users].reduce((sum, [key, { size }]) => {
      return sum + Math.ceil(size / (key.startsWith("updateLicense") ? limits.updateLicense : 3));
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
    const { calls, superseded } = coalesce(changes, limits);
    const entries = calls.flatMap(({ operation, accountId, entries: all }) =>
      all.map(({ target, licenseType, groups }) =>
        [operation, accountId, target, licenseType, ...ids(groups)].join(" "),
      ),
    );
    return {
      entries: entries.sort(),
      superseded: superseded.map((loser) => `${loser.change.group.newest.eventId} ${loser.by}`).sort(),
    };
  }
});
