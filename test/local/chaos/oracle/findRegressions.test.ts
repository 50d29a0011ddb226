import { describe, expect, it } from "vitest";
import { findRegressions } from "../../../../src/local/chaos/oracle/findRegressions.ts";
import type { History } from "../../../../src/local/chaos/oracle/histories.ts";
import { decision, effect, entry, journal } from "./examples.ts";

const history: History = [
  decision("hired", 1, "in"),
  decision("left", 2, "out"),
  decision("returned", 3, "in"),
];
const left = entry("applied", 100, "r-left");

describe("an effect", () => {
  it("is no regression in the order of the decisions", () => {
    const happened = [
      effect("in", 10, "r-hired"),
      effect("out", 90, "r-left"),
      effect("in", 150, "r-returned"),
    ];
    const settled = journal({
      hired: entry("applied", 11, "r-hired"),
      left,
      returned: entry("applied", 151, "r-returned"),
    });
    expect(findRegressions(history, happened, settled)).toEqual([]);
  });

  it("is one if its own decision is older than one that was settled before, though a newer wants the same", () => {
    const settled = journal({ hired: entry("applied", 121, "r-hired"), left });
    expect(findRegressions(history, [effect("in", 120, "r-hired")], settled)).toEqual([
      'ada: "in" of hired took effect at 1970-01-01T00:00:00.120Z, after the newer left ("out") was settled',
    ]);
  });

  it.each(["applied", "unchanged", "rejected"])("is one after a newer decision that is %s", (outcome) => {
    const two: History = [decision("hired", 1, "in"), decision("left", 2, "out")];
    expect(
      findRegressions(two, [effect("in", 101, "?")], journal({ left: entry(outcome, 100) })),
    ).toHaveLength(1);
  });

  it.each(["superseded", "deferred"])(
    "is none after a newer decision that is %s: that stands over nothing",
    (outcome) => {
      const two: History = [decision("hired", 1, "in"), decision("left", 2, "out")];
      expect(findRegressions(two, [effect("in", 101, "?")], journal({ left: entry(outcome, 100) }))).toEqual(
        [],
      );
    },
  );

  it("is none before the newer decision was settled, nor in the same millisecond", () => {
    const two: History = [decision("hired", 1, "in"), decision("left", 2, "out")];
    const happened = [effect("in", 99, "?"), effect("in", 100, "?")];
    expect(findRegressions(two, happened, journal({ left }))).toEqual([]);
  });

  it("of an unknown cause is none if a newer decision may have wanted it", () => {
    expect(findRegressions(history, [effect("in", 120, "?")], journal({ left }))).toEqual([]);
  });

  it("is none where the decision that stands is carried out once more", () => {
    const two: History = [decision("hired", 1, "in"), decision("left", 2, "out")];
    expect(findRegressions(two, [effect("out", 120, "again")], journal({ left }))).toEqual([]);
  });

  it("that nobody ever wanted is one", () => {
    const [found] = findRegressions(
      [decision("pro", 1, "Pro")],
      [effect("Basic", 120, "?")],
      journal({ pro: entry("applied", 100) }),
    );
    expect(found).toContain('"Basic" of no decision');
  });
});
