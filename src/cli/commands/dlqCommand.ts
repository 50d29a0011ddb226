import { type Command, Option } from "commander";
import {
  type DeadLetterFilter,
  type DeadLetterPorts,
  type DeadLetterReport,
  type DeadLetterResult,
  listDeadLetters,
  meansEveryDeadLetter,
  showDeadLetter,
} from "../../operations/listDeadLetters.ts";
import {
  discardDeadLetters,
  type ResolutionReport,
  redriveDeadLetters,
} from "../../operations/resolveDeadLetters.ts";
import { personQualifier } from "../../policy/policyRules.ts";
import { deadLetterSources } from "../../queue/deadLetter.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printLines,
  printReport,
  type RunCommand,
  runInterruptibly,
} from "../commandResult.ts";
import { type StackOptions, withDeadLetterQueues, withDiscards } from "../composition.ts";
import { loadPolicy } from "../files.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addQueueOptions,
  ageOption,
  endpointOption,
  operatorUnknown,
  personOption,
  policyOption,
} from "../options.ts";
import { confirm, nobodyToAsk, screenOf, type Terminal, writeWarning } from "../terminal.ts";
import { countOf, withoutControlCharacters } from "../textLayout.ts";
import {
  ageWarning,
  deadLetterTable,
  discardWords,
  listLines,
  missingText,
  type ResultWords,
  redriveWords,
  resolutionLines,
  showLines,
  warningText,
} from "./dlqLines.ts";

const help = `
A message that will never succeed ends in its pipeline's dead-letter queue, with the
reason. It stays there until somebody puts it back or discards it, or for 14 days. So do
Okta's events that became no HR event, in a queue of their own: --pipeline okta.

Examples:
  rollcall dlq list                                    what went wrong?
  rollcall dlq show hr-17                              why, and what can be done about it?
  rollcall dlq redrive --code LicenseNotSupported      try again, after a repair
  rollcall dlq discard hr-17 --because "a test user"   never to be carried out`;

const listHelp = `
Reading hides dead letters from other readers for a moment; nothing is changed.
Exit code: 0, also if there are none; 1 if they cannot be read; 2 if the command was
called wrongly.

Examples:
  rollcall dlq list --stack rollcall-prod
  rollcall dlq list --pipeline offboard --older-than 2h
  rollcall dlq list --person ada@example.com
  rollcall dlq list --json | jq -r '.letters[] | select(.code == "UserNotFound").personId'`;

const showHelp = `
Times are UTC. E-mail addresses are masked.
Exit code: 0 if there is such a dead letter, 1 if not or if they cannot be read, 2 if
the command was called wrongly.

Examples:
  rollcall dlq show hr-17
  rollcall dlq show hr-17 --json | jq '.letters[].body.detail.data'`;

const redriveHelp = `
A dead letter is deleted only once its queue has the message again, so none is lost. One
that is put back twice, by an interruption, is carried out once: the ledger knows it.
Exit code: 0 if all were put back, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall dlq redrive hr-17 hr-18
  rollcall dlq redrive --code LicenseNotSupported --dry-run
  rollcall dlq redrive --pipeline offboard --newer-than 1d
  rollcall dlq redrive --all --stack rollcall-prod`;

const discardHelp = `
The journal is written first: rollcall history shows who discarded what, and why. After
that the event is never carried out, not even if a copy of it still comes. An event of
Okta's is journalled as the HR event that it would have become; one that becomes none
leaves no entry, and the result says so.
Exit code: 0 if all were discarded, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall dlq discard hr-17 --because "a test user"
  rollcall dlq discard --code Malformed --older-than 7d --because "sent anew" --yes
  rollcall dlq discard --person P-T0042 --because "the wrong Ada" --by eve --stack rollcall-prod`;

/** Where the dead-letter queues are, and how the answer is printed. */
interface QueueOptions extends StackOptions {
  json?: boolean;
}

interface ListOptions extends Omit<QueueOptions, "pipeline">, DeadLetterFilter {}

interface RedriveOptions extends ListOptions {
  all?: boolean;
  dryRun?: boolean;
}

interface DiscardOptions extends ListOptions, AuditOptions {
  yes?: boolean;
  /** Left out: `policy.yml` in the current folder, if there is one. */
  policy?: string;
  /** The stack's own, if left out. */
  table?: string;
  tableEndpoint?: string;
}

