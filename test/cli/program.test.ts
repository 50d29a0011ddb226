import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { runRollcall, startRollcall } from "./runRollcall.ts";

const run = (args: readonly string[]) => runRollcall(args, { cwd: tmpdir() });
const firstLine = (text: string) => text.split("\n")[0];

describe("rollcall", () => {
  it("shows what it can do when asked, and on stderr when it was told nothing", async () => {
    const runs = await Promise.all([run(["--help"]), run(["help"]), run([])]);
    const usage = "Usage: rollcall COMMAND [options]";
    expect(
      runs.map(({ exitCode, stdout, stderr }) => [exitCode, firstLine(stdout), firstLine(stderr)]),
    ).toEqual([
      [0, usage, ""],
      [0, usage, ""],
      [2, "", usage],
    ]);
    expect(
      runs[0]?.stdout.match(
        /^ {2}(?:publish|plan|sync|history|pending|dlq|held|safeguard|report|forget) .*$/gm,
      ),
    ).toEqual([
      "  publish <file>    Put HR events on the event bus, from a file of JSON lines.",
      "  plan <roster>     Show what a full roster would change, and change nothing.",
      "  sync <roster>     Publish what brings the directory to a full roster.",
      "  history <person>  Show everything that was decided and done about a person.",
      "  pending           Show the decisions that wait, and when they are due.",
      "  dlq               List dead letters, redrive, edit or discard them.",
      "  held              List held suspensions, release them, or discard them.",
      "  safeguard         Show the limit on mass suspensions, allow more, or reset it.",
      "  report            Report what was done, for an auditor.",
      "  forget <person>   Delete what the ledger holds of a person.",
    ]);
  });

  it("shows what it can do about dead letters", async () => {
    const runs = await Promise.all([run(["dlq", "--help"]), run(["dlq", "help"]), run(["dlq"])]);
    const usage = "Usage: rollcall dlq COMMAND [options]";
    expect(
      runs.map(({ exitCode, stdout, stderr }) => [exitCode, firstLine(stdout), firstLine(stderr)]),
    ).toEqual([
      [0, usage, ""],
      [0, usage, ""],
      [2, "", usage],
    ]);
    expect(runs[0]?.stdout.match(/^ {2}(?:list|show|redrive|edit|discard) .*$/gm)).toEqual([
      "  list            List the dead letters, and why each was rejected.",
      "  show <id>       Show everything about a dead letter, and what to do about it.",
      "  redrive [ids]   Send dead letters to their queues again.",
      "  discard [ids]   Delete dead letters for good, with an entry in the journal.",
      "  edit <id>       Mend a letter's event, publish it, and discard the letter.",
    ]);
  });

  it("shows what it can do about held suspensions", async () => {
    const runs = await Promise.all([run(["held", "--help"]), run(["safeguard", "--help"])]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const commands = runs.map(({ stdout }) => stdout.match(/^ {2}(?!help)[a-z]+ {2,}\S.*$/gm));
    expect(commands).toEqual([
      [
        "  list            Show who is held, since when, and why.",
        "  release         Release held suspensions, so that they are carried out.",
        "  discard         Discard held suspensions, with an entry in the journal.",
      ],
      [
        "  status          Show each account's latch, its limit, and what is held.",
        "  allow           Allow a number of suspensions in advance, for some time.",
        "  disallow        Take back what is left of an allowance.",
        "  reset           Open an account's latch, so that suspensions pass again.",
      ],
    ]);
  });

  it("guesses what was meant, and says where help is", async () => {
    const cases = [
      [
        ["histroy", "P-1"],
        "error: unknown command 'histroy'\n(Did you mean history?)\nTry rollcall --help.\n",
      ],
      [
        ["history", "P-1", "--tabel", "t"],
        "error: unknown option '--tabel'\n(Did you mean --table?)\nTry rollcall history --help.\n",
      ],
      [["history"], "error: missing required argument 'person'\nTry rollcall history --help.\n"],
      [
        ["history", " "],
        "error: command-argument value ' ' is invalid for argument 'person'. Expected a person's id, such as P-T0042, or an e-mail address.\nTry rollcall history --help.\n",
      ],
      [
        ["pending", "--until", "soon"],
        "error: option '--until <when>' argument 'soon' is invalid. Expected a date such as 2026-06-30, a time such as 2026-06-30T12:00:00Z, or a time from now such as 90m, 36h, 7d or 2w.\nTry rollcall pending --help.\n",
      ],
      [["dlq", "lsit"], "error: unknown command 'lsit'\n(Did you mean list?)\nTry rollcall dlq --help.\n"],
      [["dlq", "show"], "error: missing required argument 'id'\nTry rollcall dlq show --help.\n"],
      [
        ["dlq", "list", "--older-than", "old"],
        "error: option '--older-than <age>' argument 'old' is invalid. Expected a length of time such as 90m, 36h, 7d or 2w.\nTry rollcall dlq list --help.\n",
      ],
    ] as const;
    const runs = await Promise.all(cases.map(([args]) => run(args)));
    expect(runs).toEqual(cases.map(([, stderr]) => ({ exitCode: 2, stdout: "", stderr })));
  });

  it("ends in peace when nobody reads on", async () => {
    const { child, end } = startRollcall(["publish", "-", "--dry-run"], tmpdir());
    child.stdout.destroy();
    child.stdin.end("not JSON\n");
    const { exitCode, stderr } = await end;
    expect([exitCode, stderr]).toEqual([
      1,
      "line 1: NotJson: expected a JSON object, complete on this line\n",
    ]);
  });
});
