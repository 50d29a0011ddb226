import { describe, expect, it } from "vitest";
import { policySchema } from "../../src/policy/policy.ts";

const account = { id: "team", domains: ["example.com"] };

describe("the schema of the policy", () => {
  it("reads domains in lower case, and an account without roles as one that changes no license", () => {
    expect(policySchema.parse({ accounts: [{ id: "team", domains: ["Example.COM"] }] })).toEqual({
      accounts: [{ id: "team", domains: ["example.com"], licensePerRole: {} }],
    });
  });

  it.each([
    ["nothing", null, [""]],
    ["no accounts", { accounts: [] }, ["accounts"]],
    ["an account without an id", { accounts: [{ ...account, id: "" }] }, ["accounts.0.id"]],
    ["an account without domains", { accounts: [{ ...account, domains: [] }] }, ["accounts.0.domains"]],
    [
      "a domain that is an address",
      { accounts: [{ ...account, domains: ["a@b.com"] }] },
      ["accounts.0.domains.0"],
    ],
    [
      "a domain without a dot",
      { accounts: [{ ...account, domains: ["localhost"] }] },
      ["accounts.0.domains.0"],
    ],
    [
      "a license that is no text",
      { accounts: [{ ...account, licensePerRole: { sales: 1 } }] },
      ["accounts.0.licensePerRole.sales"],
    ],
    ["a misspelt field", { accounts: [{ ...account, domain: "example.org" }] }, ["accounts.0"]],
    [
      "a domain in two accounts, whatever its case",
      { accounts: [account, { id: "lwa", domains: ["example.org", "EXAMPLE.com"] }] },
      ["accounts.1.domains.1"],
    ],
  ])("refuses %s, and says where", (_, policy, paths) => {
    const { error } = policySchema.safeParse(policy);
    expect(error?.issues.map(({ path }) => path.join("."))).toEqual(paths);
  });

  it("tells to which account a domain belongs that stands twice", () => {
    const { error } = policySchema.safeParse({ accounts: [account, { ...account, id: "lwa" }] });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      "example.com already belongs to account team; a person can be in one account only",
    ]);
  });
});
