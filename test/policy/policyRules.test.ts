import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { screen } from "../../src/drain/screen.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { aDecision, noon } from "../drain/samples.ts";

const name = fc.constantFrom("ada", "ad", "grace");
const domain = fc.constantFrom("a.example", "b.example", "c.example");
const unit = fc.constantFrom("Lab 1", "Lab 2", "Sales");
const account = fc.record(
  {
    domains: fc.uniqueArray(domain, { minLength: 1 }),
    attributes: fc.record({ unit: fc.array(fc.constantFrom("lab*", "SALES", "*1"), { minLength: 1 }) }),
  },
  { requiredKeys: ["domains"] },
);
const policies = fc.record({
  accounts: fc
    .array(account, { minLength: 1, maxLength: 4 })
    .map((drawn) => drawn.map((each, index) => ({ id: `account ${index}`, licensePerRole: {}, ...each }))),
  exclusions: fc.record({
    addresses: fc.uniqueArray(fc.constantFrom("ad*@a.example", "*@C.example", "grace@b.example"), {
      minLength: 1,
    }),
  }),
});
const people = fc.array(
  fc.record({ name, domain, attributes: fc.option(fc.record({ unit }), { nil: undefined }) }),
  { maxLength: 10 },
);

/** The same once more, by regular expressions and without any index. */
function expectedAccount(policy: Policy, email: string, attributes: Record<string, string> = {}) {
  const fits = (pattern: string, text: string) =>
    new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "i").test(text);
  if (policy.exclusions?.addresses?.some((pattern) => fits(pattern, email))) return "excluded";
  const found = policy.accounts.find(
    (each) =>
      each.domains.some((own) => email.endsWith(`@${own}`)) &&
      Object.entries(each.attributes ?? {}).every(([asked, patterns]) =>
        patterns.some((pattern) => asked in attributes && fits(pattern, attributes[asked] ?? "")),
      ),
  );
  return found?.id ?? "excluded";
}

describe("the rules of a policy", () => {
  it("give everybody the first account that fits, but nobody who is excluded", () => {
    fc.assert(
      fc.property(policies, people, (policy, drawn) => {
        const decisions = drawn.map(({ name, domain, attributes }, index) => {
          const decision = aDecision({ index, email: `${name}@${domain}` });
          return { ...decision, accountId: undefined, attributes };
        });
        const { inScope, settled } = screen(decisions, toPolicyRules(policy), noon);
        const got = new Map([
          ...inScope.map(({ index, accountId }) => [index, accountId] as const),
          ...settled.map(({ index, outcome }) => [index, outcome.kind] as const),
        ]);
        expect(inScope.length + settled.length).toBe(decisions.length);
        expect(decisions.map(({ index }) => got.get(index))).toEqual(
          decisions.map(({ email, attributes }) => expectedAccount(policy, email, attributes)),
        );
      }),
      { numRuns: 500 },
    );
  });
});
