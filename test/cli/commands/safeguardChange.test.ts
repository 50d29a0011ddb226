import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { runAllow, runReset } from "../../../src/cli/commands/safeguard/safeguardCommand.ts";
import { fakeTerminal } from "../fakeTerminal.ts";
import { withoutTarget } from "../runRollcall.ts";
import { hour, useHeldBench, withoutTimes } from "./heldBench.ts";

const bench = useHeldBench();
const because = ["--because", "a plant closes", "--by", "eve"];
const latch = { closedAt: Date.parse("2026-05-14T08:00:00Z"), asked: 300, passed: 12, limit: 59 };
const onScreen = (text: string) =>
  withoutTarget({ exitCode: 0, stdout: "", stderr: stripVTControlCharacters(text) }).stderr;

describe("rollcall safeguard allow", () => {
  const allow = (...args: string[]) =>
    bench.run(["safeguard", "allow", "--account", "team-0001", ...because, "--yes", ...args]);

  it("lets so many pass for so long, in the operator's name, in place of what was left before", async () => {
    await bench.setState("team-0001", { admissions: [], latch, acts: [] });
    const before = Date.now();
    const first = await allow("--count", "40", "--until", "1h");
    const { stdout, ...end } = await allow("--count", "600", "--until", "2h");
    expect(first.stdout.split("\n").length).toBe(4);
    expect({ ...end, lines: withoutTimes(stdout).split("\n") }).toEqual({
      exitCode: 0,
      stderr: "",
      lines: [
        "600 suspensions of team-0001 may pass until TIME (in 2 h), whatever the limit and the latch say.",
        "This takes the place of 40 that eve had allowed until TIME.",
        "This is in TARGET.",
        "Whoever is held already stays held: rollcall held list TARGET --account team-0001",
        "",
      ],
    });
    const { allowance, acts = [], ...state } = (await bench.states())["team-0001"] ?? {};
    const until = allowance?.until ?? 0;
    expect({ ...state, allowance: { ...allowance, at: 0, until: 0 } }).toEqual({
      admissions: [],
      latch,
      allowance: { people: 600, until: 0, by: "eve", at: 0 },
    });
    // DynamoDB's clock counts, in whole seconds, and five seconds slow.
    expect(until).toBeGreaterThanOrEqual(before + 2 * hour - 7000);
    expect(until).toBeLessThanOrEqual(Date.now() + 2 * hour);
    expect(acts.map((act) => ({ ...act, at: 0, until: 0 }))).toEqual(
      [40, 600].map((people) => ({
        what: "allowed",
        at: 0,
        by: "eve",
        people,
        until: 0,
        note: "a plant closes",
      })),
    );
  });

  it("refuses what is no number, too long, or over already, and an account that nobody knows", async () => {
    const runs = await Promise.all([
      allow("--count", "0", "--until", "2h"),
      allow("--count", "2.5", "--until", "2h"),
      allow("--count", "5", "--until", "8d"),
      allow("--count", "5", "--until", "2026-05-14T08:00:00Z"),
      allow("--count", "5"),
      allow("--count", "5", "--until", "2h"),
    ]);
    const until =
      "Expected a time from now such as 90m, 2h or 3d, or one such as TIME: to come, and at most 7d ahead.";
    expect(runs.map(({ exitCode, stderr }) => [exitCode, withoutTimes(stderr).split("\n")[0]])).toEqual([
      [2, "error: option '--count <n>' argument '0' is invalid. Expected a number from 1 to 1,000,000."],
      [2, "error: option '--count <n>' argument '2.5' is invalid. Expected a number from 1 to 1,000,000."],
      [2, `error: option '--until <when>' argument '8d' is invalid. ${until}`],
      [2, `error: option '--until <when>' argument 'TIME' is invalid. ${until}`],
      [2, "error: required option '--until <when>' not specified"],
      [
        1,
        "error: neither the policy nor the ledger rollcall-dev-ledger knows an account team-0001. They know of none; name another policy with --policy, or another ledger with --stage or --table; nothing was changed",
      ],
    ]);
    expect(await bench.states()).toEqual({});
  });
});

describe("rollcall safeguard reset", () => {
  const reset = (...args: string[]) =>
    bench.run(["safeguard", "reset", "--account", "team-0001", ...because, ...args]);

  it("opens the latch, and leaves one alone that is open already", async () => {
    await bench.setState("team-0001", { admissions: [], latch, acts: [] });
    const first = await reset("--yes", "--json");
    const second = await reset("--yes");
    expect([first.exitCode, JSON.parse(first.stdout), second]).toEqual([
      0,
      {
        target: { stage: "dev", account: null, region: "us-east-1" },
        table: "rollcall-dev-ledger",
        accountId: "team-0001",
        latch: "open",
        closedAt: "2026-05-14T08:00:00.000Z",
      },
      { exitCode: 0, stdout: "The latch of team-0001 was open already, in TARGET.\n", stderr: "" },
    ]);
    const state = (await bench.states())["team-0001"];
    expect([state?.latch, state?.acts.length]).toEqual([undefined, 1]);
  });

  it("does nothing if nobody can be asked", async () => {
    await bench.setState("team-0001", { admissions: [], latch, acts: [] });
    expect(await reset()).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: standard input is no terminal, so nobody can be asked: add --yes to reset the latch without a question; nothing was changed\n",
    });
    expect((await bench.states())["team-0001"]?.latch).toEqual(latch);
  });
});

