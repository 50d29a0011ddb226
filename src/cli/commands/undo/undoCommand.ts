import { type Command, Option } from "commander";
import { sleep } from "../../../events/eventBridge/eventBridgeBus.ts";
import { redactForDisplay } from "../../../operations/displayText.ts";
import type { UndoFilter } from "../../../operations/undo/findWrongChanges.ts";
import type { PlannedUndo } from "../../../operations/undo/planUndo.ts";
import { prepareUndo } from "../../../operations/undo/prepareUndo.ts";
import { publishUndo, type UndoReport } from "../../../operations/undo/publishUndo.ts";
import { countOf, countPeople } from "../../../operations/words/plainWords.ts";
import { actionsText } from "../../../operations/words/undoWords.ts";
import type { Policy } from "../../../policy/policy.ts";
import { toPolicyRules } from "../../../policy/policyRules.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
  runInterruptibly,
} from "../../commandResult.ts";
import { type OpenLedger, useLedger, withCheckedBus } from "../../composition.ts";
import { loadPolicy, readList } from "../../files.ts";
import { openTarget } from "../../openTarget.ts";
import {
  type AuditOptions,
  addOperatorOption,
  addTargetOptions,
  busEndpointOption,
  type DirectoryOptions,
  directoryEndpointOptions,
  emptyPeriod,
  noteOption,
  operatorUnknown,
  policyOption,
  sinceOption,
  type TargetOptions,
  tableEndpointOption,
  untilOption,
} from "../../options.ts";
import { actorOf, targetText } from "../../target.ts";
import { confirm, nobodyToAsk, screenOf, statusLine, type Terminal } from "../../terminal.ts";
import { withoutControlCharacters } from "../../textLayout.ts";
import { withAccountReader } from "../directory/openAccounts.ts";
import { planLines, resultLines } from "./undoLines.ts";

const help = `
Takes back what a wrong feed did: whoever it suspended gets access again, whoever it let in
loses it, and licenses become what they were. Only what still stands so is undone: the
events take the place directly after the decisions that they undo, so that whatever HR has
decided since stands. People of whom nobody knows how they were before are listed, and left
as they are; so is told what cannot be taken back, such as an invitation that has to be
accepted once more. It shows all that, asks, and publishes. To run it twice does no harm; an undo
is undone with --origin undo. The next sync of the same feed does it all again: mend it
first, or stop it with rollcall pause.
Needs the permissions dynamodb:Query on the table and on its indexes, BatchGetItem and
PartiQLUpdate, events:PutEvents on the bus, and what rollcall directory check needs.
Exit code: 0 if all of the plan was published or there was nothing to do, 1 if not, 2 if the
command was called wrongly, 130 if it was interrupted.

Examples:
  rollcall undo --since 2h --origin roster --dry-run             what would be undone?
  rollcall undo --since 2026-06-30T08:00:00Z --roster roster-2026-06-30T06:00:00.000Z --because "half the file was missing"
  rollcall undo --since 1d --origin bamboohr --people wrong.txt --because "the wrong office"
  rollcall undo --since 1h --origin undo --because "the feed was right after all"
  rollcall undo --since 2h --origin roster --dry-run --json | jq -r '.notUndone[].personId'`;

