import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { confirm, statusLine, type Terminal, writeError, writeWarning } from "../../src/cli/terminal.ts";
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

function recordingStream(isTTY: boolean) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY });
  stream.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  return { stream, written };
}

describe("statusLine", () => {
  it("rewrites one line, at most ten times a second, and wipes it at the end", async () => {
    const { stream, written } = recordingStream(true);
    let now = 1000;
    const status = statusLine(stream, () => now);
    for (const [at, text] of [
      [1000, "1 event"],
      [1050, "2 events"],
      [1100, "3 events"],
    ] as const) {
      now = at;
      status.show(text);
    }
    status.clear();
    expect(written.join("")).toBe("\r\u001b[K1 event\r\u001b[K3 events\r\u001b[K");
  });

  it("says nothing where nobody watches", () => {
    const { stream, written } = recordingStream(false);
    const status = statusLine(stream, () => 0);
    status.show("1 event");
    status.clear();
    expect(written).toEqual([]);
  });
});

it.each([
  ["an error", (terminal: Terminal, text: string) => writeError(terminal.stderr, text)],
  ["a warning", (terminal: Terminal, text: string) => writeWarning(terminal, text)],
])("%s that quotes somebody's id gives the terminal no command", (_, write) => {
  const { terminal, screen } = fakeTerminal();
  write(terminal, "no event hr-\u001b[2J\u009b1m\u202e\n\tLook again.");
  expect(screen()).toContain("no event hr-\ufffd[2J\ufffd1m\ufffd\n\tLook again.");
});