describe("rollcall safeguard disallow", () => {
  const disallow = () => bench.run(["safeguard", "disallow", "--account", "team-0001", ...because, "--yes"]);

  it("takes back what is left of an allowance, and keeps on record who did", async () => {
    const allowance = { people: 40, until: Date.now() + hour, by: "ada", at: 0 };
    await bench.setState("team-0001", { admissions: [], latch, allowance, acts: [] });
    const [first, second] = [await disallow(), await disallow()];
    expect([first, second].map((run) => ({ ...run, stdout: withoutTimes(run.stdout).split("\n") }))).toEqual([
      {
        exitCode: 0,
        stderr: "",
        stdout: [
          "Taken back: 40 of team-0001 that ada had allowed until TIME.",
          "The limit and the latch count from the next suspension on. This is in TARGET.",
          "",
        ],
      },
      { exitCode: 0, stderr: "", stdout: ["Nothing was left of an allowance of team-0001, in TARGET.", ""] },
    ]);
    const { acts = [], ...state } = (await bench.states())["team-0001"] ?? {};
    expect([state, acts.map((act) => ({ ...act, at: 0, until: 0 }))]).toEqual([
      { admissions: [], latch },
      [{ what: "allowed", at: 0, by: "eve", people: 0, until: 0, note: "a plant closes" }],
    ]);
    const { stdout } = await bench.run(["safeguard", "status", "--account", "team-0001"]);
    expect(stdout).toContain("allowance taken back by eve: a plant closes");
  });
});

describe("rollcall safeguard allow, on a terminal,", () => {
  it.each([
    ["\n", 1, undefined],
    ["y\n", 0, 600],
  ])("asks, and allows nothing without a yes: %j", async (typed, exitCode, allowed) => {
    await bench.setState("team-0001", { admissions: [], latch, acts: [] });
    const { terminal, screen } = fakeTerminal({ columns: 160 });
    terminal.stdin.write(typed);
    const request = { account: "team-0001", count: 600, because: "a plant closes", by: "eve" };
    const until = (now: number) => now + 2 * hour;
    const end = await runAllow({ ...bench.endpoint(), ...request, until }, terminal);
    const state = (await bench.states())["team-0001"];
    expect([end, state?.allowance?.people]).toEqual([{ kind: "done", exitCode }, allowed]);
    expect(withoutTimes(onScreen(screen()))).toContain(
      "They pass whatever the limit and the latch say.\nAllow 600 suspensions of team-0001 until TIME, in TARGET? [y/N]",
    );
  });
});

describe("rollcall safeguard reset, on a terminal,", () => {
  async function reset(typed: string) {
    await bench.setState("team-0001", { admissions: [], latch, acts: [] });
    const { terminal, screen } = fakeTerminal({ columns: 160 });
    terminal.stdin.write(typed);
    const signed = { because: "the feed is right again", by: "eve" };
    const end = await runReset({ ...bench.endpoint(), ...signed, account: "team-0001" }, terminal);
    const state = (await bench.states())["team-0001"];
    return { end, lines: onScreen(screen()).split("\n"), state };
  }
  const question = [
    "The latch of team-0001 is closed since 2026-05-14T08:00:00Z: 300 were to be suspended after 12 in the window, where 59 may pass.",
    "Once it is open, suspensions pass again, up to the limit.",
  ];

  it("says why it is closed, asks, and leaves it closed without a yes", async () => {
    expect(await reset("\n")).toEqual({
      end: { kind: "done", exitCode: 1 },
      lines: [...question, "Open the latch of team-0001 in TARGET? [y/N] The latch stays closed.", ""],
      state: { admissions: [], latch, acts: [] },
    });
  });

  it("opens it after a yes, and remembers who did it and why", async () => {
    const { end, lines, state } = await reset("y\n");
    expect({ end, lines, latch: state?.latch, acts: state?.acts.map((act) => ({ ...act, at: 0 })) }).toEqual({
      end: { kind: "done", exitCode: 0 },
      lines: [
        ...question,
        "Open the latch of team-0001 in TARGET? [y/N] The latch of team-0001 is open: suspensions pass again, up to the limit.",
        "This is in TARGET.",
        "Whoever is held stays held: rollcall held list TARGET --account team-0001",
        "",
      ],
      latch: undefined,
      acts: [{ what: "reset", at: 0, by: "eve", note: "the feed is right again" }],
    });
  });
});
