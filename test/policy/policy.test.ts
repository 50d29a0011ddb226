import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findConflicts, policySchema } from "../../src/policy/policy.ts";
import { accountFinder } from "../../src/policy/policyRules.ts";

describe("the schema of the policy", () => {
  const account = { id: "team", domains: ["example.com"] };

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

  it("names the account to which a domain belongs that stands twice", () => {
    const { error } = policySchema.safeParse({ accounts: [account, { ...account, id: "lwa" }] });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      "example.com already belongs to account team; a person can be in one account only",
    ]);
  });
});

describe("findConflicts", () => {
  const team = { id: "team", domains: ["example.com"], licensePerRole: {} };
  const acme = { ...team, id: "acme", attributes: { company: ["Acme"] } };

  it("lets accounts share a domain, if the last alone takes everybody else", () => {
    expect(findConflicts([acme, { ...acme, id: "lab", attributes: { department: ["Lab"] } }, team])).toEqual(
      [],
    );
  });

  it.each([
    [
      "an account behind one that takes its whole domain",
      [team, acme],
      {
        path: [1, "domains", 0],
        message:
          "example.com already belongs to account team; put this account before team, which takes everybody else",
      },
    ],
    [
      "a domain twice in one account",
      [{ ...team, domains: ["a.example", "a.example"] }],
      {
        path: [0, "domains", 1],
        message: "a.example already belongs to account team; a person can be in one account only",
      },
    ],
    [
      "an account twice",
      [team, { ...team, domains: ["example.org"] }],
      {
        path: [1, "id"],
        message: "account team stands here for the second time; name its domains and roles in one place",
      },
    ],
    [
      "a role twice",
      [{ ...team, licensePerRole: { "Eng*": "Pro", "eng*": "Plus" } }],
      {
        path: [0, "licensePerRole", "eng*"],
        message: "the role stands here as Eng* already, and case makes no difference",
      },
    ],
  ])("reports %s", (_, accounts, conflict) => {
    expect(findConflicts(accounts)).toEqual([conflict]);
  });

  it("lets pass only policies in which whoever has no attributes comes to the account for everybody else", () => {
    const values = fc.constantFrom("x", "y");
    const attributes = fc.dictionary(fc.constantFrom("company", "unit"), fc.tuple(values), { minKeys: 1 });
    const domains = fc.uniqueArray(fc.constantFrom("a.example", "b.example", "c.example"), {
      minLength: 1,
    });
    const account = fc.record({ domains, attributes: fc.option(attributes, { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 4 }), (drawn) => {
        const accounts = drawn.map(({ domains, attributes }, index) => ({
          id: `a${index}`,
          domains,
          licensePerRole: {},
          ...(attributes && { attributes }),
        }));
        fc.pre(findConflicts(accounts).length === 0);
        const find = accountFinder({ accounts });
        for (const { id, domains } of accounts.filter((each) => !("attributes" in each)))
          for (const domain of domains) expect(find(`ada@${domain}`)?.id).toBe(id);
      }),
    );
  });
});
