import { describe, expect, it } from "vitest";
import { findShrinkage } from "../../src/reconcile/rosterSize.ts";
import { noon } from "../provisioning/samples.ts";

const size = { present: 90, asOf: noon, leastPercent: 90, last: undefined, activeUsers: undefined };
const last = { present: 100, asOf: noon - 86_400_000 };

describe("a roster's size", () => {
  it("is no reason to stop where the share of the last one is reached, or there was none", () => {
    expect(findShrinkage({ ...size, last })).toBeUndefined();
    expect(findShrinkage({ ...size, present: 1 })).toBeUndefined();
  });

  it("stops a roster that has shrunk below the share, and says how to go on", () => {
    expect(findShrinkage({ ...size, present: 89, last })).toBe(
      "the roster gives access to 89, which is 89 % of the 100 of the last roster, of 2026-05-13T12:00:00.000Z; expected 90 % at least. If it is whole, say so with --least-percent 89, or in the policy's roster.leastPercent",
    );
  });

  it("is compared with the directory where there is no last one and users without a row are suspended", () => {
    expect(findShrinkage({ ...size, present: 89, activeUsers: 100 })).toContain(
      "of the 100 active users of the directory",
    );
    expect(findShrinkage({ ...size, present: 100, last, activeUsers: 1000 })).toBeUndefined();
  });

  it("stops a roster of nobody, whatever the share", () => {
    expect(findShrinkage({ ...size, present: 0, leastPercent: 0 })).toBe(
      "the roster gives access to nobody, and would suspend everybody; check the export, and the words for people who have access (the policy's roster.present)",
    );
  });

  it("is reported in whole percents, rounded down, which are then enough", () => {
    const broken = { ...size, present: 2, last: { ...last, present: 3 } };
    expect(findShrinkage(broken)).toMatch(/which is 66 % of the 3 .+ --least-percent 66,/);
    expect(findShrinkage({ ...broken, leastPercent: 66 })).toBeUndefined();
    expect(findShrinkage({ ...broken, leastPercent: 67 })).toContain("expected 67 % at least");
  });

  it("is compared with the directory to the very share", () => {
    expect(findShrinkage({ ...size, activeUsers: 100 })).toBeUndefined();
  });

  it("is no reason to stop the very roster that was synced last", () => {
    expect(findShrinkage({ ...size, asOf: last.asOf, last })).toBeUndefined();
  });

  it("stops a roster that is older than the one that was synced last", () => {
    expect(findShrinkage({ ...size, asOf: last.asOf - 1, last })).toBe(
      "the roster is of 2026-05-13T11:59:59.999Z, and one of 2026-05-13T12:00:00.000Z has been synced already; take a newer one",
    );
  });
});
