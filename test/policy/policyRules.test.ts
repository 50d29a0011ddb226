import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Policy, policySchema } from "../../src/policy/policy.ts";
import {
  accountFinder,
  exclusionFinder,
  leaveFinder,
  licenseFinder,
  toPolicyRules,
} from "../../src/policy/policyRules.ts";
import { applyPolicy } from "../../src/provisioning/applyPolicy.ts";
import { aDecision, noon } from "../provisioning/samples.ts";

describe("the rules of a policy", () => {
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

  it("give everybody the first account that fits, but nobody who is excluded", () => {
    fc.assert(
      fc.property(policies, people, (policy, drawn) => {
        const decisions = drawn.map(({ name, domain, attributes }, index) => {
          const decision = aDecision({ index, email: `${name}@${domain}` });
          return { ...decision, accountId: undefined, attributes };
        });
        const { inScope, outcomes } = applyPolicy(decisions, toPolicyRules(policy), noon);
        const got = new Map([
          ...inScope.map(({ index, accountId }) => [index, accountId] as const),
          ...outcomes.map(({ index, outcome }) => [index, outcome.kind] as const),
        ]);
        expect(inScope.length + outcomes.length).toBe(decisions.length);
        expect(decisions.map(({ index }) => got.get(index))).toEqual(
          decisions.map(({ email, attributes }) => expectedAccount(policy, email, attributes)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

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

  it("takes nobody into an account by an attribute that the event does not have", () => {
    const only = accountFinder({ accounts: [account("proto", { constructor: ["*"] })] });
    expect(only("ada@example.com", {})).toBeUndefined();
  });
});

describe("licenseFinder", () => {
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

  it.each([
    ["a pattern", lists, "engineering lead", { license: "Pro", rule: "licensePerRole: Engineer*" }],
    ["the role's own name", lists, "Engineer II", { license: "Plus", rule: "licensePerRole: engineer II" }],
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

describe("exclusionFinder", () => {
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

describe("leaveFinder", () => {
  function ruleFor(leaveOfAbsence: Policy["leaveOfAbsence"], reason: string | undefined, urgent = false) {
    const accounts = [{ id: "team", domains: ["example.com"], licensePerRole: {} }];
    return leaveFinder({ accounts, ...(leaveOfAbsence && { leaveOfAbsence }) })({ reason, urgent });
  }

  it("suspends who is on leave only if the policy says so", () => {
    const rules = [ruleFor({ do: "suspend" }, "leaveOfAbsence"), ruleFor(undefined, "leaveOfAbsence")];
    expect(rules).toEqual([undefined, "leaveOfAbsence.reasons: leaveOfAbsence"]);
  });

  it.each(["leaveOfAbsence", "Leave of absence ", "LEAVE-OF-ABSENCE"])("takes %j for a leave", (reason) => {
    expect(ruleFor({ do: "ignore" }, reason)).toMatch(/^leaveOfAbsence\.reasons: leave.?of.?absence$/i);
  });

  it("goes by the policy's own reasons, where it names some", () => {
    const policy = { do: "ignore", reasons: ["parental*"] } as const;
    const own = { ...policy, reasons: [...policy.reasons] };
    expect([ruleFor(own, "Parental leave"), ruleFor(own, "leaveOfAbsence")]).toEqual([
      "leaveOfAbsence.reasons: parental*",
      undefined,
    ]);
  });

  it.each([
    ["another reason", "resignation", false],
    ["no reason", undefined, false],
    ["leave, but has to go at once", "leaveOfAbsence", true],
  ])("suspends who leaves for %s", (_, reason, urgent) => {
    expect(ruleFor({ do: "ignore" }, reason, urgent)).toBeUndefined();
  });
});
