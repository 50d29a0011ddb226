import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { runDiscard } from "../../../src/cli/deadLetters/runDiscard.ts";
import { leaverBody, useDlqBench } from "../commands/dlqBench.ts";
import { fakeTerminal } from "../fakeTerminal.ts";

const bench = useDlqBench();
const body = leaverBody("hr-1", "P-1");

describe("rollcall dlq discard, on a terminal,", () => {
  async function discard(typed: string) {
    await bench.reject("offboard", [body], {
      kind: "rejected",
      code: "UserNotFound",
      reason: "account team-0001 has no user with this address; check the address in HR, or suspend by hand",
      agoMilliseconds: 3 * 3_600_000,
    });
    const { terminal, screen } = fakeTerminal();
    terminal.stdin.write(typed);
    const request = { stack: "rollcall-dev", ids: ["hr-1"], because: "a wrong feed", by: "eve" };
    const end = await runDiscard({ ...request, ...bench.endpoints() }, terminal);
    return {
      end,
      screen: stripVTControlCharacters(screen()).split("\n"),
      dead: await bench.takeDead("offboard"),
    };
  }

  it("shows what is meant and asks, and leaves everything as it is without a yes", async () => {
    expect(await discard("\n")).toEqual({
      end: { kind: "done", exitCode: 1 },
      screen: [
        "PIPELINE  CODE          PERSON  AGE  ID    REASON",
        "offboard  UserNotFound  P-1     3 h  hr-1  account team-0001 has no user with t…",
        "",
        "Discard 1 dead letter? [y/N] Nothing was discarded.",
        "",
      ],
      dead: [body],
    });
    expect(await bench.journalOf("P-1")).toEqual([]);
  });

  it("discards after a yes", async () => {
    const { end, screen, dead } = await discard("y\n");
    expect({ end, summary: screen.at(-2), dead }).toEqual({
      end: { kind: "done", exitCode: 0 },
      summary: "1 discarded.",
      dead: [],
    });
    expect((await bench.journalOf("P-1")).map(({ outcome, by, note }) => ({ outcome, by, note }))).toEqual([
      { outcome: "discarded", by: "eve", note: "a wrong feed" },
    ]);
  });
});
