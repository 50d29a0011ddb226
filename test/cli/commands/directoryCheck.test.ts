import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SsmServer, startSsm } from "../../../packages/aws-local/ssm/startSsm.ts";
import {
  type ChimeSimulator,
  startChimeSimulator,
} from "../../../packages/chime-simulator/chimeSimulator.ts";
import { type ScimSimulator, startScimSimulator } from "../../../packages/scim-simulator/scimSimulator.ts";
import { runRollcall } from "../runRollcall.ts";

let folder: string;
let chime: ChimeSimulator;
let scim: ScimSimulator;
let ssm: SsmServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-directory-"));
  const emails = (value: string) => [{ value, type: "work", primary: true }];
  const ada = { id: "u-ada", userName: "ada@acme.example", emails: emails("ada@acme.example") };
  [chime, scim, ssm] = await Promise.all([
    startChimeSimulator({
      accounts: [{ id: "team", type: "Team", people: [{ id: "u-bob", email: "bob@team.example" }] }],
    }),
    startScimSimulator({
      tenants: [{ basePath: "/v2", token: "the-token", people: [ada] }],
    }),
    startSsm({ "/rollcall/acme": "the-token" }),
  ]);
});
afterEach(async () => {
  await Promise.all([chime.close(), scim.close(), ssm.close()]);
  await rm(folder, { recursive: true });
});

async function run(args: readonly string[], profile = "generic", suspension = "suspension: deletes, ") {
  const directory = `{kind: scim, profile: ${profile}, baseUrl: "${scim.url}/v2", secret: /rollcall/acme}`;
  const policy = `accounts:
  - {id: team, domains: [team.example]}
  - {id: acme, domains: [acme.example], ${suspension}directory: ${directory}}
`;
  await writeFile(join(folder, "policy.yml"), policy);
  const endpoints = ["--chime-endpoint", chime.url, "--ssm-endpoint", ssm.url];
  return runRollcall([...args, ...endpoints], { cwd: folder });
}

describe("rollcall directory check", () => {
  it("tells of each account whether it answers and what it can do, changes nothing and names nobody", async () => {
    const { exitCode, stdout, stderr } = await run(["directory", "check", "team"]);
    expect({
      exitCode,
      stderr,
      lines: stdout.split("\n").filter((line) => !line.startsWith("The policy:")),
    }).toEqual({
      exitCode: 1,
      stderr: "",
      lines: [
        "team (Team)",
        "  ok  reached: Team answers",
        "  ok  credentials: the credentials are valid: the first page has 1 user, and there are no others",
        "  ok  look-up: a listed user is found by the address alone, and is the same",
        "  It can onboard: create; offboard: suspend; reinstate: create; relicense: setLicense.",
        "  A call carries: create 50 people, suspend 50 people, setLicense 20 people.",
        "  A suspension keeps the user.",
        "  Licenses: Basic, Pro.",
        "",
        "",
      ],
    });
    expect(Object.keys(chime.calls.summary()).toSorted()).toEqual(["GetAccount", "ListUsers"]);
  });

  it("asks a SCIM service with the secret that SSM has", async () => {
    const { stdout } = await run(["directory", "check", "acme", "--json"]);
    const { accounts, problems } = JSON.parse(stdout);
    expect(accounts).toMatchObject([
      {
        accountId: "acme",
        type: "SCIM 2.0",
        ok: true,
        steps: [{ step: "account" }, { step: "users" }, { step: "user" }],
        can: { suspension: "deletes", licenses: "none" },
      },
    ]);
    expect([problems, JSON.stringify(accounts)]).toEqual([
      [expect.stringMatching(/^accounts\[1\]\.directory\.baseUrl: is an address of this machine/)],
      expect.not.stringMatching(/ada|the-token/),
    ]);
    expect(scim.directory.effects()).toEqual([]);
  });

  it("says what is wrong with a token, and goes on with the other accounts", async () => {
    scim.directory.replaceToken("/v2", "another");
    const { exitCode, stdout } = await run(["directory", "check"]);
    expect([
      exitCode,
      stdout.includes("team (Team)\n  ok"),
      stdout.split("\n").filter((line) => /failed/.test(line)),
    ]).toEqual([1, true, [expect.stringMatching(/^ {2}failed {2}(reached|credentials): Unauthorized: /)]]);
  });

  it.each([
    [
      "",
      false,
      /^a listed user is found, and nothing shows .* would end as NotShown; write `showsActive: false`/,
    ],
    [
      ", showsActive: false",
      true,
      /^a listed user is found, and nothing shows .*: its suspensions are believed/,
    ],
  ])("says where nothing shows whether a user is active (policy: %j)", async (showsActive, ok, detail) => {
    scim.directory.changeBehavior("/v2", { users: { activeAs: "absent" } });
    const { stdout } = await run(["directory", "check", "acme", "--json"], `generic${showsActive}`);
    expect(JSON.parse(stdout).accounts).toMatchObject([
      { ok, steps: [{}, {}, { step: "user", ok, detail: expect.stringMatching(detail) }] },
    ]);
  });

  it("fetches the token with the client that SSM has, where the policy says so", async () => {
    scim.directory.replaceClient("/v2", { clientId: "ours", clientSecret: "the-secret" });
    const oauth = `generic, oauth: {tokenUrl: "${scim.url}/v2/oauth/token", scope: users}`;
    ssm.parameters.set("/rollcall/acme", "ours:the-secret");
    const first = await run(["directory", "check", "acme", "--json"], oauth);
    ssm.parameters.set("/rollcall/acme", "ours:another");
    const second = await run(["directory", "check", "acme", "--json"], oauth);
    expect([first, second].map(({ stdout }) => JSON.parse(stdout).accounts)).toMatchObject([
      [{ ok: true }],
      [{ ok: false, steps: expect.arrayContaining([expect.objectContaining({ code: "ClientRefused" })]) }],
    ]);
    expect(`${first.stdout}${second.stderr}${second.stdout}`).not.toMatch(/the-secret|another/);
  });

  it("knows the accounts of the policy alone", async () => {
    const { exitCode, stderr } = await run(["directory", "check", "nobody"]);
    expect([exitCode, stderr]).toEqual([2, "error: the policy has no account nobody; it has team, acme\n"]);
  });
});

