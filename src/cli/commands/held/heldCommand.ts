import { type Command, InvalidArgumentError, Option } from "commander";
import type { HeldRule } from "../../../ledger/pendingStore.ts";
import {
  type DecideHeldPorts,
  decideHeld,
  type HeldAction,
  type HeldCount,
  type HeldDecisionReport,
  type HeldFilter,
  listHeld,
  meansEverybody,
} from "../../../operations/heldSuspensions.ts";
import { countPeople } from "../../../operations/words/plainWords.ts";
import {
  type CommandFailure,
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
  runInterruptibly,
} from "../../commandResult.ts";
import { type OpenLedger, withLedger } from "../../composition.ts";
import { readList } from "../../files.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addLedgerOptions,
  ageOption,
  type LedgerOptions,
  operatorUnknown,
} from "../../options.ts";
import { actorOf, type Target, targetText } from "../../target.ts";
import { confirm, nobodyToAsk, screenOf, statusLine, type Terminal } from "../../terminal.ts";
import { withoutControlCharacters } from "../../textLayout.ts";
import { countLines, heldListLines, peopleIn, resultLines } from "./heldLines.ts";

const help = `
Suspensions beyond an account's limit are held until somebody has looked at the feed
that they came from. rollcall safeguard status says why, and what the limit is.

Examples:
  rollcall held list                                                      who, and since when?
  rollcall held release --account team-0001 --because "a plant closes"    suspend them
  rollcall held discard --account team-0001 --because "a wrong feed"      do not`;

const listHelp = `
BY says what holds them: their batch would have crossed the limit, or the latch was
closed already. Times are UTC.
Needs the permission dynamodb:Query on the table's indexes.
Exit code: 0, also if nobody is held; 1 if the ledger cannot be read; 2 if the command
was called wrongly.

Examples:
  rollcall held list --stage prod
  rollcall held list --account team-0001 --older-than 4h
  rollcall held list --person ada@example.com
  rollcall held list --json | jq -r '.held[].personId'`;

const releaseHelp = `
They are published within a minute or two and suspended then; they neither count nor are
held again. The latch stays closed until rollcall safeguard reset. The journal says who
released whom, and why. Stopped or failed, it may be run again.
Needs the permissions dynamodb:Query on the table and on its indexes, BatchGetItem,
PartiQLInsert and PartiQLUpdate.
Of a list with --people each is told apart, also who is not held.
Exit code: 0 if all were released, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall held release --person P-T0042 --because "HR confirms it"
  rollcall held release --account team-0001 --because "a plant closes" --by eve
  rollcall held release --department "Sales*" --rule latch --because "the team ends"
  rollcall held release --people right.txt --because "HR confirms each"
  rollcall held release --all --because "all checked with HR" --yes`;

const discardHelp = `
They keep their access: their events are never carried out, not even if copies still
come. The latch stays closed until rollcall safeguard reset. The journal says who
discarded what, and why. Stopped or failed, it may be run again.
A person whom an invocation may be acting on at the moment is busy, and stays held.
Needs the permissions dynamodb:Query on the table and on its indexes, BatchGetItem,
PartiQLInsert, PartiQLUpdate and DeleteItem.
Of a list with --people each is told apart, also who is not held.
Exit code: 0 if all were discarded, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall held discard --person ada@example.com --because "the wrong Ada"
  rollcall held discard --account team-0001 --because "a wrong feed" --by eve
  rollcall held discard --people - --because "a wrong feed" --yes < wrong.txt
  rollcall held discard --all --because "a test feed" --yes`;

interface HeldOptions extends LedgerOptions, Omit<HeldFilter, "rule" | "people"> {
  /** The file that lists them, or `-`. */
  people?: string;
  rule?: keyof typeof ruleOf;
  department?: readonly string[];
}

interface DecideOptions extends HeldOptions, AuditOptions {
  all?: boolean;
  yes?: boolean;
}

/** The words for an action on held suspensions. */
interface ActionWords {
  /** As in "Release 3 people?" */
  ask: string;
  past: "released" | "discarded";
  progress: string;
  /** What it means for the people: before it is done, and after. */
  warning: string;
  consequence: string;
  permissions: string;
  description: string;
  help: string;
}

