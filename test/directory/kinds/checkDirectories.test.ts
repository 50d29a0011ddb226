import { describe, expect, it } from "vitest";
import { checkDirectories, findDirectoryProblems } from "../../../src/directory/kinds/checkDirectories.ts";
import { checkPolicy, pathText } from "../../../src/policy/checkPolicy.ts";

/** A policy of these accounts, and of one at Amazon Chime. */
function problemsOf(accounts: readonly object[], more: object = {}) {
  const domains = (index: number) => ({ id: `a${index}`, domains: [`a${index}.example`] });
  const all = [...accounts.map((account, index) => ({ ...domains(index), ...account })), domains(9)];
  const checked = checkPolicy(JSON.stringify({ ...more, accounts: all }));
  if (checked.kind === "invalid") throw new Error(JSON.stringify(checked.problems));
  return findDirectoryProblems(checked.policy).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

const at = (profile: string, more: object = {}) => ({
  directory: {
    kind: "scim",
    profile,
    baseUrl: `https://${profile}.example/v2`,
    secret: `/rollcall/${profile}`,
    ...more,
  },
});

describe("what the policy asks of a directory", () => {
  it("is found to be possible", () => {
    const license = { path: "userType", shape: "text" };
    const accounts = [
      at("slack"),
      { ...at("zoom"), licensePerRole: { engineer: "Licensed" }, defaultLicense: "Basic" },
      { ...at("pagerduty"), suspension: "deletes", afterSuspension: { license: false } },
      {
        ...at("generic", { license }),
        defaultLicense: "Full",
        suspension: "deletes",
        afterSuspension: { license: false },
      },
    ];
    const afterSuspension = { signOut: true, resetPin: true };
    expect(problemsOf(accounts, { afterSuspension })).toEqual([]);
  });

  it.each([
    [
      "a service that deletes, without consent",
      at("pagerduty"),
      "suspension: PagerDuty deletes the users whom it suspends, and whoever returns is a new user; write `suspension: deletes` here if that is wanted",
    ],
    [
      "consent to a service that does not delete",
      { ...at("slack"), suspension: "deletes" },
      "suspension: Slack keeps the users whom it suspends; leave this out",
    ],
    [
      "such consent to Amazon Chime",
      { suspension: "deletes" },
      "suspension: the directory of a0 keeps the users whom it suspends; leave this out",
    ],
    [
      "a license by role where there is none",
      { ...at("slack"), licensePerRole: { engineer: "Pro" } },
      "licensePerRole: Slack has no licenses; leave this out",
    ],
    [
      "a license for all where there is none",
      { ...at("generic"), defaultLicense: "Pro" },
      "defaultLicense: SCIM 2.0 has no licenses; leave this out",
    ],
    [
      "another license after the suspension where there is none",
      { ...at("slack"), afterSuspension: { license: { to: "Basic" } } },
      "afterSuspension.license: Slack has no licenses, so leavers can be left with none; write `afterSuspension: { license: false }` for this account",
    ],
    [
      "a license for users who are deleted",
      { ...at("pagerduty"), suspension: "deletes", afterSuspension: { license: { to: "Basic" } } },
      "afterSuspension.license: PagerDuty deletes the users whom it suspends, so leavers can be left with none; write `afterSuspension: { license: false }` for this account",
    ],
    [
      "a sign-out that the service has not",
      { ...at("slack"), afterSuspension: { signOut: true } },
      "afterSuspension.signOut: Slack has no such call; leave this out",
    ],
    [
      "a new PIN that the service has not",
      { ...at("slack"), afterSuspension: { resetPin: true } },
      "afterSuspension.resetPin: Slack has no such call; leave this out",
    ],
    [
      "an address of this machine",
      at("slack", { baseUrl: "http://127.0.0.1:80/v2" }),
      "directory.baseUrl: is an address of this machine without encryption, which only the embedded stack may use; it must begin with https://",
    ],
    [
      "a token endpoint of this machine",
      at("zoom", { oauth: { tokenUrl: "http://127.0.0.1:80/token" } }),
      "directory.oauth.tokenUrl: is an address of this machine without encryption, which only the embedded stack may use; it must begin with https://",
    ],
  ])("is told by its field: %s", (_, account, problem) => {
    expect(problemsOf([account])).toEqual([`accounts[0].${problem}`]);
  });

  it("is told of an account that the policy's own afterSuspension reaches", () => {
    expect(problemsOf([at("slack")], { afterSuspension: { license: { to: "Basic" } } })).toEqual([
      "accounts[0].afterSuspension: Slack has no licenses, so leavers can be left with none; write `afterSuspension: { license: false }` for this account",
    ]);
  });

  it("is told where two accounts are one service: each would have the whole of its rate", () => {
    expect(problemsOf([at("slack"), at("slack")])).toEqual([
      "accounts[1].directory.baseUrl: is the address of account a0 already; name the domains of both in one account",
    ]);
  });

  it("is told where no account at all has a call that the policy wants", () => {
    const policy = {
      afterSuspension: { signOut: true },
      accounts: [{ id: "a", domains: ["a.example"], licensePerRole: {}, ...at("slack") }],
    };
    const checked = checkPolicy(JSON.stringify(policy));
    const problems = checked.kind === "valid" ? findDirectoryProblems(checked.policy) : [];
    expect(problems).toEqual([
      {
        path: ["afterSuspension", "signOut"],
        message: "no account's directory has such a call; leave this out",
      },
    ]);
    expect(() => checked.kind === "valid" && checkDirectories("policy.yml", checked.policy)).toThrow(
      "policy.yml asks for what its directories cannot do:\n  afterSuspension.signOut: no account's directory has such a call",
    );
  });
});
