import { describe, expect, it } from "vitest";
import { untilEffective } from "../../src/drain/untilEffective.ts";
import { aDecision, noon } from "./samples.ts";

describe("untilEffective", () => {
  it.each([
    ["has begun", { occurredAt: noon - 5, effectiveAt: noon }, true],
    ["begins in a millisecond", { occurredAt: noon - 5, effectiveAt: noon + 1 }, false],
    ["is not named, by a clock that is ahead", { occurredAt: noon + 9, effectiveAt: noon + 9 }, true],
  ])("of a decision whose day %s", (_, times, isEffective) => {
    const decision = aDecision(times);
    const until = times.effectiveAt;
    expect(untilEffective([decision], noon)).toEqual(
      isEffective
        ? { effective: [decision], later: [] }
        : {
            effective: [],
            later: [{ decision, deferred: { kind: "deferred", because: "effectiveLater", until } }],
          },
    );
  });
});
