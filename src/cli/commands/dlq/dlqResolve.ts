import type { Command } from "commander";
import type { DeadLetterFilter, DeadLetterReport } from "../../../operations/listDeadLetters.ts";
import { meansEveryDeadLetter } from "../../../operations/listDeadLetters.ts";
import {
  discardDeadLetters,
  type ResolutionReport,
  redriveDeadLetters,
} from "../../../operations/resolveDeadLetters.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import { personQualifier } from "../../../policy/policyRules.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
} from "../../commandResult.ts";
import { withDiscards, withRedrives } from "../../composition.ts";
import { loadPolicy } from "../../files.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addOperatorOption,
  addQueueOptions,
  noteOption,
  operatorUnknown,
  policyOption,
} from "../../options.ts";
import { actorOf, type Target, targetText } from "../../target.ts";
import { confirm, nobodyToAsk, screenOf, type Terminal } from "../../terminal.ts";
import { withoutControlCharacters } from "../../textLayout.ts";
import {
  deadLetterTable,
  discardWords,
  type ResultWords,
  redriveWords,
  resolutionLines,
} from "./dlqLines.ts";
import {
  addFilterOptions,
  type ListOptions,
  type QueueOptions,
  readLists,
  toResult,
  withDeadLetters,
} from "./dlqQueues.ts";

const redriveHelp = `
The journal is written first: rollcall history shows who put it back. A dead letter is
deleted only once its queue has the message again, so none is lost. One that is put back
twice, by an interruption, is carried out once: the ledger knows it.
Of a list with --ids or --people each is told apart, also what has no dead letter.
Exit code: 0 if all were put back, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall dlq redrive hr-17 hr-18
  rollcall dlq redrive --code LicenseNotSupported --dry-run
  rollcall dlq redrive --pipeline offboard --newer-than 1d
  rollcall dlq redrive --ids events.txt --because "the license is there now"
  rollcall dlq redrive --all --stage prod`;

const discardHelp = `
The journal is written first: rollcall history shows who discarded what, and why. After
that the event is never carried out, not even if a copy of it still comes; one with
another time is another decision. An event of
Okta's is journalled as the HR event that it would have become; one that becomes none
leaves no entry, and the result says so.
Of a list with --ids or --people each is told apart, also what has no dead letter.
Exit code: 0 if all were discarded, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall dlq discard hr-17 --because "a test user"
  rollcall dlq discard --code Malformed --older-than 7d --because "sent anew" --yes
  rollcall dlq discard --person P-T0042 --because "the wrong Ada" --by eve --stage prod
  rollcall dlq discard --people - --because "a wrong feed" --yes < wrong.txt`;

interface ResolveOptions extends QueueOptions, ListOptions, DeadLetterFilter {
  /** Left out: `policy.yml` in the current folder, if there is one. */
  policy?: string;
}

interface RedriveOptions extends ResolveOptions, Partial<AuditOptions> {
  all?: boolean;
  dryRun?: boolean;
}

interface DiscardOptions extends ResolveOptions, AuditOptions {
  yes?: boolean;
}

export function addRedriveCommand(dlq: Command, run: RunCommand): void {
  const command = dlq
    .command("redrive")
    .description("Send dead letters to their queues again.")
    .argument("[ids...]", "of events or messages")
    .option("--all", "every dead letter there is")
    .option("--dry-run", "show what would be put back, and put nothing back")
    .addOption(noteOption());
  addResolveOptions(addOperatorOption(command))
    .addHelpText("after", redriveHelp)
    .action((ids: string[], options: RedriveOptions) =>
      run((terminal) => runRedrive({ ...options, ids }, terminal)),
    );
}

export function addDiscardCommand(dlq: Command, run: RunCommand): void {
  const discard = dlq
    .command("discard")
    .description("Delete dead letters for good, with an entry in the journal.")
    .argument("[ids...]", "of events or messages");
  addResolveOptions(addAuditOptions(discard).option("--yes", "do not ask"))
    .addHelpText("after", discardHelp)
    .action((ids: string[], options: DiscardOptions) =>
      run((terminal) => runDiscard({ ...options, ids }, terminal)),
    );
}

function addResolveOptions(command: Command): Command {
  return addQueueOptions(addFilterOptions(command), ["stack", "table"]).addOption(
    policyOption("with the namespaces of people's ids"),
  );
}

/** Both write to the journal, so that both name the ledger, and who acts is known. */
const needs = { resources: ["stack", "table"], isRecorded: true } as const;

