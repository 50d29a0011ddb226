import type { Command } from "commander";
import {
  type DeadLetterFilter,
  listDeadLetters,
  meansEveryDeadLetter,
  showDeadLetter,
} from "../../../operations/listDeadLetters.ts";
import { type CommandResult, done, printTargeted, type RunCommand } from "../../commandResult.ts";
import { addQueueOptions } from "../../options.ts";
import { type Terminal, writeWarning } from "../../terminal.ts";
import { addEditCommand } from "./dlqEdit.ts";
import { ageWarning, listLines, showLines } from "./dlqLines.ts";
import {
  addFilterOptions,
  type ListOptions,
  type QueueOptions,
  readLists,
  toResult,
  withDeadLetters,
} from "./dlqQueues.ts";
import { addDiscardCommand, addRedriveCommand } from "./dlqResolve.ts";

const help = `
A message that will never succeed ends in its pipeline's dead-letter queue, with the
reason. It stays there until somebody puts it back or discards it, or for 14 days. So do
Okta's events that became no HR event, in a queue of their own: --pipeline okta.

Examples:
  rollcall dlq list                                    what went wrong?
  rollcall dlq show hr-17                              why, and what can be done about it?
  rollcall dlq redrive --code LicenseNotSupported      try again, after a repair
  rollcall dlq edit hr-17 --because "a typo"           mend it, and publish it anew
  rollcall dlq discard hr-17 --because "a test user"   never to be carried out`;

const listHelp = `
Reading hides dead letters from other readers for a moment; nothing is changed.
Exit code: 0, also if there are none; 1 if they cannot be read; 2 if the command was
called wrongly.

Examples:
  rollcall dlq list --stage prod
  rollcall dlq list --pipeline offboard --older-than 2h
  rollcall dlq list --person ada@example.com
  rollcall dlq list --people team.txt
  rollcall dlq list --json | jq -r '.letters[] | select(.code == "UserNotFound").personId'`;

const showHelp = `
Times are UTC. E-mail addresses and names are masked, unless --reveal asks for them.
Exit code: 0 if there is such a dead letter, 1 if not or if they cannot be read, 2 if
the command was called wrongly.

Examples:
  rollcall dlq show hr-17
  rollcall dlq show hr-17 --json | jq '.letters[].body.detail.data'`;

interface DlqListOptions extends QueueOptions, ListOptions, DeadLetterFilter {}

interface ShowOptions extends QueueOptions {
  reveal?: boolean;
}

/** `rollcall dlq` lists, shows, redrives, edits and discards dead letters. */
export function addDlqCommand(program: Command, run: RunCommand): void {
  const dlq = program
    .command("dlq")
    .description("List dead letters, redrive, edit or discard them.")
    .usage("COMMAND [options]")
    .addHelpText("after", help);
  addQueueOptions(
    addFilterOptions(dlq.command("list").description("List the dead letters, and why each was rejected.")),
  )
    .addHelpText("after", listHelp)
    .action((options: DlqListOptions) => run((terminal) => runList(options, terminal)));
  const show = dlq
    .command("show")
    .description("Show everything about a dead letter, and what to do about it.")
    .argument("<id>", "the event's id, or a message's (its first 8 characters are enough)")
    .option("--reveal", "show e-mail addresses and names in full");
  addQueueOptions(show)
    .addHelpText("after", showHelp)
    .action((id: string, options: ShowOptions) => run((terminal) => runShow(id, options, terminal)));
  addRedriveCommand(dlq, run);
  addDiscardCommand(dlq, run);
  addEditCommand(dlq, run);
}

/** That there are no dead letters is no failure. */
async function runList(options: DlqListOptions, terminal: Terminal): Promise<CommandResult> {
  const lists = await readLists(options, terminal);
  if (lists.kind !== "read") return lists;
  const request = { ...options, ...lists };
  return withDeadLetters(request, { resources: ["stack"] }, terminal, async ({ target, ...ports }) =>
    toResult(await listDeadLetters(request, ports), target, (report) => {
      printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
        listLines(clean, { isFiltered: !meansEveryDeadLetter(request), target }, screen),
      );
      const warning = request.json ? undefined : ageWarning(report.letters);
      if (warning !== undefined) writeWarning(terminal, warning);
      return done;
    }),
  );
}

function runShow(id: string, request: ShowOptions, terminal: Terminal): Promise<CommandResult> {
  const { reveal: isRevealed = false } = request;
  return withDeadLetters(request, { resources: ["stack"] }, terminal, async ({ target, ...ports }) =>
    toResult(await showDeadLetter(id, { isRevealed }, ports), target, (report) => {
      printTargeted(report, { ...request, target }, terminal.stdout, ({ letters }, screen) =>
        letters.flatMap((letter, index) => [...(index > 0 ? [""] : []), ...showLines(letter, screen)]),
      );
      return done;
    }),
  );
}
