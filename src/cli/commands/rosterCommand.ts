import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type PlanReport,
  planRoster,
  type ReconcileRequest,
  syncRoster,
  type UnusableRoster,
} from "../../operations/reconcileRoster.ts";
import { countOf } from "../../operations/words/plainWords.ts";
import { fileRosterMemory } from "../../reconcile/file/fileRosterMemory.ts";
import { explainDirectoryFailure, readingPermissionsText } from "../awsFailures.ts";
import {
  type CommandFailure,
  type CommandResult,
  done,
  exitCodes,
  incomplete,
  printReport,
  printTargeted,
  type RunCommand,
} from "../commandResult.ts";
import { loadPolicy, openInput } from "../files.ts";
import {
  addTargetOptions,
  type BusOptions,
  busEndpointOption,
  directoryEndpointOptions,
  policyOption,
  type TargetOptions,
  tableEndpointOption,
} from "../options.ts";
import { type Target, targetText } from "../target.ts";
import type { ResourceName } from "../targetNames.ts";
import { confirm, nobodyToAsk, type OutputStream, type Screen, type Terminal } from "../terminal.ts";
import { planLines } from "./planLines.ts";
import { publishedResult, publishInSight } from "./publishCommand.ts";
import { addReadingOptions, writtenAt } from "./rosterOptions.ts";
import { findTarget, type PlanTarget, withoutLedger, withPlanPorts } from "./rosterTarget.ts";

const help = `
The roster is a full export of the HR system: CSV, JSON or an Excel workbook. Its columns are found by
their obvious names, or named with --column or in the policy's section roster; rollcall roster check
shows what is understood of it. It must hold
everybody: an empty, cut off or shrunken one, or one with a broken row, stops the command. It goes before
all that was decided before its time: say with --as-of when it was exported, if the file is younger.
Needs AWS credentials with ${readingPermissionsText()}, or with ssm:GetParameter on
the secrets, whichever the accounts of the policy need, and with
dynamodb:Query, GetItem and BatchGetItem on the ledger, which knows which latches are closed, what is paused,
and under which addresses people are known.`;

const planHelp = `${help}
Exit code: 0 if the plan was made, 1 if the roster or the directory stopped it, 2 if the command was called
wrongly; with --exit-code 3 if there is something to do.

Examples:
  rollcall plan workers.csv
  rollcall plan report.json --column email=Work_Email --all
  hr-export | rollcall plan - --json | jq '.calls'`;

const syncHelp = `${help}
The events of one roster have the same ids each time: to sync it twice does no harm.
Exit code: 0 if the bus accepted every event or there was none, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall sync workers.csv --stage prod               shows the plan, and asks
  rollcall sync workers.csv --stage prod --yes         in a script`;

type ReconcileOptions = Pick<ReconcileRequest, "column" | "absent" | "rows" | "leastPercent">;

/** The options that `rollcall plan` and `rollcall sync` share. */
interface RosterOptions extends ReconcileOptions, TargetOptions {
  policy?: string;
  /** Milliseconds since the epoch. */
  asOf?: number;
  /** The file that remembers the last roster; without one, none is remembered. */
  memory?: string;
  directoryEndpoint?: string;
  ssmEndpoint?: string;
  tableEndpoint?: string;
  /** Do not ask the ledger what is held back. */
  offline?: boolean;
  all?: boolean;
  json?: boolean;
}

interface PlanOptions extends RosterOptions {
  /** Tell by the exit code whether there is something to do. */
  exitCode?: boolean;
}

interface SyncOptions extends RosterOptions, BusOptions {
  memory: string;
  yes?: boolean;
}

/** `rollcall plan ROSTER` shows what a roster would change, and by which calls. */
export function addPlanCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("plan")
    .description("Show what a full roster would change, and change nothing.");
  addRosterOptions(command, ["table"])
    .option("--offline", "do not ask the ledger what is held back")
    .option("--exit-code", "end with 3 if there is something to do")
    .addHelpText("after", planHelp)
    .action((roster: string, options: PlanOptions) =>
      run((terminal) => runPlan({ ...options, roster }, terminal)),
    );
}

