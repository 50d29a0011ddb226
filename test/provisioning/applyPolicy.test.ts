import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/policy/policy.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { applyPolicy, refuseByAge } from "../../src/provisioning/applyPolicy.ts";
import type { Decision } from "../../src/provisioning/decision.ts";
import { aDecision, noon } from "./samples.ts";

describe("applyPolicy", () => {
  const policy: Policy = {
    accounts: [
      { id: "team", domains: ["example.com"], licensePerRole: { engineer: "Pro" } },
      { id: "lwa", domains: ["example.org"], licensePerRole: {} },
    ],
  };
  const rules = toPolicyRules(policy);
  const unscoped: Decision = { ...aDecision(), accountId: undefined };

  it("gives each decision the account of its address, and keeps the rest as it is", () => {
    const decisions = [
      { ...unscoped, index: 0 },
      { ...unscoped, index: 1, email: "grace@example.org" },
    ];
    expect(applyPolicy(decisions, rules, noon)).toEqual({
      inScope: [
        { ...decisions[0], accountId: "team" },
        { ...decisions[1], accountId: "lwa" },
      ],
      outcomes: [],
    });
  });

  it("puts the namespace before the id of a person whose origin has one, excluded or not, and no other's", () => {
    const two = toPolicyRules({
      ...policy,
      personIds: { namespaces: { bamboo: ["bamboohr", "roster"] } },
      exclusions: { people: ["7"] },
    });
    const decisions = [
      { ...unscoped, index: 0, personId: "1042", origin: "bamboohr" },
      { ...unscoped, index: 1, personId: "1042", origin: "roster" },
      { ...unscoped, index: 2, personId: "1042", origin: "hibob" },
      { ...unscoped, index: 3, personId: "1042", origin: undefined },
      { ...unscoped, index: 4, personId: "bamboo/1042", origin: "rollcall" },
      { ...unscoped, index: 5, personId: "7", origin: "bamboohr" },
    ];
    const { outcomes } = applyPolicy(decisions, two, noon);
    expect([decisions.map(({ personId }) => personId), outcomes.map(({ index }) => index)]).toEqual([
      ["bamboo/1042", "bamboo/1042", "1042", "1042", "bamboo/1042", "bamboo/7"],
      [5],
    ]);
  });

  it("excludes a person of no account, and names the domain and no more", () => {
    const decisions = [{ ...unscoped, index: 7, email: "ada@elsewhere.example" }];
    expect(applyPolicy(decisions, rules, noon)).toEqual({
      inScope: [],
      outcomes: [
        {
          index: 7,
          outcome: { kind: "excluded", rule: "no account of the policy has the domain elsewhere.example" },
        },
      ],
    });
  });

  it.each([
    ["the event's own word", { licenseType: "Plus", role: "engineer" }, "Plus"],
    ["the policy's word for the role", { role: "engineer" }, "Pro"],
  ])("a license change goes by %s", (_, given, licenseType) => {
    const { inScope } = applyPolicy([{ ...unscoped, intent: "relicense", ...given }], rules, noon);
    expect(inScope.map((decision) => decision.licenseType)).toEqual([licenseType]);
  });

  it.each(["visitor", "constructor", "__proto__"])(
    "a license change for the role %s, for which the policy has no license, is left out",
    (role) => {
      const { inScope, outcomes } = applyPolicy([{ ...unscoped, intent: "relicense", role }], rules, noon);
      expect([inScope, outcomes.map(({ outcome }) => outcome)]).toEqual([
        [],
        [{ kind: "excluded", rule: `account team names no license for the role "${role}"` }],
      ]);
    },
  );

  it.each([
    ["no role either", {}, ""],
    ["a role that is an address, which is masked", { role: "ada@example.com" }, "a***@example.com"],
  ])("a license change without a license, with %s, is excluded", (_, given, shown) => {
    const { outcomes } = applyPolicy([{ ...unscoped, intent: "relicense", ...given }], rules, noon);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      { kind: "excluded", rule: `account team names no license for the role "${shown}"` },
    ]);
  });

  it("a joiner without a license of their own is in scope all the same", () => {
    const { inScope } = applyPolicy([{ ...unscoped, intent: "onboard", role: "visitor" }], rules, noon);
    expect(inScope.map(({ licenseType }) => licenseType)).toEqual([undefined]);
  });

  it("leaves out whom the policy excludes, also where no account would have them, and names the rule", () => {
    const excluding = toPolicyRules({ ...policy, exclusions: { addresses: ["*@contractors.example"] } });
    const { outcomes } = applyPolicy([{ ...unscoped, email: "ada@contractors.example" }], excluding, noon);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      { kind: "excluded", rule: "exclusions.addresses: *@contractors.example" },
    ]);
  });

  it("names the attributes by which accounts choose, where none takes the person", () => {
    const choosing = toPolicyRules({
      accounts: [
        { id: "acme", domains: ["example.com"], licensePerRole: {}, attributes: { company: ["Acme"] } },
        { id: "lab", domains: ["example.com"], licensePerRole: {}, attributes: { department: ["Lab"] } },
      ],
    });
    const decisions = [unscoped, { ...unscoped, index: 1, attributes: { department: "lab" } }];
    const { inScope, outcomes } = applyPolicy(decisions, choosing, noon);
    expect([inScope.map(({ accountId }) => accountId), outcomes.map(({ outcome }) => outcome)]).toEqual([
      ["lab"],
      [
        {
          kind: "excluded",
          rule: "no account with the domain example.com takes the person, by data.attributes: company, department",
        },
      ],
    ]);
  });

  it("leaves out a leave of absence where the policy ignores it, and nobody's return", () => {
    const lenient = toPolicyRules({ ...policy, leaveOfAbsence: { do: "ignore" } });
    const intents = ["offboard", "reinstate"] as const;
    const decisions = intents.map((intent, index) => ({
      ...unscoped,
      index,
      intent,
      reason: "leaveOfAbsence",
    }));
    const { inScope, outcomes } = applyPolicy(decisions, lenient, noon);
    expect([inScope.map(({ intent }) => intent), outcomes]).toEqual([
      ["reinstate"],
      [
        {
          index: 0,
          outcome: {
            kind: "excluded",
            rule: "leaveOfAbsence.reasons: leaveOfAbsence",
            isLeaveOfAbsence: true,
          },
        },
      ],
    ]);
  });

  it.each([
    ["is from the future", { occurredAt: noon + 86_400_001 }, "FromTheFuture"],
    ["is stale by the policy", { occurredAt: noon - 86_400_001, effectiveAt: 0 }, "Stale"],
  ])("rejects a decision that %s", (_, times, code) => {
    const fresh = toPolicyRules({ ...policy, freshness: { maxAgeDays: 1 } });
    const { outcomes } = applyPolicy([{ ...unscoped, ...times }], fresh, noon);
    expect(outcomes.map(({ outcome }) => outcome.kind === "rejected" && outcome.code)).toEqual([code]);
  });
});

