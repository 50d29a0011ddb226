import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { runReset } from "../../../src/cli/safeguard/runReset.ts";
import { useHeldBench } from "../commands/heldBench.ts";
import { fakeTerminal } from "../fakeTerminal.ts";

const bench = useHeldBench();
const latch = { closedAt: Date.parse("2026-05-14T08:00:00Z"), asked: 300, passed: 12, limit: 59 };

describe("rollcall safeguard reset, on a terminal,", () => {
  async function reset(typed: string) {
    await bench.setState("team-0001", { admissions: [], latch, acts: [] });
    const { terminal, screen } = fakeTerminal();
    terminal.stdin.write(typed);
    const signed = { because: "the feed is right again", by: "eve" };
    const end = await runReset({ ...bench.endpoint(), ...signed, account: "team-0001" }, terminal);
    const state = (await bench.states())["team-0001"];
    return { end, lines: stripVTControlCharacters(screen()).split("\n"), state };
  }
  const question = [
    "The latch of team-0001 is closed since 2026-05-14T08:00:00Z: 300 were to be suspended after 12 in the window, where 59 may pass.",
    "Once it is open, suspensions pass again, up to the limit.",
  ];

  it("says why it is closed, asks, and leaves it closed without a yes", async () => {
    expect(await reset("\n")).toEqual({
      end: { kind: "done", exitCode: 1 },
      lines: [...question, "Open the latch of team-0001? [y/N] The latch stays closed.", ""],
      state: { admissions: [], latch, acts: [] },
    });
  });

  it("opens it after a yes, and remembers who did it and why", async () => {
    const { end, lines, state } = await reset("y\n");
    expect({ end, lines, latch: state?.latch, acts: state?.acts.map((act) => ({ ...act, at: 0 })) }).toEqual({
      end: { kind: "done", exitCode: 0 },
      lines: [
        ...question,
        "Open the latch of team-0001? [y/N] The latch of team-0001 is open: suspensions pass again, up to the limit.",
        "Whoever is held stays held: rollcall held list --account team-0001",
        "",
      ],
      latch: undefined,
      acts: [{ what: "reset", at: 0, by: "eve", note: "the feed is right again" }],
    });
  });
});