/** `rollcall sync ROSTER` brings the directory to a roster, by events. */
export function addSyncCommand(program: Command, run: RunCommand): void {
  const command = program.command("sync").description("Publish what brings the directory to a full roster.");
  addRosterOptions(command, ["bus", "table"])
    .addOption(busEndpointOption())
    .addOption(
      new Option("--rejected <file>", "where the events go that were not accepted; replaced if it exists"),
    )
    .option("--yes", "do not ask")
    .addHelpText("after", syncHelp)
    .action((roster: string, options: SyncOptions) =>
      run((terminal) => runSync({ ...options, roster }, terminal)),
    );
}

function addRosterOptions(command: Command, resources: readonly ResourceName[]): Command {
  addTargetOptions(command, resources)
    .addOption(tableEndpointOption())
    .argument("<roster>", "the export: CSV, JSON or an Excel workbook; - reads standard input")
    .addOption(policyOption("with the accounts"));
  addReadingOptions(command)
    .addOption(
      new Option("--absent <what>", "what becomes of accounts without a row (default: report)").choices([
        "report",
        "suspend",
      ]),
    )
    .addOption(
      new Option(
        "--least-percent <n>",
        "the share of the last roster's people below which it is taken for a broken one (default: 90)",
      ).argParser(toPercent),
    )
    .option("--memory <file>", "what remembers the last roster", ".rollcall-roster.json");
  for (const option of directoryEndpointOptions()) command.addOption(option);
  return command
    .option("--all", "list all people, not only the first of each kind")
    .option("--json", "print one JSON object");
}

function toPercent(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 100) return Number(text);
  throw new InvalidArgumentError("Expected a whole number from 0 to 100.");
}

/** Shows what a sync would do, and does nothing. */
export async function runPlan(
  request: PlanOptions & { roster: string },
  terminal: Terminal,
): Promise<CommandResult> {
  const opened = await openRoster(request, terminal);
  if (opened.kind !== "opened") return opened;
  const found = request.offline ? withoutLedger : await findTarget(request, ["table"], terminal);
  if (found.kind !== "found") return found;
  const memory = request.memory === undefined ? undefined : fileRosterMemory(request.memory);
  return explained(async () => {
    const planning = await withPlanPorts(request, opened.request, found, terminal, (ports) =>
      planRoster(opened.request, { ...ports, ...(memory !== undefined && { memory }) }),
    );
    if (planning.kind !== "planned") return explainUnusable(planning, request.roster);
    printPlan(planning.report, { ...request, ...found }, terminal.stdout);
    const isDue = request.exitCode === true && planning.report.changes.length > 0;
    return isDue ? { kind: "done", exitCode: exitCodes.somethingToDo } : done;
  });
}

/** Shows the plan, asks, and publishes its events. */
async function runSync(
  request: SyncOptions & { roster: string },
  terminal: Terminal,
): Promise<CommandResult> {
  const { yes = false, json = false, roster } = request;
  if (!yes && !terminal.stdin.isTTY)
    return { kind: "misused", message: `${nobodyToAsk("publish")}; nothing was published` };
  const opened = await openRoster(request, terminal);
  if (opened.kind !== "opened") return opened;
  const found = await findTarget(request, ["bus", "table"], terminal);
  if (found.kind !== "found") return found;
  const { target } = found;
  let interruptedWith: number | undefined;
  let publication: CommandResult = done;
  return explained(async () => {
    const sync = await withPlanPorts(request, opened.request, found, terminal, (ports) =>
      syncRoster(opened.request, {
        ...ports,
        memory: fileRosterMemory(request.memory),
        // With --json the result is what was published, so the plan goes to stderr.
        onPlanned: (report) =>
          printPlan(report, { ...request, ...found, json: false }, json ? terminal.stderr : terminal.stdout),
        confirm: async ({ changes }) => yes || isConfirmed(changes.length, target, terminal),
        publish: async (lines) => {
          const { rejectedPath } = opened;
          const source = { lines, input: roster, rejected: request.rejected, rejectedPath, unchecked: false };
          const publishing = await publishInSight(target, source, terminal);
          interruptedWith = publishing.interruptedWith;
          return publishing.outcome;
        },
        onPublished: (report) => {
          publication = publishedResult({ outcome: report, interruptedWith }, { json, target }, terminal);
        },
      }),
    );
    switch (sync.kind) {
      case "published":
        return publication;
      case "refused":
        return publishedResult({ outcome: sync, interruptedWith }, { json, target }, terminal);
      case "nothingToDo":
        printTargeted({ events: 0, accepted: 0 }, { json, target }, terminal.stdout, () => []);
        return done;
      case "declined":
        terminal.stderr.write("Nothing was published.\n");
        return incomplete;
      default:
        return explainUnusable(sync, roster);
    }
  });
}

