import { describe, expect, it } from "vitest";
import { accountFinder } from "../../src/policy/accountFinder.ts";
import { policySchema } from "../../src/policy/policy.ts";

const find = accountFinder(
  policySchema.parse({
    accounts: [
      { id: "team", domains: ["example.com", "Example.NET"] },
      { id: "lwa", domains: ["eu.example.com"] },
    ],
  }),
);

describe("accountFinder", () => {
  it.each([
    ["ada@example.com", "team"],
    ["ada@example.net", "team"],
    ["ada@eu.example.com", "lwa"],
    ['"ada@example.com"@eu.example.com', "lwa"],
    ["ada@us.example.com", undefined],
    ["ada@example.com.evil.example", undefined],
    ["ada@constructor", undefined],
  ])("%s belongs to: %s", (email, id) => {
    expect(find(email)?.id).toBe(id);
  });
});
