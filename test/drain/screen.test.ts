import { describe, expect, it } from "vitest";
import { screen } from "../../src/drain/screen.ts";
import { accountFinder } from "../../src/policy/accountFinder.ts";
import { aDecision, noon } from "./samples.ts";

const findAccount = accountFinder({
  accounts: [
    { id: "team", domains: ["example.com"], licensePerRole: { engineer: "Pro" } },
    { id: "lwa", domains: ["example.org"], licensePerRole: {} },
  ],
});
const { accountId: _, ...unscoped } = aDecision();

describe("screen", () => {
  it("gives each decision the account of its address, and keeps the rest as it is", () => {
    const decisions = [
      { ...unscoped, index: 0 },
      { ...unscoped, index: 1, email: "grace@example.org" },
    ];
    expect(screen(decisions, findAccount, noon)).toEqual({
      inScope: [
        { ...decisions[0], accountId: "team" },
        { ...decisions[1], accountId: "lwa" },
      ],
      settled: [],
    });
  });

  it("leaves out whoever is in no account, and tells the domain and no more", () => {
    const decisions = [{ ...unscoped, index: 7, email: "ada@elsewhere.example" }];
    expect(screen(decisions, findAccount, noon)).toEqual({
      inScope: [],
      settled: [
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
    const { inScope } = screen([{ ...unscoped, intent: "relicense", ...given }], findAccount, noon);
    expect(inScope.map((decision) => decision.licenseType)).toEqual([licenseType]);
  });

  it.each(["visitor", "constructor", "__proto__"])(
    "a license change for the role %s, for which the policy has no license, is left out",
    (role) => {
      const { inScope, settled } = screen([{ ...unscoped, intent: "relicense", role }], findAccount, noon);
      expect([inScope, settled.map(({ outcome }) => outcome)]).toEqual([
        [],
        [{ kind: "excluded", rule: `account team names no license for the role "${role}"` }],
      ]);
    },
  );

  it("a joiner without a license of their own is in scope all the same", () => {
    const { inScope } = screen([{ ...unscoped, intent: "onboard", role: "visitor" }], findAccount, noon);
    expect(inScope.map(({ licenseType }) => licenseType)).toEqual([undefined]);
  });

  it.each([
    ["a day ahead, by a clock that is fast", 86_400_000, []],
    ["more than a day ahead", 86_400_001, ["FromTheFuture"]],
  ])("a decision that HR made %s", (_, ahead, codes) => {
    const { settled } = screen([{ ...unscoped, occurredAt: noon + ahead }], findAccount, noon);
    expect(settled.map(({ outcome }) => outcome.kind === "rejected" && outcome.code)).toEqual(codes);
  });
});