/** `rollcall dlq` lists, shows, redrives and discards dead letters. */
export function addDlqCommand(program: Command, run: RunCommand): void {
  const dlq = program
    .command("dlq")
    .description("List dead letters, redrive them, or discard them.")
    .usage("COMMAND [options]")
    .addHelpText("after", help);
  addQueueOptions(
    addFilterOptions(dlq.command("list").description("List the dead letters, and why each was rejected.")),
  )
    .addHelpText("after", listHelp)
    .action((options: ListOptions) => run((terminal) => runList(options, terminal)));
  const show = dlq
    .command("show")
    .description("Show everything about a dead letter, and what to do about it.")
    .argument("<id>", "the event's id, or a message's (its first 8 characters are enough)");
  addQueueOptions(show)
    .addHelpText("after", showHelp)
    .action((id: string, options: QueueOptions) => run((terminal) => runShow(id, options, terminal)));
  addRedriveCommand(dlq, run);
  addDiscardCommand(dlq, run);
}

function addRedriveCommand(dlq: Command, run: RunCommand): void {
  const command = dlq
    .command("redrive")
    .description("Send dead letters to their queues again.")
    .argument("[ids...]", "of events or messages")
    .option("--all", "every dead letter there is")
    .option("--dry-run", "show what would be put back, and put nothing back");
  addQueueOptions(addFilterOptions(command))
    .addHelpText("after", redriveHelp)
    .action((ids: string[], options: RedriveOptions) =>
      run((terminal) => runRedrive({ ...options, ids }, terminal)),
    );
}

function addDiscardCommand(dlq: Command, run: RunCommand): void {
  const discard = dlq
    .command("discard")
    .description("Delete dead letters for good, with an entry in the journal.")
    .argument("[ids...]", "of events or messages");
  const command = addAuditOptions(discard)
    .option("--yes", "do not ask")
    .addOption(policyOption("with the namespaces of people's ids"))
    .addOption(
      new Option("--table <name>", "the ledger's table (default: the stack's own)").env("ROLLCALL_TABLE"),
    )
    .addOption(endpointOption("DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB", "--table-endpoint"));
  addQueueOptions(addFilterOptions(command))
    .addHelpText("after", discardHelp)
    .action((ids: string[], options: DiscardOptions) =>
      run((terminal) => runDiscard({ ...options, ids }, terminal)),
    );
}

/** All filters that are given must match. */
function addFilterOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--pipeline <name>", "only this pipeline's, or those that came from Okta").choices(
        deadLetterSources,
      ),
    )
    .option("--code <code>", "only those with this code, such as UserNotFound")
    .option("--reason <text>", "only those whose reason contains this text")
    .addOption(personOption())
    .addOption(ageOption("--older-than", "only those that are older than that"))
    .addOption(ageOption("--newer-than", "only those that are newer than that"));
}

/** That there are no dead letters is no failure. */
function runList(request: ListOptions, terminal: Terminal): Promise<CommandResult> {
  return withDeadLetters(request, terminal, async (ports) =>
    toResult(await listDeadLetters(request, ports), request, (report) => {
      printReport(report, request.json, terminal.stdout, (clean, screen) =>
        listLines(clean, { isFiltered: !meansEveryDeadLetter(request) }, screen),
      );
      const warning = request.json ? undefined : ageWarning(report.letters);
      if (warning !== undefined) writeWarning(terminal, warning);
      return done;
    }),
  );
}

function runShow(id: string, request: QueueOptions, terminal: Terminal): Promise<CommandResult> {
  return withDeadLetters(request, terminal, async (ports) =>
    toResult(await showDeadLetter(id, ports), request, (report) => {
      printReport(report, request.json, terminal.stdout, ({ letters }, screen) =>
        letters.flatMap((letter, index) => [...(index > 0 ? [""] : []), ...showLines(letter, screen)]),
      );
      return done;
    }),
  );
}

async function runRedrive(request: RedriveOptions, terminal: Terminal): Promise<CommandResult> {
  const { all = false } = request;
  if (all !== meansEveryDeadLetter(request))
    return { kind: "misused", message: all ? allAndMore : nothingChosen };
  return withDeadLetters(request, terminal, async (ports) =>
    toResult(await redriveDeadLetters(request, ports), request, (report) =>
      printResolution(report, redriveWords, request, terminal),
    ),
  );
}

const nothingChosen =
  "expected ids, a filter such as --pipeline or --code, or --all for every dead letter; nothing was put back";
