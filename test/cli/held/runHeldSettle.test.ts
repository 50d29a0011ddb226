import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { heldDeeds } from "../../../src/cli/held/heldDeeds.ts";
import { runHeldSettle } from "../../../src/cli/held/runHeldSettle.ts";
import { useHeldBench, withoutTimes } from "../commands/heldBench.ts";
import { fakeTerminal } from "../fakeTerminal.ts";

const bench = useHeldBench();
const signed = { because: "HR confirms it", by: "eve" };

describe("rollcall held release, on a terminal,", () => {
  const release = () => {
    const { terminal, screen } = fakeTerminal();
    const end = runHeldSettle(heldDeeds.release, { ...bench.endpoint(), ...signed, all: true }, terminal);
    const lines = () => withoutTimes(stripVTControlCharacters(screen())).split(/\r?\n|\r/);
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
      "Release 3 people? [y/N] Nobody was released.",
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
      "2 released, 1 changed meanwhile (released, discarded, cancelled or replaced), and left alone.",
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
    expect([await end, lines().slice(-2)]).toEqual([{ kind: "done", exitCode: 0 }, ["Nobody is held.", ""]]);
    expect(lines().join()).not.toContain("[y/N]");
  });

  it("does nothing for a process whose user has no name", async () => {
    const request = { ...bench.endpoint(), because: "x", all: true, yes: true };
    expect(await runHeldSettle(heldDeeds.discard, request, fakeTerminal().terminal)).toEqual({
      kind: "misused",
      message: "the user of this process has no name: say with --by who you are; nobody was discarded",
    });
  });
});
