import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { versionKey } from "../../../../src/drain/versionKey.ts";
import { histories } from "../../../../src/local/chaos/oracle/histories.ts";
import { decision } from "./examples.ts";

const ids = (decisions: readonly { id: string }[]) => decisions.map(({ id }) => id);

describe("the history of a person", () => {
  it("has a list for each aspect, from the oldest decision to the newest", () => {
    const told = [
      decision("c", 3),
      decision("a", 1, "in"),
      decision("b", 2, "Pro"),
      decision("d", 9, "out", { personId: "bob" }),
    ];
    expect(histories(told).map(ids)).toEqual([["a", "c"], ["b"], ["d"]]);
  });

  it.each([
    [
      "the later effect",
      decision("z", 1, "out", { effectiveAt: 5 }),
      decision("a", 1, "in", { effectiveAt: 6 }),
    ],
    ["the leave", decision("z", 1, "in"), decision("a", 1, "out")],
    ["the greater id", decision("a", 1, "out"), decision("b", 1, "out")],
  ])("of decisions made at the same time ends with %s", (_, older, newer) => {
    expect(
      [
        [older, newer],
        [newer, older],
      ].map((told) => histories(told).map(ids)),
    ).toEqual([[[older.id, newer.id]], [[older.id, newer.id]]]);
  });

  it("has the order that the drain gives to decisions, though it has not learnt it from there", () => {
    const anyDecision = fc.record({
      occurredAt: fc.integer({ min: 0, max: 3 }),
      effectiveAt: fc.integer({ min: 0, max: 3 }),
      wants: fc.constantFrom("in", "out"),
    });
    fc.assert(
      fc.property(fc.array(anyDecision, { minLength: 1, maxLength: 8 }), (drawn) => {
        const told = drawn.map((times, index) => decision(`e${index}`, 0, times.wants, times));
        const versionOf = ({ id, wants, occurredAt, effectiveAt }: (typeof told)[number]) =>
          versionKey({
            occurredAt,
            effectiveAt,
            intent: wants === "out" ? "offboard" : "reinstate",
            eventId: id,
          });
        const byVersion = told.toSorted((a, b) => (versionOf(a) < versionOf(b) ? -1 : 1));
        expect(histories(told).map(ids)).toEqual([ids(byVersion)]);
      }),
    );
  });
});
