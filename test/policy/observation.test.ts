import { expect, it } from "vitest";
import { checkPolicy } from "../../src/policy/checkPolicy.ts";
import { listTrials, trialFinder } from "../../src/policy/observation.ts";
import { policySchema } from "../../src/policy/policy.ts";

const policy = policySchema.parse({
  sources: { hibob: { observe: true }, okta: { observe: false }, roster: {} },
  accounts: [
    { id: "team", domains: ["team.example"], observe: true },
    { id: "lwa", domains: ["lwa.example"], observe: false },
    { id: "ad", domains: ["ad.example"] },
  ],
});

it("lists what the policy observes", () => {
  expect(listTrials(policy).map(({ name }) => name)).toEqual(["source hibob", "account team"]);
});

it.each([
  ["lwa", undefined, undefined],
  ["ad", "okta", undefined],
  ["ad", "roster", undefined],
  ["ad", "unknown", undefined],
  ["team", undefined, "account team"],
  ["team", "okta", "account team"],
  ["lwa", "hibob", "source hibob"],
  // The narrower one: once the account is live, the source is observed still.
  ["team", "hibob", "source hibob"],
])("of account %s and origin %s: %s", (accountId, origin, expected) => {
  expect(trialFinder(policy)({ accountId, origin })?.name).toBe(expected);
});

it("a policy without any finds none", () => {
  const plain = policySchema.parse({ accounts: [{ id: "team", domains: ["team.example"] }] });
  expect(trialFinder(plain)({ accountId: "team", origin: "hibob" })).toBeUndefined();
});

it("a mistyped setting of a source is refused, by its name", () => {
  const checked = checkPolicy(
    "sources: {hibob: {observed: true}}\naccounts: [{id: a, domains: [a.example]}]",
  );
  expect(checked).toMatchObject({
    kind: "invalid",
    problems: [
      { path: ["sources", "hibob", "observed"], message: expect.stringContaining("expected one of observe") },
    ],
  });
});
