import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chimeBatchLimits } from "../../src/directory/chime/chimeLimits.ts";
import { coalesce, type PlannedCall } from "../../src/drain/coalesce.ts";
import type { Wish } from "../../src/drain/decide.ts";
import { compareVersions } from "../../src/drain/decision.ts";
import { aWish, noon } from "./samples.ts";

/** Limits small enough that the cuts come often. */
const limits = { suspend: 3, unsuspend: 3, invite: 3, updateLicense: 2, signOut: 1, resetPin: 1 };

describe("coalesce", () => {
  it("makes no call for nobody", () => {
    expect(coalesce([], limits)).toEqual({ calls: [], superseded: [] });
  });

  it("fills one call after the other, in the order of the wishes", () => {
    const wishes = ["a", "b", "c", "d"].map((target) => aWish({}, { target }));
    expect(coalesce(wishes, limits).calls.map(targets)).toEqual([["a", "b", "c"], ["d"]]);
  });

  it("keeps accounts and operations apart", () => {
    const wishes = [
      aWish({}, { target: "a" }),
      aWish({}, { target: "a", accountId: "lwa" }),
      aWish({}, { target: "a", operation: "unsuspend", accountId: "lwa" }),
      aWish({}, { target: "b" }),
    ];
    const calls = coalesce(wishes, limits).calls.map((call) => [
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
    const wishes = ["p-1", "p-2"].map((personId) => aWish({ personId }, { target: "a" }));
    const { calls, superseded } = coalesce(wishes, limits);
    expect(calls.flatMap(({ entries }) => entries)).toEqual([
      { target: "a", groups: wishes.map(({ group }) => group) },
    ]);
    expect(superseded).toEqual([]);
  });

  it("lets the newest decide between different licenses for one user", () => {
    const license = (licenseType: string, minute: number) =>
      aWish(
        { personId: `p-${minute}`, eventId: `e-${minute}`, occurredAt: noon + minute },
        { operation: "updateLicense", target: "a", licenseType },
      );
    const wishes = [license("Pro", 1), license("Basic", 3), license("Plus", 2), license("Basic", 0)];
    const { calls, superseded } = coalesce(wishes, limits);
    expect(calls.flatMap(({ entries }) => entries)).toEqual([
      { target: "a", licenseType: "Basic", groups: [wishes[1]?.group, wishes[3]?.group] },
    ]);
    expect(superseded).toEqual([
      { wish: wishes[0], by: "e-3" },
      { wish: wishes[2], by: "e-3" },
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
});

describe("whatever the wishes are,", () => {
  it("no call is empty, too long or carries a user twice, and there is not one call too many", () => {
    fc.assert(
      fc.property(fc.array(wish), (wishes) => {
        const { calls } = coalesce(wishes, limits);
        for (const call of calls) {
          expect(call.entries.length).toBeGreaterThan(0);
          expect(call.entries.length).toBeLessThanOrEqual(limits[call.operation]);
          expect(new Set(targets(call)).size).toBe(call.entries.length);
        }
        expect(calls.length).toBe(floor(wishes));
      }),
    );
  });

  it("each is in exactly one call or gave way to a newer one about the same user", () => {
    fc.assert(
      fc.property(fc.array(wish), (wishes) => {
        const { calls, superseded } = coalesce(wishes, limits);
        const served = calls.flatMap(({ entries }) => entries.flatMap(({ groups }) => groups));
        const gaveWay = superseded.map((loser) => loser.wish.group);
        expect(ids([...served, ...gaveWay])).toEqual(ids(wishes.map(({ group }) => group)));
        for (const loser of superseded) {
          const winner = wishes.find(({ group }) => group.leader.eventId === loser.by);
          expect(sameUser(winner, loser.wish)).toBe(true);
          expect(winner?.licenseType).not.toBe(loser.wish.licenseType);
          expect(winner && compareVersions(winner.group.leader, loser.wish.group.leader)).toBe(1);
        }
        for (const call of calls) {
          for (const { target, licenseType, groups } of call.entries) {
            const wanted = wishes.filter(({ group }) => groups.includes(group));
            const { operation, accountId } = call;
            expect(wanted.every((one) => sameUser(one, { operation, accountId, target }))).toBe(true);
            expect(wanted.every((one) => one.licenseType === licenseType)).toBe(true);
          }
        }
      }),
    );
  });

  it("the same wishes make the same calls, and their order decides nothing but the order", () => {
    fc.assert(
      fc.property(fc.array(wish).chain(twoOrders), ([one, other]) => {
        expect(coalesce(one, limits)).toEqual(coalesce(one, limits));
        expect(asSet(other)).toEqual(asSet(one));
      }),
    );
  });
});

const wish: fc.Arbitrary<Wish> = fc
  .record({
    eventId: fc.uuid(),
    occurredAt: fc.integer({ min: noon, max: noon + 2 }),
    accountId: fc.constantFrom("team", "lwa"),
    target: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
    kind: fc.constantFrom("suspend" as const, "unsuspend" as const, "Basic" as const, "Pro" as const),
  })
  .map(({ eventId, occurredAt, kind, accountId, target }) =>
    aWish(
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
  const wishes = Array.from({ length: users }, (_, index) => aWish({}, { operation, target: `u-${index}` }));
  return coalesce(wishes, chimeBatchLimits).calls.length;
}

/** The least number of calls: for each account and operation, the users divided by the limit. */
function floor(wishes: readonly Wish[]): number {
  const users = new Map<string, Set<string>>();
  for (const { operation, accountId, target } of wishes) {
    const key = `${operation}@${accountId}`;
    users.set(key, (users.get(key) ?? new Set()).add(target));
  }
  return [...users].reduce((sum, [key, { size }]) => {
    return sum + Math.ceil(size / (key.startsWith("updateLicense") ? limits.updateLicense : 3));
  }, 0);
}

function ids(groups: readonly Wish["group"][]): string[] {
  return groups.map(({ leader }) => leader.eventId).sort();
}

function sameUser(
  a: Pick<Wish, "operation" | "accountId" | "target"> | undefined,
  b: Pick<Wish, "operation" | "accountId" | "target">,
): boolean {
  return a?.operation === b.operation && a.accountId === b.accountId && a.target === b.target;
}

function twoOrders(wishes: Wish[]) {
  const all = { minLength: wishes.length, maxLength: wishes.length };
  return fc.tuple(fc.constant(wishes), fc.shuffledSubarray(wishes, all));
}

/** Which wishes are served together and with what, and who gave way to whom, in no order. */
function asSet(wishes: readonly Wish[]) {
  const { calls, superseded } = coalesce(wishes, limits);
  const entries = calls.flatMap(({ operation, accountId, entries: all }) =>
    all.map(({ target, licenseType, groups }) =>
      [operation, accountId, target, licenseType, ...ids(groups)].join(" "),
    ),
  );
  return {
    entries: entries.sort(),
    superseded: superseded.map((loser) => `${loser.wish.group.leader.eventId} ${loser.by}`).sort(),
  };
}
