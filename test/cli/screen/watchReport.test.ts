import { expect, it } from "vitest";
import type { CommandFailure } from "../../../src/cli/commandResult.ts";
import { watchReport } from "../../../src/cli/screen/watchReport.ts";
import { fakeTerminal } from "../fakeTerminal.ts";

type Reading = { kind: "read"; report: { text: string } } | CommandFailure;

/** Watches these readings one after the other, and presses Ctrl-C in the last one. */
async function watch(readings: readonly Reading[], rows?: number) {
  const { terminal, screen } = fakeTerminal();
  const stdout = Object.assign(terminal.stdout, rows === undefined ? {} : { rows });
  let reads = 0;
  const read = async () => {
    const reading = readings[reads];
    reads += 1;
    if (reads === readings.length) setImmediate(() => process.emit("SIGINT", "SIGINT"));
    if (reading === undefined) throw new Error("expected no reading after the interruption");
    return reading;
  };
  const listeners = process.listenerCount("SIGINT");
  const result = await watchReport({ read, toLines: ({ text }) => text.split("|") }, { stdout }, 200);
  return {
    result,
    reads,
    left: process.listenerCount("SIGINT") - listeners,
    drawn: screen().split("\u001b[H").slice(1),
  };
}

const read = (text: string): Reading => ({ kind: "read", report: { text } });
const line = (text: string) => `${text}\u001b[K\n`;
const below = "\u001b[J";

it("draws each reading over the one before, and ends with 130 on Ctrl-C", async () => {
  expect(await watch([read("one|two"), read("three")])).toEqual({
    result: { kind: "done", exitCode: 130 },
    reads: 2,
    left: 0,
    drawn: [`${line("one")}${line("two")}${below}`, `${line("three")}${below}`],
  });
});

it("tells of a reading that failed below what was read last, and goes on", async () => {
  const failed: CommandFailure = { kind: "failed", message: "SQS cannot be reached" };
  const { result, drawn } = await watch([read("one"), failed, read("two")]);
  expect([result, drawn.map((text) => text.split("\u001b[K\n").slice(0, -1))]).toEqual([
    { kind: "done", exitCode: 130 },
    [["one"], ["one", "", expect.stringContaining("Not read again: SQS cannot be reached")], ["two"]],
  ]);
});

it("ends where the first reading fails, and gives the signals back", async () => {
  const failed: CommandFailure = { kind: "misused", message: "there is no table" };
  const { terminal } = fakeTerminal();
  const listeners = process.listenerCount("SIGINT");
  const watched = { read: async () => failed, toLines: () => [] };
  expect([await watchReport(watched, terminal), process.listenerCount("SIGINT")]).toEqual([
    failed,
    listeners,
  ]);
});

it("counts the lines that a low window has no room for", async () => {
  const { drawn } = await watch([read("1|2|3|4|5")], 4);
  expect(drawn[0]?.split("\u001b[K\n")).toEqual([
    "1",
    "2",
    "and 3 more: make the window higher, or leave --watch out",
    below,
  ]);
});

it("draws all lines where the window does not tell its size", async () => {
  const { drawn } = await watch([read("1|2|3")], 0);
  expect(drawn).toEqual([`${line("1")}${line("2")}${line("3")}${below}`]);
});

it("counts a line that is wider than the window as the rows that it takes", async () => {
  const wide = "x".repeat(81);
  const { drawn } = await watch([read(`${wide}|2|3`), read(`1|${wide}|3`)], 4);
  expect(drawn.map((text) => text.split("\u001b[K\n").slice(0, -1))).toEqual([
    [wide, "and 2 more: make the window higher, or leave --watch out"],
    ["1", "and 2 more: make the window higher, or leave --watch out"],
  ]);
});

it("lets no report give commands to the terminal", async () => {
  const { drawn } = await watch([read("a\u001b[2Jb")]);
  expect(drawn).toEqual([`${line("a\ufffd[2Jb")}${below}`]);
});