/** What an operator can do about held suspensions. */
const heldActions: Record<HeldAction, ActionWords> = {
  release: {
    ask: "Release",
    past: "released",
    progress: "Releasing",
    warning: "They will be suspended, whatever the limit and the latch say.",
    consequence: "They are published within a minute or two, and suspended then.",
    permissions:
      "dynamodb:Query on the table and on its indexes, and dynamodb:BatchGetItem, PartiQLInsert and PartiQLUpdate on the table",
    description: "Release held suspensions, so that they are carried out.",
    help: releaseHelp,
  },
  discard: {
    ask: "Discard",
    past: "discarded",
    progress: "Discarding",
    warning: "They will not be suspended, not even if their events come again.",
    consequence: "They keep their access. Whoever leaves after all needs a new event from HR.",
    permissions:
      "dynamodb:Query on the table and on its indexes, and dynamodb:BatchGetItem, PartiQLInsert, PartiQLUpdate and DeleteItem on the table",
    description: "Discard held suspensions, with an entry in the journal.",
    help: discardHelp,
  },
};

/** `rollcall held` lists, releases and discards the suspensions that the safeguard holds. */
export function addHeldCommand(program: Command, run: RunCommand): void {
  const held = program
    .command("held")
    .description("List held suspensions, release them, or discard them.")
    .usage("COMMAND [options]")
    .addHelpText("after", help);
  addHeldOptions(held.command("list").description("Show who is held, since when, and why."))
    .addHelpText("after", listHelp)
    .action((options: HeldOptions) => run((terminal) => runHeldList(options, terminal)));
  for (const action of ["release", "discard"] as const) {
    const words = heldActions[action];
    const command = held
      .command(action)
      .description(words.description)
      .option("--all", "everybody who is held");
    addHeldOptions(addAuditOptions(command).option("--yes", "do not ask"))
      .addHelpText("after", words.help)
      .action((options: DecideOptions) => run((terminal) => runDecideHeld(action, options, terminal)));
  }
}

/** All filters that are given must match. */
function addHeldOptions(command: Command): Command {
  command
    .option(
      "--person <who>",
      "only this person, by id or address; * stands for any characters; may be repeated",
      addTo,
    )
    .option("--people <file>", "only those of a list: an id or address in each line; - reads standard input")
    .option("--account <id>", "only this account's; may be repeated", addTo)
    .addOption(
      new Option("--rule <rule>", "only those held by the limit, or by the latch").choices(
        Object.keys(ruleOf),
      ),
    )
    .option("--department <pattern>", "only this department's, if the event names it; may be repeated", addTo)
    .addOption(
      new Option(
        "--attribute <name=pattern>",
        "only those of whom the event says so, such as company=Acme*; may be repeated",
      ).argParser(addAttribute),
    )
    .addOption(ageOption("--older-than", "only those held for longer than that"));
  return addLedgerOptions(command);
}

function addTo(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function addAttribute(
  text: string,
  before: NonNullable<HeldFilter["attribute"]> = {},
): HeldFilter["attribute"] {
  const [, name = "", pattern = ""] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === "") throw new InvalidArgumentError("Expected a name and a pattern, such as company=Acme*.");
  return { ...before, [name]: [...(before[name] ?? []), pattern] };
}

const ruleOf = { limit: "SuspensionLimit", latch: "SuspensionLatch" } as const satisfies Record<
  string,
  HeldRule
>;

type ReadFilter = { kind: "read"; filter: HeldFilter } | CommandFailure;

/** The filters as the operations take them, with the people of the list. */
async function readFilter(request: HeldOptions, { stdin }: Terminal): Promise<ReadFilter> {
  const filter = filterOf(request);
  if (request.people === undefined) return { kind: "read", filter };
  const list = await readList(request.people, stdin);
  if (list.kind === "unreadable") return { kind: "misused", message: list.message };
  return { kind: "read", filter: { ...filter, people: list.entries } };
}

function filterOf({ person, account, rule, department, attribute, olderThan }: HeldOptions): HeldFilter {
  const attributes = { ...attribute, ...(department !== undefined && { department }) };
  return {
    ...(person !== undefined && { person }),
    ...(account !== undefined && { account }),
    ...(rule !== undefined && { rule: ruleOf[rule] }),
    ...(Object.keys(attributes).length > 0 && { attribute: attributes }),
    ...(olderThan !== undefined && { olderThan }),
  };
}

/** That nobody is held is no failure. */
async function runHeldList(request: HeldOptions, terminal: Terminal): Promise<CommandResult> {
  const reading = await readFilter(request, terminal);
  if (reading.kind !== "read") return reading;
  const { filter } = reading;
  const used = await withLedger(request, terminal, async (ledger) => {
    const { target } = ledger;
    const report = await listHeld(filter, ledger);
    printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
      heldListLines(clean, { filter, target }, screen, Date.now()),
    );
  });
  return used.kind === "used" ? done : used;
}

