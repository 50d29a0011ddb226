import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { runDecideHeld } from "../../../src/cli/commands/held/heldCommand.ts";
import { fakeTerminal } from "../fakeTerminal.ts";
import { withoutTarget } from "../runRollcall.ts";
import { useHeldBench, withoutTimes } from "./heldBench.ts";

const bench = useHeldBench();
const because = ["--because", "HR confirms it", "--by", "eve", "--yes"];
const closed = {
  admissions: [],
  latch: { closedAt: Date.parse("2026-05-14T08:00:00Z"), asked: 300, passed: 12, limit: 59 },
  acts: [],
};
const throttle = { kind: "refuse", status: 400, code: "ProvisionedThroughputExceededException" } as const;
const ids = (count: number) => Array.from({ length: count }, (_, index) => `P-${index}`);

describe("rollcall held release", () => {
  it("lets those be published whom it means, in the operator's name, and says what comes next", async () => {
    await bench.hold([{ personId: "P-1" }, { personId: "P-2" }, { personId: "P-3", accountId: "lwa-0001" }]);
    await bench.setState("team-0001", closed);
    const { stdout, ...end } = await bench.run(["held", "release", "--account", "team-0001", ...because]);
    expect({ ...end, lines: stdout.split("\n") }).toEqual({
      exitCode: 0,
      stderr: "",
      lines: [
        "2 released. In TARGET.",
        "They are published within a minute or two, and suspended then.",
        "The latch of team-0001 is closed still: whoever leaves now is held. Once its feed is right:",
        '  rollcall safeguard reset TARGET --account team-0001 --because "the feed is right again"',
        "",
      ],
    });
    expect((await bench.due()).sort()).toEqual([
      ["P-1", "released"],
      ["P-2", "released"],
    ]);
    expect(await bench.journalOf("P-1")).toEqual([
      { eventId: "hr-P-1", outcome: "held", by: "eve", note: "HR confirms it" },
    ]);
    expect(await bench.journalOf("P-3")).toEqual([
      { eventId: "hr-P-3", outcome: "held", by: undefined, note: undefined },
    ]);
  });

  it("releases one person, or everybody, and finds nobody the second time", async () => {
    await bench.hold(ids(40).map((personId) => ({ personId })));
    await bench.setState("team-0001", { admissions: [], acts: [] });
    await bench.setState("lwa-0001", closed);
    const one = await bench.run(["held", "release", "--person", "p-7@example.com", "--json", ...because]);
    expect(JSON.parse(one.stdout)).toMatchObject({
      count: 1,
      counts: { released: 1 },
      latchClosed: [],
      held: [{ personId: "P-7", result: "released" }],
    });
    const all = await bench.run(["held", "release", "--all", ...because]);
    expect(all.stdout.split("\n")[0]).toBe("39 released. In TARGET.");
    expect((await bench.due()).map(([personId]) => personId).sort()).toEqual(ids(40).sort());
    const again = await bench.run(["held", "release", "--all", ...because]);
    expect(again).toEqual({ exitCode: 0, stdout: "Nobody is held in TARGET.\n", stderr: "" });
  });

  it("fails for those whom the ledger did not take, keeps them held, and can be run again", async () => {
    await bench.hold([{ personId: "P-1" }]);
    bench.fail(({ operation }) => (operation === "BatchExecuteStatement" ? throttle : undefined));
    const { exitCode, stdout, stderr } = await bench.run(["held", "release", "--all", ...because]);
    expect({ exitCode, lines: withoutTimes(stdout).split("\n"), stderr }).toEqual({
      exitCode: 1,
      lines: [
        "HELD SINCE            FOR  PERSON  ACCOUNT    INTENT    BY     EVENT   RESULT",
        "TIME  3 h  P-1     team-0001  offboard  limit  hr-P-1  failed",
        "",
        "1 failed. In TARGET.",
        "",
      ],
      stderr:
        "error: 1 of 1 were not released (DynamoDB throttles the requests to rollcall-dev-ledger (ProvisionedThroughputExceededException); try again in a minute); run the command again: whoever is released already is left alone\n",
    });
    expect(await bench.due()).toEqual([]);
    bench.fail(() => undefined);
    expect((await bench.run(["held", "release", "--all", ...because])).exitCode).toBe(0);
    expect(await bench.due()).toEqual([["P-1", "released"]]);
  });

  it("ends what is under way when it is interrupted, says how many, and leaves the others held", async () => {
    await bench.hold(ids(300).map((personId) => ({ personId })));
    let interrupt = () => {};
    let updates = 0;
    bench.fail(({ operation }) => {
      if (operation === "BatchExecuteStatement" && ++updates === 20) interrupt();
      return undefined;
    });
    const { child, end } = bench.start(["held", "release", "--all", "--json", ...because]);
    interrupt = () => child.kill("SIGINT");
    const { exitCode, stdout, stderr } = await end;
    const { released, untouched } = JSON.parse(stdout).counts;
    expect([exitCode, withoutTarget({ exitCode, stdout, stderr }).stderr]).toEqual([
      130,
      "\nInterrupted: ending what is under way.\n",
    ]);
    expect(released + untouched).toBe(300);
    expect(untouched).toBeGreaterThan(0);
    const left = await bench.run(["held", "list", "--json"]);
    expect([(await bench.due()).length, JSON.parse(left.stdout).count]).toEqual([released, untouched]);
  });
});

