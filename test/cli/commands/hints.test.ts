import { describe, expect, it } from "vitest";
import { hintsIn, useTwoStages } from "./twoStages.ts";

const bench = useTwoStages();
const signed = ["--because", "x", "--by", "eve", "--yes"];
const ledger = ["--table", "rollcall-prod-ledger"];
const stack = ["--stack", "rollcall-prod"];

/** Every command that prints hints, asked about the stage `prod`, and the commands that it advises. */
const commands: [string[], string[]][] = [
  [
    ["held", "list", ...ledger],
    ["held release", "held discard"],
  ],
  [["held", "release", "--person", "P-1", ...ledger, ...signed], ["safeguard reset"]],
  [["held", "discard", "--person", "P-1", ...ledger, ...signed], ["safeguard reset"]],
  [
    ["safeguard", "status", ...ledger],
    ["safeguard reset", "held list", "held release", "safeguard reset"],
  ],
  [
    [
      ["safeguard", "allow", "--account", "team-0001", "--count", "5", "--until", "1h"],
      ledger,
      signed.slice(0, 4),
    ].flat(),
    ["held list"],
  ],
  [["safeguard", "reset", "--account", "team-0001", ...ledger, ...signed], ["held list"]],
  [["dlq", "list", ...stack], ["dlq show"]],
  [["dlq", "show", "hr-9", ...stack], ["dlq list"]],
];

/** Those that write, and what they need so that they ask nobody. */
const isWriting = ([, verb = ""]: readonly string[]) =>
  ["release", "discard", "reset", "allow"].includes(verb);

describe("pasting a hint", () => {
  it.fails.each(commands)(
    "of rollcall %j acts on the stage that was read, and on no other",
    async (args, advised) => {
      const env = bench.endpoints();
      const { stdout, stderr } = await bench.run(args, env);
      const hints = hintsIn(`${stdout}${stderr}`);
      expect(hints.map((words) => words.slice(0, 2).join(" "))).toEqual(advised);
      for (const words of hints) {
        // Whatever the shell has by then: another stage, and no endpoint.
        const { changed, exitCode } = await bench.run([...words, ...(isWriting(words) ? ["--yes"] : [])], {
          ROLLCALL_STAGE: "dev",
          ROLLCALL_TABLE: "rollcall-dev-ledger",
          ROLLCALL_STACK: "rollcall-dev",
        });
        expect({ words, changed, isRun: exitCode !== 2 }).toEqual({
          words,
          changed: isWriting(words) && exitCode === 0 ? ["prod"] : [],
          isRun: true,
        });
      }
    },
  );
});