interface UndoOptions extends TargetOptions, DirectoryOptions, Omit<AuditOptions, "because"> {
  /** Milliseconds since the epoch. */
  since: number;
  until?: number;
  origin?: readonly string[];
  roster?: readonly string[];
  account?: readonly string[];
  /** The file that lists them, or `-`. */
  people?: string;
  because?: string;
  policy?: string;
  /** EventBridge's. */
  endpoint?: string;
  tableEndpoint?: string;
  dryRun?: boolean;
  all?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** `rollcall undo` takes back what a wrong feed did. */
export function addUndoCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("undo")
    .description("Take back what a wrong feed did.")
    .addOption(
      sinceOption("what was done from then on: a date, a time, or an age such as 2h").makeOptionMandatory(),
    )
    .addOption(untilOption())
    .addOption(repeatable("--origin <origin>", "only what came from this source, such as roster"))
    .addOption(repeatable("--roster <id>", "only what this roster did, by the correlation id of its events"))
    .addOption(repeatable("--account <id>", "only in this account"))
    .option("--people <file>", "only people of a list: an id in each line; - reads standard input")
    .option("--dry-run", "show the plan, and change nothing")
    .addOption(noteOption());
  addTargetOptions(addOperatorOption(command), ["bus", "table"])
    .addOption(busEndpointOption())
    .addOption(tableEndpointOption())
    .addOption(policyOption("with the accounts"));
  for (const option of directoryEndpointOptions()) command.addOption(option);
  command
    .option("--all", "list everybody, not only the first of each kind")
    .option("--yes", "do not ask")
    .option("--json", "print everything as one JSON object")
    .addHelpText("after", help)
    .action((options: UndoOptions) => run((terminal) => runUndo(options, terminal)));
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be repeated`).argParser(
    (text: string, earlier: string[] = []) => [...earlier, text],
  );
}

async function runUndo(request: UndoOptions, terminal: Terminal): Promise<CommandResult> {
  const until = request.until ?? Date.now();
  const misuse = findMisuse({ ...request, until }, terminal);
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nothing was changed` };
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const { policy } = loaded;
  if (policy === undefined) return { kind: "misused", message: noPolicy };
  const list = request.people === undefined ? undefined : await readList(request.people, terminal.stdin);
  if (list?.kind === "unreadable") return { kind: "misused", message: list.message };
  const opened = await openTarget(
    request,
    {
      resources: ["bus", "table"],
      endpoints: {
        eventBridge: request.endpoint,
        dynamodb: request.tableEndpoint,
        directory: request.directoryEndpoint,
      },
      isRecorded: request.dryRun !== true,
    },
    terminal,
  );
  if (opened.kind !== "opened") return opened;
  const { target } = opened;
  const by = actorOf(request.by, target);
  if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was changed` };
  const { since, origin, roster, account } = request;
  const filter: UndoFilter = {
    since,
    until,
    ...(origin !== undefined && { origin }),
    ...(roster !== undefined && { roster }),
    ...(account !== undefined && { account }),
    ...(list !== undefined && { people: new Set(list.entries) }),
  };
  return runInterruptibly("Interrupted: ending what is under way.", terminal, async (signal) => {
    const used = await useLedger<CommandResult>(
      target,
      {
        toChange:
          "dynamodb:Query on the table and on its indexes, and BatchGetItem and PartiQLUpdate on the table",
      },
      (ledger) => undoInSight(filter, { ...request, by, policy }, { ledger, signal, terminal }),
    );
    return used.kind === "used" ? used.value : used;
  });
}

const noPolicy =
  "there is no policy.yml here, which says what is done in which account; name the policy with --policy";

function findMisuse(
  { since, until, dryRun = false, because, yes = false, people }: UndoOptions & { until: number },
  { stdin }: Terminal,
): string | undefined {
  if (until <= since) return emptyPeriod;
  if (dryRun) return undefined;
  if (because === undefined) return "expected --because with the reason, or --dry-run to see the plan only";
  if (!yes && people === "-")
    return "standard input has the list, so nobody can be asked: add --yes to undo without a question";
  return yes || stdin.isTTY ? undefined : nobodyToAsk("undo");
}

interface InSight {
  ledger: OpenLedger;
  signal: AbortSignal;
  terminal: Terminal;
}

/** Plans with the progress on the terminal, shows the plan, asks, and publishes. */
async function undoInSight(
  filter: UndoFilter,
  { policy, ...request }: Omit<UndoOptions, "policy"> & { by: string; policy: Policy },
  { ledger, signal, terminal }: InSight,
): Promise<CommandResult> {
  const { target, now } = ledger;
  const line = statusLine(terminal.stderr, Date.now);
  const planned = await withAccountReader(policy.accounts, request, (readAccount) =>
    prepareUndo(filter, {
      ...ledger,
      readAccount,
      findAfterSuspension: toPolicyRules(policy).findAfterSuspension,
      onProgress: ({ people, all }) => line.show(`Reading the histories: ${people} of ${countPeople(all)}`),
    }),
  ).finally(() => line.clear());
  const { plan } = planned;
  const isOver = request.dryRun === true || plan.changes.length === 0;
  // With --json the result is one object, so the plan that the question is about goes to stderr.
  if (isOver && request.json === true)
    printTargeted({ plan, published: null }, { json: true, target }, terminal.stdout, () => []);
  else {
    const output = request.json === true ? terminal.stderr : terminal.stdout;
    const lines = planLines(
      withoutControlCharacters(plan),
      { target, isAll: request.all === true },
      screenOf(output),
    );
    printLines(lines, output);
  }
  if (isOver) return done;
  const question = `Publish ${countOf(plan.changes.length, "event")} that undo this (${actionsText(plan.actions)}) in ${targetText(target)}?`;
  if (request.yes !== true && !(await confirm(question, terminal, signal))) {
    terminal.stderr.write("Nothing was undone.\n");
    return incomplete;
  }
  const approval = { by: request.by, note: request.because ?? "", now: now() };
  return publishInSight(planned, approval, request, { ledger, signal, terminal });
}

async function publishInSight(
  { plan, drafts }: PlannedUndo,
  approval: { by: string; note: string; now: number },
  request: Pick<UndoOptions, "json">,
  { ledger, signal, terminal }: InSight,
): Promise<CommandResult> {
  const { target, undos } = ledger;
  const line = statusLine(terminal.stderr, Date.now);
  const published = await withCheckedBus<UndoReport>(target, (bus) =>
    publishUndo(drafts, approval, {
      undos,
      bus,
      sleep,
      random: Math.random,
      signal,
      redact: redactForDisplay(),
      onProgress: ({ done: sent, all }) => line.show(`Publishing: ${sent} of ${countOf(all, "event")}`),
    }),
  ).finally(() => line.clear());
  if ("kind" in published) return { kind: "failed", message: `${published.message}; nothing was undone` };
  if (request.json === true)
    printTargeted({ plan, published }, { json: true, target }, terminal.stdout, () => []);
  else printLines(resultLines(withoutControlCharacters(published), target), terminal.stdout);
  const left = published.failed.length + published.untouched;
  if (left === 0) return done;
  return {
    kind: "failed",
    message: `${left.toLocaleString("en")} of ${countOf(drafts.length, "event")} were not published; run the command again: what is undone is left alone`,
  };
}
