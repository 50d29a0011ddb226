import { describe, expect, it } from "vitest";
import { ageFault } from "../../src/drain/ageFault.ts";
import { noon } from "./samples.ts";

const day = 86_400_000;
const decided = (days: number) => {
  const occurredAt = noon - days * day;
  return { occurredAt, effectiveAt: occurredAt, waitingSince: undefined, follows: undefined };
};

describe("ageFault", () => {
  it.each([
    ["made a day ahead, by a clock that is fast", decided(-1), undefined],
    ["made more than a day ahead", { ...decided(-1), occurredAt: noon + day + 1 }, "FromTheFuture"],
    ["as old as the policy allows", decided(30), undefined],
    ["a moment older", { ...decided(30), occurredAt: noon - 30 * day - 1, effectiveAt: 0 }, "Stale"],
    ["made long ago for now", { ...decided(300), effectiveAt: noon }, undefined],
    ["made long ago for long ago", { ...decided(300), effectiveAt: noon - 31 * day }, "Stale"],
    ["new when it began to wait for its user", { ...decided(40), waitingSince: noon - 30 * day }, undefined],
    ["old when it began to wait", { ...decided(40), waitingSince: noon - 5 * day }, "Stale"],
    ["that says it waits since tomorrow", { ...decided(40), waitingSince: noon + day }, "Stale"],
  ])("of a decision that was %s, %#", (_, decision, code) => {
    const fault = ageFault(decision, 30, noon);
    expect([fault?.kind, fault?.code]).toEqual([code && "rejected", code]);
  });

  it("leaves the age of what follows from another decision to that one", () => {
    const follows = { type: "EmployeeHired", id: "hired" } as const;
    expect([
      ageFault({ ...decided(300), follows }, 30, noon),
      ageFault({ ...decided(0), occurredAt: noon + 2 * day, follows }, 30, noon)?.code,
    ]).toEqual([undefined, "FromTheFuture"]);
  });

  it("believes what is ever so old, unless the policy says otherwise", () => {
    expect(ageFault(decided(9999), undefined, noon)).toBeUndefined();
  });

  it("names the policy's rule and the way out", () => {
    expect(ageFault(decided(31), 30, noon)?.reason).toMatch(/freshness\.maxAgeDays.+send it again/);
    expect(ageFault(decided(-2), 30, noon)?.reason).toMatch(/more than a day ahead.+data\.effectiveAt/);
  });
});
