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

describe("accountFinder with attributes", () => {
  const account = (id: string, attributes?: Record<string, string[]>) => ({
    id,
    domains: ["example.com"],
    licensePerRole: {},
    ...(attributes && { attributes }),
  });
  const find = accountFinder({
    accounts: [
      account("lab", { company: ["Acme*"], department: ["Research", "Lab *"] }),
      account("acme", { company: ["Acme*"] }),
      account("rest"),
    ],
  });

  it.each([
    ["lab", { company: "ACME Ltd", department: "lab 7" }],
    ["acme", { company: "Acme", department: "Sales" }],
    ["acme", { company: "Acme" }],
    ["rest", { company: "Other", department: "Research" }],
    ["rest", undefined],
  ])("gives account %s to whoever it is the first for: %j", (id, attributes) => {
    expect(find("ada@example.com", attributes)?.id).toBe(id);
  });

  it("takes nobody into an account by an attribute that the event does not tell", () => {
    const only = accountFinder({ accounts: [account("proto", { constructor: ["*"] })] });
    expect(only("ada@example.com", {})).toBeUndefined();
  });
});
