import { describe, expect, it } from "vitest";
import { confirm } from "../../src/cli/confirm.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

describe("confirm", () => {
  const asked = (signal = new AbortController().signal) => {
    const { terminal, screen } = fakeTerminal();
    return { terminal, screen, answer: confirm("Discard 3 dead letters?", terminal, signal) };
  };

  it.each([
    ["y\n", true],
    ["Yes\n", true],
    [" y \n", true],
    ["n\n", false],
    ["\n", false],
    ["yo\n", false],
  ])("takes %j for %s", async (typed, expected) => {
    const { terminal, screen, answer } = asked();
    terminal.stdin.write(typed);
    expect(await answer).toBe(expected);
    expect(screen()).toBe("Discard 3 dead letters? [y/N] ");
  });

  it("takes the end of the input for a no", async () => {
    const { terminal, answer } = asked();
    terminal.stdin.end();
    expect(await answer).toBe(false);
  });

  it("takes an interruption for a no, before the question and while it waits", async () => {
    const interruption = new AbortController();
    const { answer } = asked(interruption.signal);
    interruption.abort();
    expect([await answer, await asked(interruption.signal).answer]).toEqual([false, false]);
  });
});
