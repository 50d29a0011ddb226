import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hour, useHeldBench, withoutTimes } from "./heldBench.ts";

const bench = useHeldBench();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "safeguard-"));
  const accounts = `accounts:
  - id: team-0001
    domains: [example.com]
    safeguard: { suspensions: { atLeast: 20, percent: 5 }, immediate: 3 }
  - id: lwa-0001
    domains: [example.org]
  - id: off-0001
    domains: [example.net]
    safeguard: false
`;
  await writeFile(join(folder, "policy.yml"), accounts);
});
afterAll(() => rm(folder, { recursive: true }));

const crossing = { asked: 300, passed: 12, limit: 58 };

async function closeLatch() {
  const now = Date.now();
  // Well within the third hour: the command may take its time.
  const until = now + 2.5 * hour;
  await bench.setState("team-0001", {
    admissions: [
      { at: now - 2 * hour, people: 900, immediate: 9 },
      { at: now - 600_000, people: 12, immediate: 2 },
    ],
    latch: { closedAt: now - 3 * hour, ...crossing },
    allowance: { people: 40, until, by: "grace", at: now - 4 * hour },
    activeUsers: { count: 1175, countedAt: now - 3 * hour },
    acts: [
      { what: "reset", at: now - 5 * hour, by: "grace" },
      { what: "allowed", at: now - 4 * hour, by: "grace", people: 40, until, note: "a plant closes" },
      { what: "closed", at: now - 3 * hour, ...crossing },
    ],
  });
  await bench.hold([
    { personId: "P-1", accountId: "team-0001" },
    { personId: "P-2", accountId: "team-0001", rule: "SuspensionLatch" },
  ]);
}

describe("rollcall safeguard status", () => {
  it("tells of each account of the policy what may pass, what has, and what is held", async () => {
    await closeLatch();
    const { exitCode, stdout, stderr } = await bench.run(["safeguard", "status"], folder);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(withoutTimes(stdout).split("\n")).toEqual([
      "lwa-0001  latch open",
      "  window   0 suspended in the last 60 min",
      "  limit    10 people, or 5 % of the active users, who are counted when more are to be suspended",
      "  at once  0 of 5 beyond the limit, of those who leave at once",
      "  held     nobody",
      "",
      "off-0001  switched off by the policy",
      "  held  nobody",
      "",
      "team-0001  latch closed since TIME (3 h)",
      "  why      300 were to be suspended after 12 in the window, where 58 may pass",
      "  window   12 of 58 suspended in the last 60 min",
      "  limit    5 % of 1,175 active users (counted 3 h ago), at least 20 people",
      "  at once  2 of 3 beyond the limit, of those who leave at once",
      "  allowed  40 more until TIME (in 2 h), by grace",
      "  held     2 people, since TIME",
      "  lately   TIME  closed: 300 were to be suspended after 12 in the window, where 58 may pass",
      "           TIME  allowed 40 until TIME, by grace: a plant closes",
      "           TIME  reset by grace",
      "",
      "What to do: look at the feed first, and mend it where it is wrong. Then:",
      "  rollcall held list TARGET --account team-0001",
      '  rollcall held release TARGET --account team-0001 --because "HR confirms it"   or held discard',
      '  rollcall safeguard reset TARGET --account team-0001 --because "the feed is right again"',
      "",
    ]);
  });

  it("tells programs of one account as a JSON object", async () => {
    await closeLatch();
    const { stdout } = await bench.run([
      "safeguard",
      "status",
      "--account",
      "team-0001",
      "--json",
      "--policy",
      join(folder, "policy.yml"),
    ]);
    const { table, accounts } = JSON.parse(stdout);
    const [{ acts, ...account }] = accounts;
    expect(table).toBe("rollcall-dev-ledger");
    expect(JSON.parse(JSON.stringify(account).replaceAll(/20\d\d-[^"]+Z/g, "TIME"))).toEqual({
      accountId: "team-0001",
      latch: { state: "closed", since: "TIME", ...crossing },
      limits: {
        state: "on",
        atLeast: 20,
        percent: 5,
        windowMinutes: 60,
        immediate: 3,
        limit: 58,
        activeUsers: { count: 1175, countedAt: "TIME" },
        passed: { people: 12, immediate: 2 },
      },
      allowance: { people: 40, until: "TIME", by: "grace", at: "TIME" },
      held: { people: 2, byRule: { SuspensionLimit: 1, SuspensionLatch: 1 }, since: "TIME" },
    });
    expect(acts.map(({ what }: { what: string }) => what)).toEqual(["reset", "allowed", "closed"]);
  });

  it("tells what the ledger knows where no policy is here, and says so", async () => {
    const empty = await bench.run(["safeguard", "status"]);
    expect(empty.stdout).toBe(
      "The safeguard remembers no account in TARGET, and there is no policy here: name it with --policy.\n",
    );
    await bench.setState("team-0001", { admissions: [], acts: [] });
    const { stdout } = await bench.run(["safeguard", "status"]);
    expect(stdout.split("\n")).toEqual([
      "team-0001  latch open",
      "  limit  not known here: name the policy with --policy",
      "  held   nobody",
      "",
    ]);
  });

  it("says which policy or account is not there", async () => {
    await writeFile(join(folder, "wrong.yml"), "accounts: []\n");
    const runs = await Promise.all([
      bench.run(["safeguard", "status", "--policy", "no.yml"], folder),
      bench.run(["safeguard", "status", "--policy", "wrong.yml"], folder),
      bench.run(["safeguard", "status", "--account", "taem"], folder),
    ]);
    expect(runs.map(({ exitCode, stdout, stderr }) => [exitCode, stdout, stderr.split("\n")[0]])).toEqual([
      [2, "", "error: cannot read no.yml: no such file or directory; name another with --policy"],
      [2, "", "error: wrong.yml is not a valid policy:"],
      [
        1,
        "",
        "error: neither the policy nor the ledger rollcall-dev-ledger knows an account taem. They know lwa-0001, off-0001, team-0001; name another policy with --policy, or another ledger with --stage or --table",
      ],
    ]);
  });
});
