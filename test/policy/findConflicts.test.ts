import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountFinder } from "../../src/policy/accountFinder.ts";
import { findConflicts } from "../../src/policy/findConflicts.ts";

const team = { id: "team", domains: ["example.com"], licensePerRole: {} };
const acme = { ...team, id: "acme", attributes: { company: ["Acme"] } };

describe("findConflicts", () => {
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
  ])("tells %s", (_, accounts, conflict) => {
    expect(findConflicts(accounts)).toEqual([conflict]);
  });

  it("lets pass only policies in which whoever has no attributes comes to the account for everybody else", () => {
    const values = fc.constantFrom("x", "y");
    const attributes = fc.dictionary(fc.constantFrom("company", "unit"), fc.tuple(values), { minKeys: 1 });
    const domains = fc.uniqueArray(fc.constantFrom("a.example", "b.example", "c.example"), { minLength: 1 });
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