describe("rollcall held discard", () => {
  it("journals them as discarded, and publishes nobody", async () => {
    await bench.hold([{ personId: "P-1" }, { personId: "P-2" }]);
    const { stdout, ...end } = await bench.run(["held", "discard", "--person", "P-1", ...because]);
    expect({ ...end, lines: stdout.split("\n") }).toEqual({
      exitCode: 0,
      stderr: "",
      lines: [
        "1 discarded. In TARGET.",
        "They keep their access. Whoever leaves after all needs a new event from HR.",
        "",
      ],
    });
    const left = await bench.run(["held", "list", "--json"]);
    expect({
      journal: await bench.journalOf("P-1"),
      due: await bench.due(),
      held: JSON.parse(left.stdout).held.map(({ personId }: { personId: string }) => personId),
    }).toEqual({
      journal: [{ eventId: "hr-P-1", outcome: "discarded", by: "eve", note: "HR confirms it" }],
      due: [],
      held: ["P-2"],
    });
  });
});

describe("rollcall held discard, beside an invocation that acts", () => {
  it("tells those apart on whom an invocation may be acting, leaves them held, and says when to try again", async () => {
    await bench.hold([{ personId: "P-1" }, { personId: "P-2" }]);
    await bench.actOn({ personId: "P-1" });
    const { exitCode, stdout, stderr } = await bench.run(["held", "discard", "--all", ...because]);
    expect({ exitCode, lines: withoutTimes(stdout).split("\n"), stderr: withoutTimes(stderr) }).toEqual({
      exitCode: 1,
      lines: [
        "HELD SINCE            FOR  PERSON  ACCOUNT    INTENT    BY     EVENT   RESULT",
        "TIME  3 h  P-1     team-0001  offboard  limit  hr-P-1  busy",
        "",
        "1 discarded, 1 busy (an invocation may be acting on them now), and held still. In TARGET.",
        "They keep their access. Whoever leaves after all needs a new event from HR.",
        "",
      ],
      stderr:
        "error: 1 of 2 were not discarded (an invocation may be acting on it until TIME; try again then); run the command again: whoever is discarded already is left alone\n",
    });
    expect((await bench.journalOf("P-1")).map(({ outcome }) => outcome)).toEqual(["held"]);
  });

  it("that ends before the journal knows can be run again, and cannot be undone by a release", async () => {
    await bench.hold([{ personId: "P-1" }]);
    let writes = 0;
    bench.fail(({ operation }) => {
      if (operation === "BatchExecuteStatement") writes += 1;
      return writes > 2 ? throttle : undefined;
    });
    const interrupted = await bench.run(["held", "discard", "--all", ...because]);
    bench.fail(() => undefined);
    const released = await bench.run(["held", "release", "--all", ...because, "--json"]);
    const again = await bench.run(["held", "discard", "--all", ...because]);
    expect({
      exitCodes: [interrupted.exitCode, released.exitCode, again.exitCode],
      released: JSON.parse(released.stdout).counts,
      due: await bench.due(),
      outcomes: (await bench.journalOf("P-1")).map(({ outcome }) => outcome),
    }).toEqual({ exitCodes: [1, 0, 0], released: { changed: 1 }, due: [], outcomes: ["discarded"] });
  });
});

