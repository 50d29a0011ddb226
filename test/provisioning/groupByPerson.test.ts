import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareDecisions } from "../../src/ledger/decisionOrder.ts";
import type { ScopedDecision } from "../../src/provisioning/decision.ts";
import { groupBy, groupByPerson } from "../../src/provisioning/groupByPerson.ts";
import { aDecision, noon } from "./samples.ts";

describe("groupByPerson", () => {
  /** The indices of each group's messages. */
  function shape(decisions: readonly ScopedDecision[]) {
    return groupByPerson(decisions).map(({ newest, duplicates, older }) => ({
      newest: newest.index,
      duplicates: indices(duplicates),
      older: indices(older),
    }));
  }

  function indices(decisions: readonly ScopedDecision[]): number[] {
    return decisions.map(({ index }) => index).sort((a, b) => a - b);
  }

  it("makes a group per person, in the order in which people appear", () => {
    const decisions = ["p-2", "p-1", "p-2"].map((personId, index) =>
      aDecision({ index, personId, eventId: `e-${index}` }),
    );
    expect(shape(decisions)).toEqual([
      { newest: 2, duplicates: [], older: [0] },
      { newest: 1, duplicates: [], older: [] },
    ]);
  });

  it.each([
    [
      "a newer decision becomes the newest",
      [
        [0, "a"],
        [1, "b"],
      ],
      { newest: 1, duplicates: [], older: [0] },
    ],
    [
      "an older decision does not",
      [
        [1, "a"],
        [0, "b"],
      ],
      { newest: 0, duplicates: [], older: [1] },
    ],
    [
      "copies of the newest are its duplicates",
      [
        [1, "a"],
        [1, "a"],
        [1, "a"],
      ],
      { newest: 0, duplicates: [1, 2], older: [] },
    ],
    [
      "copies of an older one are older",
      [
        [0, "a"],
        [0, "a"],
        [1, "b"],
        [0, "a"],
      ],
      { newest: 2, duplicates: [], older: [0, 1, 3] },
    ],
    [
      "an id that comes back with a newer time is newer",
      [
        [0, "a"],
        [2, "b"],
        [3, "a"],
      ],
      { newest: 2, duplicates: [], older: [0, 1] },
    ],
    [
      "an id that comes back with an older time is older",
      [
        [3, "a"],
        [2, "b"],
        [0, "a"],
      ],
      { newest: 0, duplicates: [], older: [1, 2] },
    ],
  ] as [string, [number, string][], object][])("%s", (_, events, group) => {
    const decisions = events.map(([minute, eventId], index) =>
      aDecision({ index, eventId, occurredAt: noon + minute * 60_000 }),
    );
    expect(shape(decisions)).toEqual([group]);
  });

  it("loses nobody, names the newest decision, and holds its copies apart from what is older", () => {
    fc.assert(
      fc.property(fc.array(decision), (given) => {
        const decisions = given.map((one, index) => ({ ...one, index }));
        const groups = groupByPerson(decisions);
        expect(indices(groups.flatMap(everyone))).toEqual(decisions.map(({ index }) => index));
        for (const group of groups) {
          const newest = decisions
            .filter(({ personId }) => personId === group.newest.personId)
            .sort(compareDecisions)
            .at(-1);
          expect(group.newest.version).toBe(newest?.version);
          expect(group.duplicates.every(({ version }) => version === group.newest.version)).toBe(true);
          expect(group.older.every((older) => compareDecisions(older, group.newest) < 0)).toBe(true);
        }
        expect(new Set(groups.map(({ newest }) => newest.personId)).size).toBe(groups.length);
      }),
    );
  });

  it("chooses the same newest decisions whatever the order of arrival", () => {
    fc.assert(
      fc.property(fc.array(decision).chain(twoOrders), ([one, other]) => {
        expect(newestDecisions(other)).toEqual(newestDecisions(one));
      }),
    );
  });

  const decision = fc
    .record({
      personId: fc.constantFrom("p-1", "p-2", "p-3"),
      eventId: fc.constantFrom("a", "b", "c"),
      occurredAt: fc.integer({ min: noon, max: noon + 2 }),
      effectiveAt: fc.integer({ min: noon, max: noon + 2 }),
      intent: fc.constantFrom("onboard" as const, "offboard" as const, "reinstate" as const),
    })
    .map((given) => aDecision(given));

  function everyone({ newest, duplicates, older }: ReturnType<typeof groupByPerson<ScopedDecision>>[number]) {
    return [newest, ...duplicates, ...older];
  }

  function twoOrders(items: ScopedDecision[]) {
    return fc.tuple(
      fc.constant(items),
      fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }),
    );
  }

  function newestDecisions(decisions: readonly ScopedDecision[]): string[] {
    return groupByPerson(decisions)
      .map(({ newest }) => `${newest.personId} ${newest.version}`)
      .sort();
  }
});

describe("groupBy", () => {
  it("lists what shares a key, and keeps the order of keys and of items", () => {
    const lists = groupBy([5, 2, 3, 8, 1], (number) => (number % 2 === 0 ? "even" : "odd"));
    expect([...lists]).toEqual([
      ["odd", [5, 3, 1]],
      ["even", [2, 8]],
    ]);
  });

  it("has no list where there is nothing", () => {
    expect([...groupBy([], () => "key")]).toEqual([]);
  });
});
