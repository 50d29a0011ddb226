import { describe, expect, it } from "vitest";
import { licenseFinder } from "../../src/policy/licenseFinder.ts";

const lists = {
  id: "lists",
  domains: ["a.example"],
  licensePerRole: { "Engineer*": "Pro", "engineer II": "Plus" },
};
const rest = {
  id: "rest",
  domains: ["b.example"],
  licensePerRole: { "sales*": "Plus" },
  defaultLicense: "Basic",
};
const find = licenseFinder({ accounts: [lists, rest] });

describe("licenseFinder", () => {
  it.each([
    ["a pattern", lists, "engineering lead", { license: "Pro", rule: "licensePerRole: Engineer*" }],
    [
      "the role to the letter",
      lists,
      "Engineer II",
      { license: "Plus", rule: "licensePerRole: engineer II" },
    ],
    ["the default", rest, "visitor", { license: "Basic", rule: "defaultLicense" }],
  ])("gives the license by %s, and names the rule", (_, account, role, expected) => {
    expect(find(account, role)).toEqual(expected);
  });

  it.each(["visitor", "constructor", "__proto__", "licensePerRole"])(
    "gives the role %s none, where the account neither lists it nor has a default",
    (role) => {
      expect(find(lists, role)).toBeUndefined();
    },
  );
});
