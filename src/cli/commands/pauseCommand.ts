import { type Command, Option } from "commander";
import { timeText } from "../../operations/displayText.ts";
import {
  type PausePorts,
  type PauseReport,
  type PauseView,
  pauseScope,
  type ResumeReport,
  resumeScope,
} from "../../operations/operatePauses.ts";
import { type Intent, pipelineNames } from "../../pipelineSettings.ts";
import type { PauseScope } from "../../safeguard/pauses.ts";
import { type CommandResult, done, incomplete, printReport, type RunCommand } from "../commandResult.ts";
import { withLedger } from "../composition.ts";
import { loadPolicy } from "../files.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addLedgerOptions,
  type LedgerOptions,
  operatorUnknown,
  policyOption,
} from "../options.ts";
import type { Terminal } from "../terminal.ts";

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

async function runPause(request: PauseOptions, { stdout }: Terminal): Promise<CommandResult> {
  const { by, because, table, json, account = "" } = request;
  if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was paused` };
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const toChange = "dynamodb:Query and UpdateItem on the table";
  const used = await withLedger({ ...request, toChange }, (ledger) => {
    const ports: PausePorts = { ...ledger, policy: loaded.policy };
    return pauseScope({ ...scopeOf(request), by, because }, ports);
  });
  if (used.kind !== "used") return used;
  if (used.value.kind === "unknownAccount") {
    const { known } = used.value;
    const others = known.length === 0 ? "They know of none" : `They know ${known.join(", ")}`;
    const message = `neither the policy nor the ledger ${table} knows an account ${account}. ${others}; nothing was paused`;
    return { kind: "failed", message };
  }
  printReport(used.value.report, json, stdout, pauseLines);
  return done;
}

async function runResume(request: ResumeOptions, { stdout }: Terminal): Promise<CommandResult> {
  const { all = false, json } = request;
  const scope = scopeOf(request);
  if (all && Object.keys(scope).length > 0)
    return { kind: "misused", message: "--all ends every pause; leave --pipeline and --account out" };
  const toChange = "dynamodb:GetItem and UpdateItem on the table";
  const used = await withLedger({ ...request, toChange }, (ledger) =>
    resumeScope(all ? "all" : scope, ledger),
  );
  if (used.kind !== "used") return used;
  const report = used.value;
  printReport(report, json, stdout, (each) => resumeLines(each, scope));
  return report.ended.length === 0 ? incomplete : done;
}

function scopeOf({ pipeline, account }: ScopeOptions): PauseScope {
  return { ...(pipeline !== undefined && { pipeline }), ...(account !== undefined && { account }) };
}

/** What was paused, and how to end it. */
function pauseLines({ table, pause, isNew }: PauseReport): string[] {
  const before = isNew ? "" : "It was paused before, and that pause stays as it is. ";
  return [
    `Paused in ${table}: ${pauseText(pause)}.`,
    `${before}Messages wait and nothing is lost. ${resumeCommand(pause)} ends it.`,
  ];
}

/** What goes on, and what is still paused. */
function resumeLines({ table, ended, left }: ResumeReport, asked: PauseScope): string[] {
  const resumed = ended.map((pause) => `Resumed in ${table}: ${pauseText(pause)}.`);
  const none = `There was no pause of ${scopeText(asked)} in ${table}.`;
  return [
    ...(ended.length === 0 ? [none] : [...resumed, "What waited is carried out within minutes."]),
    ...left.map((pause) => `Still paused: ${pauseText(pause)}; ${resumeCommand(pause)} ends it.`),
  ];
}

/** `offboard, account team-0001, since 2026-05-14T12:00:00Z by grace: the feed is wrong` */
export function pauseText(pause: PauseView): string {
  return `${scopeText(pause)}, since ${timeText(pause.since)} by ${pause.by}: ${pause.note}`;
}

type AnyScope = { [Name in keyof PauseScope]?: PauseScope[Name] | null };

function scopeText({ pipeline, account }: AnyScope): string {
  const ofAccount = account ? `account ${account}` : undefined;
  return [pipeline, ofAccount].filter(Boolean).join(", ") || "everything";
}

/** The command that ends a pause. */
export function resumeCommand({ pipeline, account }: PauseView): string {
  return `rollcall resume${pipeline ? ` --pipeline ${pipeline}` : ""}${account ? ` --account ${account}` : ""}`;
}