async function runRedrive(request: RedriveOptions, terminal: Terminal): Promise<CommandResult> {
  const { all = false, because } = request;
  const isEvery = meansEveryOne(request);
  const misuse = all === isEvery ? findMixedEndpoints(request) : all ? allAndMore : nothingChosen;
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nothing was put back` };
  const lists = await readLists(request, terminal);
  if (lists.kind !== "read") return { ...lists, message: `${lists.message}; nothing was put back` };
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const qualifyPerson = personQualifier(loaded.policy ?? {});
  return withDeadLetters(request, needs, terminal, async ({ target, ...ports }) => {
    const by = actorOf(request.by, target);
    if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was put back` };
    const signed = { ...request, ...lists, by, ...(because !== undefined && { because }) };
    return withRedrives(target, async (redrives) =>
      toResult(await redriveDeadLetters(signed, { ...ports, redrives, qualifyPerson }), target, (report) =>
        printResolution(report, redriveWords, { ...request, target }, terminal),
      ),
    );
  });
}

const nothingChosen = "expected ids, a filter such as --pipeline or --code, or --all for every dead letter";
const allAndMore = "--all means every dead letter, and cannot be combined with ids or filters";

/** Discards dead letters, after a question. */
export async function runDiscard(request: DiscardOptions, terminal: Terminal): Promise<CommandResult> {
  const { yes = false, because } = request;
  const misuse = findMisuse(request, terminal);
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nothing was discarded` };
  const lists = await readLists(request, terminal);
  if (lists.kind !== "read") return { ...lists, message: `${lists.message}; nothing was discarded` };
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const qualifyPerson = personQualifier(loaded.policy ?? {});
  return withDeadLetters(request, needs, terminal, async ({ target, ...ports }) => {
    const by = actorOf(request.by, target);
    if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was discarded` };
    return withDiscards(target, async (discards) => {
      const ask = (letters: readonly DeadLetterReport[]) => askAbout(letters, target, terminal, ports.signal);
      const confirmDiscard: typeof ask = async (letters) => yes || ask(letters);
      const resolved = await discardDeadLetters(
        { ...request, ...lists, by, because },
        { ...ports, discards, qualifyPerson, confirm: confirmDiscard },
      );
      if (resolved.kind === "declined") terminal.stderr.write("Nothing was discarded.\n");
      return toResult(resolved, target, (report) =>
        printResolution(report, discardWords, { ...request, target }, terminal),
      );
    });
  });
}

/** Before the lists are read. */
function meansEveryOne(request: ResolveOptions): boolean {
  return request.idsFile === undefined && request.people === undefined && meansEveryDeadLetter(request);
}

function findMisuse(request: DiscardOptions, { stdin }: Terminal): string | undefined {
  const { yes = false } = request;
  if (!yes && [request.idsFile, request.people].includes("-"))
    return "standard input is the list, so nobody can be asked: add --yes to discard without a question";
  if (meansEveryOne(request)) return "expected ids, or a filter such as --code or --person";
  return yes || stdin.isTTY ? findMixedEndpoints(request) : nobodyToAsk("discard");
}

/** A ledger in AWS must not record what happened to queues on this computer, nor the other way round. */
function findMixedEndpoints({ endpoint, tableEndpoint }: QueueOptions): string | undefined {
  if ((endpoint === undefined) === (tableEndpoint === undefined)) return undefined;
  return "--endpoint and --table-endpoint go together: the queues and the ledger are one stack's";
}

/** The question is no result, so it goes to stderr, with the dead letters that are meant. */
function askAbout(
  letters: readonly DeadLetterReport[],
  target: Target,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const reason = { heading: "REASON", of: (letter: DeadLetterReport) => letter.reason };
  const lines = deadLetterTable(withoutControlCharacters(letters), reason, screenOf(terminal.stderr));
  printLines([...lines, ""], terminal.stderr);
  const question = `Discard ${countOf(letters.length, "dead letter")} in ${targetText(target)}?`;
  return confirm(question, terminal, signal);
}

/** Prints what became of the dead letters. The command has failed if any of them has. */
function printResolution<Kind extends string>(
  report: ResolutionReport<Kind>,
  words: ResultWords<Kind>,
  { target, ...request }: QueueOptions & { target: Target },
  { stdout }: Terminal,
): CommandResult {
  printTargeted(report, { ...request, target }, stdout, (clean, screen) =>
    resolutionLines(clean, words, target, screen),
  );
  const failures = report.letters.filter(({ result }) => words[result].isFailure);
  if (failures.length === 0) return report.notFound.length === 0 ? done : incomplete;
  const reasons = [...new Set(failures.map(({ failure = "for no known reason" }) => failure))].join("; ");
  return {
    kind: "failed",
    message: `${failures.length.toLocaleString("en")} of ${report.count.toLocaleString("en")} failed (${reasons}); nothing is lost: run the command again`,
  };
}