describe("refuseByAge", () => {
  const day = 86_400_000;
  const decided = (days: number) => {
    const occurredAt = noon - days * day;
    return {
      occurredAt,
      effectiveAt: occurredAt,
      waitingSince: undefined,
      follows: undefined,
      firstReceivedAt: noon,
    };
  };

  it.each([
    ["made a day ahead, by a clock that is fast", decided(-1), undefined],
    ["made more than a day ahead", { ...decided(-1), occurredAt: noon + day + 1 }, "FromTheFuture"],
    ["as old as the policy allows", decided(30), undefined],
    ["a moment older", { ...decided(30), occurredAt: noon - 30 * day - 1, effectiveAt: 0 }, "Stale"],
    ["made long ago for now", { ...decided(300), effectiveAt: noon }, undefined],
    ["made long ago for long ago", { ...decided(300), effectiveAt: noon - 31 * day }, "Stale"],
    ["new when it began to wait for its user", { ...decided(40), waitingSince: noon - 30 * day }, undefined],
    ["old when it began to wait", { ...decided(40), waitingSince: noon - 5 * day }, "Stale"],
    ["new when it was first received", { ...decided(40), firstReceivedAt: noon - 10 * day }, undefined],
    ["old when it was first received", { ...decided(40), firstReceivedAt: noon - 5 * day }, "Stale"],
    ["that says it was received tomorrow", { ...decided(40), firstReceivedAt: noon + day }, "Stale"],
    ["that says it waits since tomorrow", { ...decided(40), waitingSince: noon + day }, "Stale"],
  ])("of a decision that was %s, %#", (_, decision, code) => {
    const fault = refuseByAge(decision, 30, noon);
    expect([fault?.kind, fault?.code]).toEqual([code && "rejected", code]);
  });

  it("leaves the age of what follows from another decision to that one", () => {
    const follows = { type: "EmployeeHired", id: "hired" } as const;
    expect([
      refuseByAge({ ...decided(300), follows }, 30, noon),
      refuseByAge({ ...decided(0), occurredAt: noon + 2 * day, follows }, 30, noon)?.code,
    ]).toEqual([undefined, "FromTheFuture"]);
  });

  it("believes what is ever so old, unless the policy says otherwise", () => {
    expect(refuseByAge(decided(9999), undefined, noon)).toBeUndefined();
  });

  it("names the policy's rule and the way out", () => {
    expect(refuseByAge(decided(31), 30, noon)?.reason).toMatch(/freshness\.maxAgeDays.+send it again/);
    expect(refuseByAge(decided(-2), 30, noon)?.reason).toMatch(/more than a day ahead.+data\.effectiveAt/);
  });
});