const allAndMore =
  "--all means every dead letter, and cannot be combined with ids or filters; nothing was put back";

/** Discards dead letters, after a question. */
export async function runDiscard(
  { by, ...request }: DiscardOptions,
  terminal: Terminal,
): Promise<CommandResult> {
  const misuse = findMisuse(request, terminal);
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nothing was discarded` };
  if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was discarded` };
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const qualifyPerson = personQualifier(loaded.policy ?? {});
  const { stack, region, tableEndpoint, table = `${stack}-ledger`, yes = false } = request;
  const ledger = {
    table,
    ...(region !== undefined && { region }),
    ...(tableEndpoint !== undefined && { endpoint: tableEndpoint }),
  };
  return withDeadLetters(request, terminal, (ports) =>
    withDiscards(ledger, async (discards) => {
      const ask = (letters: readonly DeadLetterReport[]) => askAbout(letters, terminal, ports.signal);
      const confirmDiscard: typeof ask = async (letters) => yes || ask(letters);
      const resolved = await discardDeadLetters(
        { ...request, by },
        { ...ports, discards, qualifyPerson, confirm: confirmDiscard },
      );
      if (resolved.kind === "declined") terminal.stderr.write("Nothing was discarded.\n");
      return toResult(resolved, request, (report) =>
        printResolution(report, discardWords, request, terminal),
      );
    }),
  );
}

/** A ledger in AWS must not record what happened to queues on this computer, nor the other way round. */
function findMisuse(request: Omit<DiscardOptions, "by">, { stdin }: Terminal): string | undefined {
  const { yes = false, endpoint, tableEndpoint } = request;
  if (meansEveryDeadLetter(request)) return "expected ids, or a filter such as --code or --person";
  if (!yes && !stdin.isTTY) return nobodyToAsk("discard");
  if ((endpoint === undefined) === (tableEndpoint === undefined)) return undefined;
  return "--endpoint and --table-endpoint go together: the queues and the ledger are one stack's";
}

/** The question is no result, so it goes to stderr, with the dead letters that are meant. */
function askAbout(
  letters: readonly DeadLetterReport[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const reason = { heading: "REASON", of: (letter: DeadLetterReport) => letter.reason };
  const lines = deadLetterTable(withoutControlCharacters(letters), reason, screenOf(terminal.stderr));
  printLines([...lines, ""], terminal.stderr);
  return confirm(`Discard ${countOf(letters.length, "dead letter")}?`, terminal, signal);
}

const interrupted =
  "Interrupted: putting the dead letters back. Press Ctrl-C again to quit at once; they come back by themselves within 5 minutes then.";

/** Runs an operation on the dead-letter queues. An interruption ends it in good order: with every dead letter in a queue. */
function withDeadLetters(
  request: QueueOptions,
  terminal: Terminal,
  use: (ports: DeadLetterPorts) => Promise<CommandResult>,
): Promise<CommandResult> {
  const onWarning: DeadLetterPorts["onWarning"] = (warning) => writeWarning(terminal, warningText(warning));
  const { stack } = request;
  return runInterruptibly(interrupted, terminal, (signal) =>
    withDeadLetterQueues(request, (queues) => use({ queues, stack, signal, now: Date.now, onWarning })),
  );
}

function toResult<Report>(
  result: DeadLetterResult<Report>,
  { stack }: QueueOptions,
  print: (report: Report) => CommandResult,
): CommandResult {
  switch (result.kind) {
    case "done":
      return print(result.report);
    case "missing":
      return { kind: "failed", message: missingText(result.ids, stack) };
    case "declined":
    case "interrupted":
      return incomplete;
  }
}

/** Prints what became of the dead letters. The command has failed if any of them has. */
function printResolution<Kind extends string>(
  report: ResolutionReport<Kind>,
  words: ResultWords<Kind>,
  { json }: QueueOptions,
  { stdout }: Terminal,
): CommandResult {
  printReport(report, json, stdout, (clean, screen) => resolutionLines(clean, words, screen));
  const failures = report.letters.filter(({ result }) => words[result].isFailure);
  if (failures.length === 0) return done;
  const reasons = [...new Set(failures.map(({ failure = "for no known reason" }) => failure))].join("; ");
  return {
    kind: "failed",
    message: `${failures.length.toLocaleString("en")} of ${report.count.toLocaleString("en")} failed (${reasons}); nothing is lost: run the command again`,
  };
}
