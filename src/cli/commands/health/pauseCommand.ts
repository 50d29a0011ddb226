import { type Command, Option } from "commander";
import {
  type PausePorts,
  type PauseReport,
  type PauseView,
  pauseScope,
  type ResumeReport,
  resumeScope,
} from "../../../operations/operatePauses.ts";
import { clockText, type TimeZone } from "../../../operations/words/plainWords.ts";
import { type Intent, pipelineNames } from "../../../pipelineSettings.ts";
import type { PauseScope } from "../../../safeguard/pauses.ts";
import { type CommandResult, done, incomplete, printTargeted, type RunCommand } from "../../commandResult.ts";
import { withLedger } from "../../composition.ts";
import { loadPolicy } from "../../files.ts";
import { hintText } from "../../hints.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addLedgerOptions,
  type LedgerOptions,
  operatorUnknown,
  policyOption,
} from "../../options.ts";
import { actorOf, type Target, targetText } from "../../target.ts";
import type { Terminal } from "../../terminal.ts";

const pauseHelp = `
The emergency stop: from the next batch on nothing is called, and a batch that is under
way stops within seconds. Nothing is lost: messages wait in their queues, however long it
takes, and none of them comes nearer to its dead-letter queue. The alarm "paused" rings
for as long as a pause is in force. Without --pipeline and --account everything stops.
Needs the permissions dynamodb:Query and UpdateItem on the table.
Exit code: 0 if it is paused, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall pause --because "the feed is wrong"                      everything
  rollcall pause --pipeline offboard --because "the feed is wrong"  nobody is suspended
  rollcall pause --account team-0001 --because "its admin asked us to"`;

const resumeHelp = `
Ends the pause of exactly this scope: without --pipeline and --account that is the pause of
everything. With --all it ends all of them. What waited is carried out within minutes, in
HR's order.
Needs the permissions dynamodb:GetItem and UpdateItem on the table.
Exit code: 0 if a pause ended, 1 if there was none, 2 if the command was called wrongly.

Examples:
  rollcall resume
  rollcall resume --pipeline offboard
  rollcall resume --all`;

interface ScopeOptions extends LedgerOptions {
  pipeline?: Intent;
  account?: string;
}

interface PauseOptions extends ScopeOptions, AuditOptions {
  /** Left out: `policy.yml` in the current folder, if there is one. */
  policy?: string;
}

interface ResumeOptions extends ScopeOptions {
  all?: boolean;
}

/** `rollcall pause` stops all calls, or some. */
export function addPauseCommand(program: Command, run: RunCommand): void {
  const command = addScopeOptions(program.command("pause").description("Stop all calls, or some, at once."));
  addLedgerOptions(addAuditOptions(command))
    .addOption(policyOption("with the accounts"))
    .addHelpText("after", pauseHelp)
    .action((options: PauseOptions) => run((terminal) => runPause(options, terminal)));
}

/** `rollcall resume` ends a pause. */
export function addResumeCommand(program: Command, run: RunCommand): void {
  const command = addScopeOptions(program.command("resume").description("End a pause."));
  addLedgerOptions(command.option("--all", "end all pauses"))
    .addHelpText("after", resumeHelp)
    .action((options: ResumeOptions) => run((terminal) => runResume(options, terminal)));
}

function addScopeOptions(command: Command): Command {
  return command
    .addOption(new Option("--pipeline <name>", "only this pipeline").choices(pipelineNames))
    .option("--account <id>", "only this account");
}

async function runPause(request: PauseOptions, terminal: Terminal): Promise<CommandResult> {
  const { because, account = "" } = request;
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const toChange = "dynamodb:Query and UpdateItem on the table";
  const options = { ...request, toChange, isUrgent: true };
  const used = await withLedger<CommandResult>(options, terminal, async (ledger) => {
    const { target, table } = ledger;
    const by = actorOf(request.by, target);
    if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was paused` };
    const ports: PausePorts = { ...ledger, policy: loaded.policy };
    const pausing = await pauseScope({ ...scopeOf(request), by, because }, ports);
    if (pausing.kind === "unknownAccount") {
      const { known } = pausing;
      const others = known.length === 0 ? "They know of none" : `They know ${known.join(", ")}`;
      const message = `neither the policy nor the ledger ${table} knows an account ${account}. ${others}; nothing was paused`;
      return { kind: "failed", message };
    }
    printTargeted(pausing.report, { ...request, target }, terminal.stdout, (report) =>
      pauseLines(report, target),
    );
    return done;
  });
  return used.kind === "used" ? used.value : used;
}

async function runResume(request: ResumeOptions, terminal: Terminal): Promise<CommandResult> {
  const { all = false } = request;
  const scope = scopeOf(request);
  if (all && Object.keys(scope).length > 0)
    return { kind: "misused", message: "--all ends every pause; leave --pipeline and --account out" };
  const toChange = "dynamodb:GetItem and UpdateItem on the table";
  const used = await withLedger({ ...request, toChange, isUrgent: true }, terminal, async (ledger) => {
    const { target } = ledger;
    const report = await resumeScope(all ? "all" : scope, ledger);
    printTargeted(report, { ...request, target }, terminal.stdout, (each) =>
      resumeLines(each, all ? "all" : scope, target),
    );
    return report.ended.length === 0 ? incomplete : done;
  });
  return used.kind === "used" ? used.value : used;
}

function scopeOf({ pipeline, account }: ScopeOptions): PauseScope {
  return { ...(pipeline !== undefined && { pipeline }), ...(account !== undefined && { account }) };
}

/** What was paused, and how to end it. */
function pauseLines({ pause, isNew }: PauseReport, target: Target): string[] {
  const before = isNew ? "" : "It was paused before, and that pause stays as it is. ";
  return [
    `Paused in ${targetText(target)}: ${pauseText(pause)}.`,
    `${before}Messages wait and nothing is lost. To end it:`,
    `  ${resumeCommand(pause, target)}`,
  ];
}

/** What goes on, and what is still paused. */
function resumeLines({ ended, left }: ResumeReport, asked: PauseScope | "all", target: Target): string[] {
  const resumed = ended.map((pause) => `Resumed in ${targetText(target)}: ${pauseText(pause)}.`);
  const none =
    asked === "all"
      ? `Nothing was paused in ${targetText(target)}.`
      : `There was no pause of ${scopeText(asked)} in ${targetText(target)}.`;
  return [
    ...(ended.length === 0 ? [none] : [...resumed, "What waited is carried out within minutes."]),
    ...left.flatMap((pause) => stillPaused(pause, target)),
  ];
}

/** `offboard, account team-0001, since 2026-05-14T12:00:00Z by grace: the feed is wrong` */
export function pauseText(pause: PauseView, zone: TimeZone = "utc"): string {
  return `${scopeText(pause)}, since ${clockText(pause.since, zone)} by ${pause.by}: ${pause.note}`;
}

type AnyScope = { [Name in keyof PauseScope]?: PauseScope[Name] | null };

function scopeText({ pipeline, account }: AnyScope): string {
  const ofAccount = account ? `account ${account}` : undefined;
  return [pipeline, ofAccount].filter(Boolean).join(", ") || "everything";
}

function stillPaused(pause: PauseView, target: Target): string[] {
  return [`Still paused: ${pauseText(pause)}. To end it:`, `  ${resumeCommand(pause, target)}`];
}

/** The command that ends a pause. */
export function resumeCommand({ pipeline, account }: PauseView, target: Target): string {
  const options = { pipeline: pipeline ?? undefined, account: account ?? undefined };
  return hintText(target, "resume", { options });
}