function isConfirmed(events: number, target: Target, terminal: Terminal): Promise<boolean> {
  const question = `Publish ${countOf(events, "event")} in ${targetText(target)}?`;
  return confirm(question, terminal, new AbortController().signal);
}

type OpenedRoster = { kind: "opened"; request: ReconcileRequest; rejectedPath: string } | CommandFailure;

/** Reads the policy and opens the roster. Nothing is asked of AWS. */
async function openRoster(
  { roster, asOf, policy: policyFile, ...options }: RosterOptions & { roster: string },
  { stdin }: Terminal,
): Promise<OpenedRoster> {
  const loaded = loadPolicy(policyFile);
  if (loaded.kind !== "loaded") return loaded;
  const { policy } = loaded;
  if (policy === undefined)
    return {
      kind: "misused",
      message: "there is no policy.yml here, which says whose accounts are where; name one with --policy",
    };
  const input = await openInput(roster, stdin, "an export");
  if (input.kind === "unreadable") return { kind: "misused", message: input.message };
  const { column, absent, rows, leastPercent } = options;
  return {
    kind: "opened",
    rejectedPath: input.rejectedPath,
    request: {
      bytes: input.bytes,
      policy,
      asOf: asOf ?? (await writtenAt(roster)),
      ...(column !== undefined && { column }),
      ...(absent !== undefined && { absent }),
      ...(rows !== undefined && { rows }),
      ...(leastPercent !== undefined && { leastPercent }),
    },
  };
}

async function explained(run: () => Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await run();
  } catch (error) {
    return explainDirectoryFailure(error);
  }
}

function explainUnusable(unusable: UnusableRoster, roster: string): CommandFailure {
  switch (unusable.kind) {
    case "fromTheFuture": {
      const time = new Date(unusable.asOf).toISOString();
      return {
        kind: "misused",
        message: `the roster's time, ${time}, is still to come; say with --as-of when it was true`,
      };
    }
    case "broken": {
      const { problems, details } = unusable;
      const name = roster === "-" ? "the roster on standard input" : roster;
      const lines = [...problems, ...(details === undefined ? [] : [details])].map((text) => `  ${text}`);
      return {
        kind: "failed",
        message: [`${name} cannot be believed, and nothing was published:`, ...lines].join("\n"),
      };
    }
    case "rejected":
      return { kind: "failed", message: `${unusable.reason}. Nothing was published` };
  }
}

/** Prints the plan as lines, or as one JSON object, which always lists everybody. */
function printPlan(
  report: PlanReport,
  { json = false, all = false, target }: Pick<RosterOptions, "json" | "all"> & Pick<PlanTarget, "target">,
  output: OutputStream,
): void {
  const toLines = (clean: PlanReport, screen: Screen) => planLines(clean, { isAll: all, target }, screen);
  if (target === undefined) printReport(report, json, output, toLines);
  else printTargeted(report, { json, target }, output, toLines);
}
