import fc from "fast-check";
import { expect, it } from "vitest";
import { breakHelp, breakLines } from "../../../src/cli/screen/lineBreaks.ts";

const terminal = (columns: number) => ({ isTTY: true, columns });

it("breaks a line between words, and indents what follows", () => {
  const line = "  limit    10 people, or 5 % of the active users";
  expect(breakLines([line, "short"], terminal(30))).toEqual([
    "  limit    10 people, or 5 %",
    "    of the active users",
    "short",
  ]);
  expect(breakLines([line], { isTTY: false, columns: 30 })).toEqual([line]);
});

it("keeps a command one that can be pasted, with what is said about it below", () => {
  const line = '  rollcall held release --stage local --because "HR confirms it"    they are suspended';
  expect(breakLines([line], terminal(44))).toEqual([
    "  rollcall held release --stage local \\",
    '    --because "HR confirms it"',
    "    they are suspended",
  ]);
});

it("gives a command at the end of a sentence lines of its own", () => {
  const line = "Whoever is held stays held: rollcall held list --stage prod --account team-0001";
  expect(breakLines([line], terminal(60))).toEqual([
    "Whoever is held stays held:",
    "  rollcall held list --stage prod --account team-0001",
  ]);
});

it("fills the paragraphs of a help text anew where the terminal is narrower than they were written", () => {
  const help = [
    "It packages the service as a deployment would, and runs it on 127.0.0.1 with emulators of AWS",
    "and of the directories, until you end it.",
    "Exit code: 0 if it ended as asked.",
    "",
    "Examples:",
    "  rollcall dev",
  ];
  expect(breakHelp(help.join("\n"), terminal(70)).split("\n")).toEqual([
    "It packages the service as a deployment would, and runs it on",
    "127.0.0.1 with emulators of AWS and of the directories, until you end",
    "it.",
    ...help.slice(2),
  ]);
  expect(breakHelp(help.join("\n"), terminal(100))).toBe(help.join("\n"));
});

it("never breaks a word, keeps all of them in their order, and no line is longer than the terminal but for one word", () => {
  const words = fc.array(fc.stringMatching(/^[a-z,]{1,12}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 24, max: 100 }), (all, columns) => {
      const lines = breakLines([`  ${all.join(" ")}`], terminal(columns));
      expect(lines.join(" ").split(/\s+/).filter(Boolean)).toEqual(all);
      expect(lines.filter(({ length }) => length > columns)).toEqual([]);
    }),
  );
});