describe("rollcall held release and discard, called wrongly,", () => {
  it("do nothing that nobody has chosen, reasoned or agreed to", async () => {
    const chosen =
      "expected a filter such as --person, --people or --account, or --all for everybody who is held";
    const asked =
      "standard input is no terminal, so nobody can be asked: add --yes to discard without a question";
    const cases = [
      [["release", ...because], `error: ${chosen}; nobody was released\n`],
      [
        ["release", "--all", "--account", "team-0001", ...because],
        "error: --all means everybody who is held, and cannot be combined with a filter; nobody was released\n",
      ],
      [["discard", "--all", "--because", "x"], `error: ${asked}; nobody was discarded\n`],
      [
        ["discard", "--all", "--yes"],
        "error: required option '--because <text>' not specified\nTry rollcall held discard --help.\n",
      ],
    ] as const;
    const requests: string[] = [];
    bench.fail(({ operation }) => {
      requests.push(operation);
      return undefined;
    });
    const runs = await Promise.all(cases.map(([args]) => bench.run(["held", ...args])));
    expect(runs).toEqual(cases.map(([, stderr]) => ({ exitCode: 2, stdout: "", stderr })));
    expect(requests).toEqual([]);
  });
});

const signed = { because: "HR confirms it", by: "eve" };
const onScreen = (text: string) =>
  withoutTarget({ exitCode: 0, stdout: "", stderr: stripVTControlCharacters(text) }).stderr;

describe("rollcall held release, on a terminal,", () => {
  const release = () => {
    const { terminal, screen } = fakeTerminal({ columns: 160 });
    const end = runDecideHeld("release", { ...bench.endpoint(), ...signed, all: true }, terminal);
    const lines = () => withoutTimes(onScreen(screen())).split(/\r?\n|\r/);
    return { terminal, end, lines };
  };
  const holdThree = () =>
    bench.hold([{ personId: "P-1" }, { personId: "P-2" }, { personId: "P-3", accountId: "lwa-0001" }]);
  const question = [
    "3 people held:",
    "  2  team-0001  for 3 h  2 by the limit",
    "  1  lwa-0001   for 3 h  1 by the limit",
    "",
    "They will be suspended, whatever the limit and the latch say.",
  ];

  it("says how many people of which accounts, asks, and leaves them held without a yes", async () => {
    await holdThree();
    const { terminal, end, lines } = release();
    terminal.stdin.write("\n");
    expect(await end).toEqual({ kind: "done", exitCode: 1 });
    expect(lines().map((line) => line.trimEnd())).toEqual([
      ...question,
      "Release 3 people in TARGET? [y/N] Nobody was released.",
      "",
    ]);
    expect(await bench.due()).toEqual([]);
  });

  it("tells those apart of whom another has decided while it asked", async () => {
    await holdThree();
    const { terminal, end, lines } = release();
    await expect.poll(() => lines().join()).toContain("[y/N]");
    await bench.run(["held", "discard", "--person", "P-2", "--because", "x", "--yes"]);
    terminal.stdin.write("y\n");
    expect(await end).toEqual({ kind: "done", exitCode: 0 });
    const shown = lines().map((line) => line.trimEnd());
    expect(shown.slice(-7)).toEqual([
      // The line is written anew once a tenth of a second is over: which number is the last depends on the machine.
      expect.stringMatching(/^Releasing: [123] of 3\. Ctrl-C stops; the rest stays held\.$/),
      "HELD SINCE            FOR  PERSON  ACCOUNT    INTENT    BY     EVENT   RESULT",
      "TIME  3 h  P-2     team-0001  offboard  limit  hr-P-2  changed",
      "",
      "2 released, 1 changed meanwhile (released, discarded, cancelled or replaced), and left alone. In TARGET.",
      "They are published within a minute or two, and suspended then.",
      "",
    ]);
    expect((await bench.due()).sort()).toEqual([
      ["P-1", "released"],
      ["P-3", "released"],
    ]);
    expect((await bench.journalOf("P-2")).map(({ outcome }) => outcome)).toEqual(["discarded"]);
  });

  it("does not ask if nobody is held", async () => {
    const { end, lines } = release();
    expect([await end, lines().slice(-2)]).toEqual([
      { kind: "done", exitCode: 0 },
      ["Nobody is held in TARGET.", ""],
    ]);
    expect(lines().join()).not.toContain("[y/N]");
  });

  it("does nothing for a process whose user has no name", async () => {
    const request = { ...bench.endpoint(), because: "x", all: true, yes: true };
    expect(await runDecideHeld("discard", request, fakeTerminal().terminal)).toEqual({
      kind: "misused",
      message: "the user of this process has no name: say with --by who you are; nobody was discarded",
    });
  });
});
