import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exclusionFinder } from "../../src/policy/exclusionFinder.ts";

const accounts = [{ id: "team", domains: ["example.com"], licensePerRole: {} }];
const ada = { personId: "P-1", email: "ada@example.com", previousEmails: [], role: undefined };
const find = exclusionFinder({
  accounts,
  exclusions: {
    people: ["P-0001"],
    addresses: ["Chief@Example.com", "*@contractors.example"],
    roles: ["Board*"],
  },
});

describe("exclusionFinder", () => {
  it.each([
    ["an id", { personId: "P-0001" }, "exclusions.people: P-0001"],
    ["an address, which it masks", { email: "chief@example.com" }, "exclusions.addresses: C***@Example.com"],
    [
      "a pattern of addresses",
      { email: "ada@contractors.example" },
      "exclusions.addresses: *@contractors.example",
    ],
    [
      "an earlier address",
      { previousEmails: ["a@example.com", "chief@example.com"] },
      "exclusions.addresses: C***@Example.com",
    ],
    ["a role", { role: "board member" }, "exclusions.roles: Board*"],
  ])("names the rule that excludes by %s", (_, given, rule) => {
    expect(find({ ...ada, ...given })).toBe(rule);
  });

  it("excludes nobody else, and nobody at all where the policy says nothing", () => {
    const everybody = exclusionFinder({ accounts });
    expect([find({ ...ada, role: "keyboard tester" }), everybody(ada)]).toEqual([undefined, undefined]);
  });

  it("shows no address in full", () => {
    const local = fc.stringMatching(/^[a-z]{3,9}$/);
    fc.assert(
      fc.property(local, (name) => {
        const email = `${name}@example.com`;
        const rule = exclusionFinder({ accounts, exclusions: { addresses: [email] } })({ ...ada, email });
        expect(rule).toBe(`exclusions.addresses: ${name.slice(0, 1)}***@example.com`);
      }),
    );
  });
});
