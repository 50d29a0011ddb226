import { describe, expect, it } from "vitest";
import { chimeAnswers } from "../../src/directory/chime/chimeAnswers.ts";
import { followUpOf } from "../../src/drain/followUp.ts";
import type { Outcome } from "../../src/drain/outcome.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { aDecision, anAccount, noon } from "./samples.ts";

const rules = toPolicyRules(
  policySchema.parse({
    afterSuspension: { license: { to: "Basic", afterDays: 10 } },
    accounts: [
      { id: "team", domains: ["example.com"] },
      { id: "lwa", domains: ["example.org"], afterSuspension: { license: false } },
    ],
  }),
);
const applied: Outcome = { kind: "applied", requestId: "r-1" };
const alreadySo: Outcome = { kind: "unchanged", because: "alreadySo" };
const lwa = anAccount({ accountId: "lwa", answers: chimeAnswers.EnterpriseLWA });
const later = noon + 60_000;

const follows = (given: Parameters<typeof aDecision>[0], outcome: Outcome = applied, account = anAccount()) =>
  followUpOf(aDecision(given), outcome, account, rules, later);

describe("followUpOf", () => {
  it.each([applied, alreadySo])("lowers a leaver's license after the days of grace (%j)", (outcome) => {
    const dueAt = later + 10 * 86_400_000;
    expect(follows({ intent: "offboard" }, outcome)).toEqual({
      kind: "licenseAfterLeaving",
      after: "EmployeeLeft",
      licenseType: "Basic",
      effectiveAt: dueAt,
      dueAt,
    });
  });

  it("leaves everybody's license where the account's policy says so", () => {
    expect(follows({ intent: "offboard", accountId: "lwa" }, applied, lwa)).toBeUndefined();
  });

  it.each([
    ["onboard", "EmployeeHired"],
    ["reinstate", "EmployeeReturned"],
  ] as const)("gives whoever comes by %s the license that was named, at once", (intent, after) => {
    expect(follows({ intent, licenseType: "Pro" })).toEqual({
      kind: "licenseAfterJoining",
      after,
      licenseType: "Pro",
      effectiveAt: noon,
      dueAt: later,
    });
  });

  it("spares a new user's default license, unless those of leavers are lowered: who is invited may be one", () => {
    const hire = aDecision({ intent: "onboard", licenseType: "Basic" });
    const nothing = { signOut: false, resetPin: false, license: undefined };
    const careless = { findAfterSuspension: () => nothing };
    expect([
      followUpOf(hire, applied, anAccount(), careless, later),
      followUpOf(hire, applied, anAccount(), rules, later)?.licenseType,
    ]).toEqual([undefined, "Basic"]);
  });

  it("does not trust in the default license of an account that is not known", () => {
    const hire = aDecision({ intent: "onboard", licenseType: "Basic" });
    const careless = {
      findAfterSuspension: () => ({ signOut: false, resetPin: false, license: undefined }),
    };
    expect(followUpOf(hire, applied, undefined, careless, later)?.licenseType).toBe("Basic");
  });

  it("gives a new user whatever is not the default license", () => {
    const hire = aDecision({ intent: "onboard", licenseType: "Pro" });
    const careless = {
      findAfterSuspension: () => ({ signOut: false, resetPin: false, license: undefined }),
    };
    expect(followUpOf(hire, applied, anAccount(), careless, later)?.licenseType).toBe("Pro");
  });

  it("lowers the license of who was suspended, though the sign-out will never succeed", () => {
    const notSignedOut: Outcome = {
      kind: "rejected",
      code: "NotSignedOut",
      reason: "by hand",
      carriedOut: true,
    };
    expect(follows({ intent: "offboard" }, notSignedOut)?.licenseType).toBe("Basic");
  });

  it.each([
    ["a hire without a license", { intent: "onboard" }, applied, anAccount()],
    ["a change of license", { intent: "relicense", licenseType: "Pro" }, applied, anAccount()],
  ] as const)("asks for nothing after %s", (_, given, outcome, account) => {
    expect(follows(given, outcome, account)).toBeUndefined();
  });

  it.each([
    ["who was there already", { intent: "onboard", licenseType: "Basic" }, alreadySo, anAccount()],
    ["who returns", { intent: "reinstate", licenseType: "Basic" }, applied, anAccount()],
    ["who is let in again by a hire", { intent: "onboard", licenseType: "Basic" }, applied, lwa],
  ] as const)("does not trust in the default license of one %s", (_, given, outcome, account) => {
    expect(follows(given, outcome, account)?.licenseType).toBe("Basic");
  });

  it.each<Outcome>([
    { kind: "unchanged", because: "duplicate" },
    { kind: "held", rule: "SuspensionLimit" },
    { kind: "rejected", code: "UserNotFound", reason: "unknown" },
    { kind: "retry", code: "Throttled", reason: "slow down" },
    { kind: "deferred", because: "notRegistered", until: later },
  ])("asks for nothing where nothing was carried out (%j)", (outcome) => {
    expect([
      follows({ intent: "offboard" }, outcome),
      follows({ intent: "onboard", licenseType: "Pro" }, outcome),
    ]).toEqual([undefined, undefined]);
  });
});