/** Releases or discards held suspensions, after a question. */
export async function runDecideHeld(
  action: HeldAction,
  { by, ...request }: DecideOptions,
  terminal: Terminal,
): Promise<CommandResult> {
  const { past, permissions } = heldActions[action];
  const misuse = findMisuse(action, request, terminal);
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nobody was ${past}` };
  const reading = await readFilter(request, terminal);
  if (reading.kind !== "read") return { ...reading, message: `${reading.message}; nobody was ${past}` };
  const { filter } = reading;
  return runInterruptibly("Interrupted: ending what is under way.", terminal, async (signal) => {
    const deciding = await withLedger<CommandResult>(
      { ...request, toChange: permissions },
      terminal,
      async (ledger) => {
        const actor = actorOf(by, ledger.target);
        if (actor === undefined)
          return { kind: "misused", message: `${operatorUnknown}; nobody was ${past}` };
        return decideInSight(action, { ...request, by: actor, filter }, { ledger, signal, terminal });
      },
    );
    return deciding.kind === "used" ? deciding.value : deciding;
  });
}

function findMisuse(action: HeldAction, request: Omit<DecideOptions, "by">, { stdin }: Terminal) {
  const { all = false, yes = false } = request;
  if (all !== (request.people === undefined && meansEverybody(filterOf(request)))) {
    return all
      ? "--all means everybody who is held, and cannot be combined with a filter"
      : "expected a filter such as --person, --people or --account, or --all for everybody who is held";
  }
  if (!yes && request.people === "-")
    return `standard input is the list, so nobody can be asked: add --yes to ${action} without a question`;
  return yes || stdin.isTTY ? undefined : nobodyToAsk(action);
}

/** Decides with the question and the progress on the terminal. */
async function decideInSight(
  action: HeldAction,
  request: DecideOptions & { by: string; filter: HeldFilter },
  { ledger, signal, terminal }: { ledger: OpenLedger; signal: AbortSignal; terminal: Terminal },
): Promise<CommandResult> {
  const { past, progress } = heldActions[action];
  const { target } = ledger;
  const { filter } = request;
  const line = statusLine(terminal.stderr, Date.now);
  const ports: DecideHeldPorts = {
    ...ledger,
    signal,
    confirm: async (counts) => request.yes === true || askAbout(action, counts, target, terminal, signal),
    onProgress: ({ done, all }) =>
      line.show(
        `${progress}: ${done.toLocaleString("en")} of ${all.toLocaleString("en")}. Ctrl-C stops; the rest stays held.`,
      ),
  };
  const signed = { ...filter, by: request.by, because: request.because };
  const decided = await decideHeld(action, signed, ports).finally(() => line.clear());
  if (decided.kind === "declined") {
    terminal.stderr.write(`Nobody was ${past}.\n`);
    return incomplete;
  }
  printTargeted(decided.report, { ...request, target }, terminal.stdout, (report, screen) =>
    resultLines(report, { filter, target }, heldActions[action], screen),
  );
  return resultOf(action, decided.report);
}

/** The question is no result, so it goes to stderr. */
function askAbout(
  action: HeldAction,
  counts: readonly HeldCount[],
  target: Target,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const { ask, warning } = heldActions[action];
  const people = countPeople(peopleIn(counts));
  const lines = countLines(withoutControlCharacters(counts), screenOf(terminal.stderr), Date.now());
  printLines([`${people} held:`, ...lines, "", warning], terminal.stderr);
  return confirm(`${ask} ${people} in ${targetText(target)}?`, terminal, signal);
}

/** It has failed if anybody is still held who was meant, or if anybody of the list is not held. */
function resultOf(action: HeldAction, { counts, held, notHeld }: HeldDecisionReport): CommandResult {
  const { busy = 0, failed = 0, untouched = 0 } = counts;
  const left = busy + failed + untouched;
  if (left === 0) return notHeld.length === 0 ? done : incomplete;
  const { past } = heldActions[action];
  const reasons = [...new Set(held.flatMap(({ failure }) => (failure === undefined ? [] : [failure])))];
  return {
    kind: "failed",
    message: `${left.toLocaleString("en")} of ${held.length.toLocaleString("en")} were not ${past} (${reasons.join("; ")}); run the command again: whoever is ${past} already is left alone`,
  };
}
