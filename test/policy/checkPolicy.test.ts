import { describe, expect, it } from "vitest";
import { checkPolicy } from "../../src/policy/checkPolicy.ts";

const account = "{ id: team, domains: [example.com] }";

function problemsOf(text: string) {
  const checked = checkPolicy(text);
  return checked.kind === "valid" ? [] : checked.problems;
}

describe("checkPolicy", () => {
  it("takes a policy in which everything is said", () => {
    const text = `
exclusions: { people: [P-1], addresses: ["*@contractors.example"], roles: [Board*] }
leaveOfAbsence: { do: ignore, reasons: [sabbatical] }
freshness: { maxAgeDays: 90 }
safeguard: { suspensions: { atLeast: 1, percent: 2.5 }, windowMinutes: 30, immediate: 1 }
accounts:
  - id: team
    domains: [Example.com]
    attributes: { company: [Acme*] }
    licensePerRole: { "engineer*": Pro }
    defaultLicense: Basic
    safeguard: false
`;
    expect(checkPolicy(text)).toEqual({
      kind: "valid",
      policy: {
        exclusions: { people: ["P-1"], addresses: ["*@contractors.example"], roles: ["Board*"] },
        leaveOfAbsence: { do: "ignore", reasons: ["sabbatical"] },
        freshness: { maxAgeDays: 90 },
        safeguard: { suspensions: { atLeast: 1, percent: 2.5 }, windowMinutes: 30, immediate: 1 },
        accounts: [
          {
            id: "team",
            domains: ["example.com"],
            attributes: { company: ["Acme*"] },
            licensePerRole: { "engineer*": "Pro" },
            defaultLicense: "Basic",
            safeguard: false,
          },
        ],
      },
    });
  });

  it.each([
    [
      "a field that nobody knows",
      `exclusion: {}\naccounts: [${account}]`,
      ["exclusion"],
      "unknown field; expected one of safeguard, exclusions, leaveOfAbsence, afterSuspension, freshness, personIds, sources, roster, accounts",
    ],
    [
      "an origin in two namespaces",
      `personIds: { namespaces: { one: [bamboohr], two: [hibob, bamboohr] } }\naccounts: [${account}]`,
      ["personIds", "namespaces"],
      "names the origin bamboohr twice; each belongs to one namespace",
    ],
    [
      "a namespace that is no word",
      `personIds: { namespaces: { "a/b": [bamboohr] } }\naccounts: [${account}]`,
      ["personIds", "namespaces", "a/b"],
      "must be a word of at most 31 small letters, figures and hyphens, such as bamboohr",
    ],
    [
      "an unknown field inside of what may be false too",
      `safeguard: { suspensions: { atLest: 4 } }\naccounts: [${account}]`,
      ["safeguard", "suspensions", "atLest"],
      "unknown field; expected one of atLeast, percent",
    ],
    [
      "a safeguard that is neither",
      `safeguard: true\naccounts: [${account}]`,
      ["safeguard"],
      "must be false or an object",
    ],
    [
      "an excluded name that would match nobody",
      `exclusions: { addresses: [chief] }\naccounts: [${account}]`,
      ["exclusions", "addresses", 0],
      "must be an e-mail address or a pattern for some, such as *@contractors.example",
    ],
    [
      "a number for a text",
      "accounts: [{ id: 7, domains: [example.com] }]",
      ["accounts", 0, "id"],
      "expected string; got number",
    ],
    [
      "a field that is missing",
      "accounts: [{ id: team }]",
      ["accounts", 0, "domains"],
      "expected array; got nothing",
    ],
    [
      "a word that is not one of two",
      `leaveOfAbsence: { do: keep }\naccounts: [${account}]`,
      ["leaveOfAbsence", "do"],
      'expected one of "suspend"|"ignore"',
    ],
    [
      "an account that asks for attributes and names none",
      "accounts: [{ id: team, domains: [example.com], attributes: {} }]",
      ["accounts", 0, "attributes"],
      "must name an attribute, or be left out",
    ],
    [
      "an account that nobody could come to",
      `accounts: [${account}, { id: lwa, domains: [example.com] }]`,
      ["accounts", 1, "domains", 0],
      "example.com already belongs to account team; a person can be in one account only",
    ],
  ])("names the place of %s, and what is expected there", (_, text, path, message) => {
    expect(problemsOf(text)).toEqual([{ path, message }]);
  });

  it.each([
    ["accounts:\n  - id: [ada@example.com", 2, "unexpected end"],
    ["accounts: []\naccounts: []", 2, "duplicated mapping key (2:1)"],
  ])("names the line where %j ceases to be YAML, and quotes nothing", (text, line, words) => {
    const [problem] = problemsOf(text);
    expect([problem?.line, problem?.message.includes(words), problem?.message.includes("ada")]).toEqual([
      line,
      true,
      false,
    ]);
  });

  it.each(["", "# nothing", "---\n---\n", "accounts", "7", "null"])(
    "says of %j that something is wrong",
    (text) => {
      expect(problemsOf(text).map(({ path }) => path)).toEqual([[]]);
    },
  );
});