describe("a directory that deletes whom it suspends", () => {
  it("is told by `rollcall plan`, with how many that would be", async () => {
    await writeFile(
      join(folder, "roster.csv"),
      "id,email,status\np-1,ada@acme.example,Terminated\np-2,bob@team.example,Active\np-3,eve@team.example,Active\n",
    );
    const plan = await run(["plan", "roster.csv", "--offline"]);
    expect([plan.exitCode, plan.stderr]).toEqual([0, ""]);
    expect(plan.stdout).toContain(
      "acme deletes the users whom it suspends: 1 person would be deleted, and whoever returns is a new user.",
    );
    const json = JSON.parse((await run(["plan", "roster.csv", "--offline", "--json"])).stdout);
    expect(json.deletions).toEqual([{ accountId: "acme", leavers: 1 }]);
    expect(scim.directory.effects()).toEqual([]);
  });

  it("is told by `rollcall explain`, with what it is called there", async () => {
    const event = {
      "detail-type": "EmployeeLeft",
      detail: {
        metadata: { id: "e-1", schemaVersion: "1.0", occurredAt: "2026-05-14T08:00:00Z" },
        data: { personId: "p-1", email: "ada@acme.example" },
      },
    };
    await run(["policy", "check"]);
    await writeFile(join(folder, "event.json"), JSON.stringify(event));
    const { stdout } = await runRollcall(["explain", "event.json", "--offline"], { cwd: folder });
    expect(stdout).toContain(
      "PATCH /Users (active: false), which deletes the user: whoever returns is a new one",
    );
  });

  it("is refused by `rollcall policy check` without consent, by the line", async () => {
    await run(["directory", "check"], "pagerduty", "");
    const { exitCode, stdout } = await runRollcall(["policy", "check"], { cwd: folder });
    expect([exitCode, stdout.split("\n")]).toEqual([
      1,
      [
        expect.stringMatching(/^policy\.yml:3: accounts\[1\]\.suspension: PagerDuty deletes the users/),
        expect.stringMatching(
          /^policy\.yml:3: accounts\[1\]\.directory\.baseUrl: is an address of this machine/,
        ),
        "",
      ],
    ]);
  });
});
