import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runRollcall } from "../runRollcall.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "policy-check-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function check(text: string, ...options: string[]) {
  await writeFile(join(folder, "policy.yml"), text);
  return runRollcall(["policy", "check", ...options], { cwd: folder });
}

const wrong = `safeguard: { suspensions: { atLest: 3 } }
accounts:
  - id: team
    domains: [localhost]
`;

describe("rollcall policy check", () => {
  it("tells what a policy comes to", async () => {
    const text = `exclusions: { addresses: ["*@contractors.example", a@example.com], roles: [Board*] }
leaveOfAbsence: { do: ignore }
freshness: { maxAgeDays: 90 }
accounts:
  - { id: acme, domains: [example.com], attributes: { company: [Acme*, Bcme] }, defaultLicense: Basic }
  - { id: team, domains: [example.com, example.org], licensePerRole: { "engineer*": Pro }, safeguard: false }
`;
    const { exitCode, stdout, stderr } = await check(text);
    expect({ exitCode, stderr, lines: stdout.split("\n") }).toEqual({
      exitCode: 0,
      stderr: "",
      lines: [
        "policy.yml is a valid policy.",
        "",
        "ACCOUNT  WHO                                 SUSPENSIONS AT A TIME  LICENSES",
        "acme     example.com; company Acme* or Bcme  10 or 5 % in 60 min    others: Basic",
        "team     example.com, example.org            any number             engineer*: Pro",
        "",
        "Never touched: 2 address rules, 1 role rule.",
        "A leave of absence: ignored.",
        "Events: at most 90 days old.",
        "",
      ],
    });
  });

  it("tells what becomes of leavers besides, account by account, where it is anything", async () => {
    const text = `afterSuspension: { signOut: true, license: { to: Basic, afterDays: 1 } }
accounts:
  - { id: team, domains: [example.com], afterSuspension: { resetPin: true, license: false } }
  - { id: lwa, domains: [example.org] }
  - { id: other, domains: [example.net], afterSuspension: { signOut: false, license: false } }
`;
    const { stdout } = await check(text);
    expect(stdout.split("\n").filter((line) => line.startsWith("Leavers"))).toEqual([
      "Leavers of team: signed out, given a new PIN.",
      "Leavers of lwa: signed out, down to Basic after 1 day.",
    ]);
  });

  it("tells on which line something is wrong, and what is expected there", async () => {
    expect(await check(wrong)).toEqual({
      exitCode: 1,
      stdout: [
        "policy.yml:1: safeguard.suspensions.atLest: unknown field; expected one of atLeast, percent",
        "policy.yml:4: accounts[0].domains[0]: must be an e-mail domain, such as example.com",
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  it("tells programs the same as a JSON object", async () => {
    const { exitCode, stdout } = await check(wrong, "--json");
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      1,
      {
        file: "policy.yml",
        valid: false,
        problems: [
          {
            path: "safeguard.suspensions.atLest",
            line: 1,
            message: "unknown field; expected one of atLeast, percent",
          },
          {
            path: "accounts[0].domains[0]",
            line: 4,
            message: "must be an e-mail domain, such as example.com",
          },
        ],
      },
    ]);
    const right = await check("accounts: [{ id: a, domains: [a.example] }]\n", "--json");
    expect([right.exitCode, right.stdout]).toEqual([0, '{"file":"policy.yml","valid":true,"problems":[]}\n']);
  });

  it("tells where a file ceases to be YAML", async () => {
    const { exitCode, stdout } = await check("accounts:\n  - id: team\n   domains: []\n");
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(/^policy\.yml:3: \(the whole\): .+ \(3:\d+\)\n$/),
    ]);
  });

  it("says which file is not there", async () => {
    expect(await runRollcall(["policy", "check", "no.yml"], { cwd: folder })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "error: cannot read no.yml: no such file or directory\n",
    });
  });
});
