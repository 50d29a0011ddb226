import { describe, expect, it } from "vitest";
import { leaveFinder } from "../../src/policy/leaveFinder.ts";
import type { Policy } from "../../src/policy/policy.ts";

function ruleFor(leaveOfAbsence: Policy["leaveOfAbsence"], reason: string | undefined, urgent = false) {
  const accounts = [{ id: "team", domains: ["example.com"], licensePerRole: {} }];
  return leaveFinder({ accounts, ...(leaveOfAbsence && { leaveOfAbsence }) })({ reason, urgent });
}

describe("leaveFinder", () => {
  it("suspends who is on leave only if the policy says so", () => {
    const rules = [ruleFor({ do: "suspend" }, "leaveOfAbsence"), ruleFor(undefined, "leaveOfAbsence")];
    expect(rules).toEqual([undefined, "leaveOfAbsence.reasons: leaveOfAbsence"]);
  });

  it.each(["leaveOfAbsence", "Leave of absence ", "LEAVE-OF-ABSENCE"])("takes %j for a leave", (reason) => {
    expect(ruleFor({ do: "ignore" }, reason)).toMatch(/^leaveOfAbsence\.reasons: leave.?of.?absence$/i);
  });

  it("goes by the policy's own reasons, where it names some", () => {
    const policy = { do: "ignore", reasons: ["parental*"] } as const;
    const own = { ...policy, reasons: [...policy.reasons] };
    expect([ruleFor(own, "Parental leave"), ruleFor(own, "leaveOfAbsence")]).toEqual([
      "leaveOfAbsence.reasons: parental*",
      undefined,
    ]);
  });

  it.each([
    ["another reason", "resignation", false],
    ["no reason", undefined, false],
    ["leave, but has to go at once", "leaveOfAbsence", true],
  ])("suspends who leaves for %s", (_, reason, urgent) => {
    expect(ruleFor({ do: "ignore" }, reason, urgent)).toBeUndefined();
  });
});
