import type { Command } from "commander";
import { findDirectoryProblems } from "../../../directory/kinds/checkDirectories.ts";
import {
  type CheckReport,
  type DiagnosisReport,
  diagnose,
  type Finding,
  type Probe,
} from "../../../operations/settings/diagnose.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import { pathText } from "../../../policy/checkPolicy.ts";
import { type CommandResult, done, incomplete, printReport, type RunCommand } from "../../commandResult.ts";
import { type LoadedPolicy, loadPolicy } from "../../files.ts";
import { type OpenedTarget, openTarget } from "../../openTarget.ts";
import {
  addQueueOptions,
  type DirectoryOptions,
  directoryEndpointOptions,
  endpointOption,
  policyOption,
  type TargetOptions,
} from "../../options.ts";
import { isLoopback, targetText, toTargetReport } from "../../target.ts";
import type { Screen, Terminal, TextStyle } from "../../terminal.ts";
import { wrapWords } from "../../textLayout.ts";
import { directoryProbes, stageProbes } from "./doctorProbes.ts";

const help = `
It looks at what the commands and the service need: the policy, the region, the credentials,
the stage's ledger, queues and event bus with the permissions to read them, the clock, and
each account's directory. Nothing is changed, and nobody is named. What depends on a part
that failed is skipped. What only writing would show is not tried.
Exit code: 0 if nothing failed, warnings included; 1 if something did; 2 if the command was
called wrongly.

Examples:
  rollcall doctor
  rollcall doctor --stage prod
  rollcall doctor --json | jq '.checks[] | select(.state == "failed")'`;

interface DoctorOptions extends TargetOptions, DirectoryOptions {
  /** SQS's. */
  endpoint?: string;
  /** DynamoDB's. */
  tableEndpoint?: string;
  /** EventBridge's. */
  busEndpoint?: string;
  policy?: string;
  json?: boolean;
}

/** `rollcall doctor` says what is wrong around the commands, and what to do about it. */
export function addDoctorCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("doctor")
    .description("Look for what is wrong: credentials, stack, permissions, policy, clock, directories.");
  addQueueOptions(command, ["stack", "table", "bus"])
    .addOption(endpointOption("EventBridge", "AWS_ENDPOINT_URL_EVENTBRIDGE", "--bus-endpoint"))
    .addOption(policyOption("with the accounts"));
  for (const option of directoryEndpointOptions()) command.addOption(option);
  command
    .addHelpText("after", help)
    .action((options: DoctorOptions) => run((terminal) => runDoctor(options, terminal)));
}

async function runDoctor(request: DoctorOptions, terminal: Terminal): Promise<CommandResult> {
  const { endpoint, tableEndpoint, busEndpoint, directoryEndpoint } = request;
  const loaded = loadPolicy(request.policy);
  const endpoints = {
    sqs: endpoint,
    dynamodb: tableEndpoint,
    eventBridge: busEndpoint,
    directory: directoryEndpoint,
  };
  const resources = ["stack", "table", "bus"] as const;
  const opened = await openTarget(request, { resources, endpoints }, terminal);
  const policy = loaded.kind === "loaded" ? loaded.policy : undefined;
  const report = await diagnose([
    policyProbe(loaded, isOnThisComputer(opened)),
    ...targetProbes(opened),
    ...(opened.kind === "opened" ? stageProbes(opened.target) : []),
    ...directoryProbes(policy, request),
  ]);
  const target = opened.kind === "opened" ? toTargetReport(opened.target) : null;
  const where = opened.kind === "opened" ? targetText(opened.target) : undefined;
  printReport({ target, ...report }, request.json, terminal.stdout, (clean, screen) =>
    doctorLines(clean, where, screen),
  );
  return report.ok ? done : incomplete;
}

function isOnThisComputer(opened: OpenedTarget): boolean {
  return opened.kind === "opened" && Object.values(opened.target.endpoints).some(isLoopback);
}

/** On this computer a policy may name addresses that cannot be deployed. */
function policyProbe(loaded: LoadedPolicy, isLocal: boolean): Probe {
  const look = async (): Promise<Finding> => {
    if (loaded.kind !== "loaded")
      return { state: "failed", detail: loaded.message, remedy: "rollcall policy check shows every fault" };
    if (loaded.policy === undefined)
      return {
        state: "warning",
        detail: "there is no policy.yml here, so that no account is known",
        remedy: "run it in the folder that has one, or name it with --policy",
      };
    const problems = findDirectoryProblems(loaded.policy).map(
      ({ path, message }) => `${pathText(path)}: ${message}`,
    );
    if (problems.length > 0)
      return {
        state: isLocal ? "warning" : "failed",
        detail: problems.join("; "),
        remedy: "mend policy.yml: it cannot be deployed so",
      };
    return { state: "ok", detail: `valid, with ${countOf(loaded.policy.accounts.length, "account")}` };
  };
  return { name: "policy", needs: [], look };
}

/** Both were found out when the target was opened. */
function targetProbes(opened: OpenedTarget): Probe[] {
  const region = async (): Promise<Finding> =>
    opened.kind === "opened"
      ? { state: "ok", detail: opened.target.region }
      : {
          state: "failed",
          detail: opened.message,
          remedy: "name one with --region or AWS_REGION, or another target",
        };
  const credentials = async (): Promise<Finding> => {
    if (opened.kind !== "opened")
      return { state: "failed", detail: opened.message, remedy: "name another target" };
    const { account, caller, unknownBecause } = opened.target;
    if (unknownBecause !== undefined)
      return { state: "failed", detail: unknownBecause, remedy: "sign in again, or check AWS_PROFILE" };
    if (account === undefined) return { state: "ok", detail: "none are needed on this computer" };
    return { state: "ok", detail: `${caller ?? "somebody"}, of the account ${account}` };
  };
  return [
    { name: "region", needs: [], look: region },
    { name: "credentials", needs: ["region"], look: credentials },
  ];
}

const styles: Record<CheckReport["state"], TextStyle> = {
  ok: "green",
  warning: "yellow",
  failed: "red",
  skipped: "dim",
};

function doctorLines({ checks, ok }: DiagnosisReport, where: string | undefined, screen: Screen): string[] {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const indent = " ".repeat(width + 11);
  const room = Math.max(30, Math.min(screen.width, 120) - indent.length);
  const lines = checks.flatMap(({ check, state, detail, remedy }) => {
    const [first = "", ...others] = wrapWords(detail, room);
    const todo = remedy === null ? [] : wrapWords(`-> ${remedy}`, room);
    return [
      `${screen.paint(styles[state], state.padEnd(7))}  ${check.padEnd(width)}  ${first}`,
      ...[...others, ...todo].map((line) => `${indent}${line}`),
    ];
  });
  const wrong = checks.filter(({ state }) => state === "failed").length;
  const place = where === undefined ? "" : ` in ${where}`;
  const warned = checks.filter(({ state }) => state === "warning").length;
  const warnings = warned === 0 ? "" : `, with ${countOf(warned, "warning")}`;
  const summary = ok ? `Nothing failed${warnings}` : `${countOf(wrong, "check")} failed${warnings}`;
  return [...lines, "", `${summary}${place}.`];
}
