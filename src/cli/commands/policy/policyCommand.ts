import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { findDirectoryProblems } from "../../../directory/kinds/checkDirectories.ts";
import { accountTypesFinder } from "../../../directory/kinds/directoryKinds.ts";
import { inspectPolicy, type PolicyReport } from "../../../operations/settings/inspectPolicy.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import { afterSuspensionFinder } from "../../../policy/afterSuspension.ts";
import { listTrials } from "../../../policy/observation.ts";
import type { Policy, PolicyAccount } from "../../../policy/policy.ts";
import { limitsFinder, type SuspensionLimits } from "../../../policy/suspensionLimits.ts";
import { type CommandResult, done, incomplete, printReport, type RunCommand } from "../../commandResult.ts";
import { describeFileError } from "../../files.ts";
import type { Screen, Terminal } from "../../terminal.ts";
import { tableLines } from "../../textLayout.ts";

const help = `
Exit code: 0 if the policy is valid, 1 if not, 2 if it cannot be read.

Examples:
  rollcall policy check
  rollcall policy check policy.prod.yml
  rollcall policy check --json | jq '.problems[]'`;

interface PolicyCheckOptions {
  json?: boolean;
}

/** `rollcall policy check [FILE]` checks the policy before it is deployed. */
export function addPolicyCommand(program: Command, run: RunCommand): void {
  program
    .command("policy")
    .description("Check the policy: whose access is managed, and how.")
    .usage("COMMAND [options]")
    .command("check")
    .description(
      "Show what a policy means for each account, or which line is wrong and what is expected there.",
    )
    .argument("[file]", "the policy", "policy.yml")
    .option("--json", "print what is wrong as one JSON object")
    .addHelpText("after", help)
    .action((file: string, options: PolicyCheckOptions) =>
      run((terminal) => runPolicyCheck({ ...options, file }, terminal)),
    );
}

async function runPolicyCheck(
  { file, json }: PolicyCheckOptions & { file: string },
  { stdout }: Terminal,
): Promise<CommandResult> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return { kind: "misused", message: `cannot read ${file}: ${describeFileError(error)}` };
  }
  const inspection = inspectPolicy(file, text, findDirectoryProblems);
  printReport(inspection.report, json, stdout, (report, screen) =>
    inspection.kind === "valid"
      ? [screen.paint("green", `${file} is a valid policy.`), "", ...policyLines(inspection.policy, screen)]
      : problemLines(report),
  );
  return inspection.kind === "valid" ? done : incomplete;
}

function problemLines({ file, problems }: PolicyReport): string[] {
  return problems.map(
    ({ line, path, message }) => `${file}${line === undefined ? "" : `:${line}`}: ${path}: ${message}`,
  );
}

/** What a valid policy means for each account, for whoever has just written it. */
function policyLines(policy: Policy, screen: Screen): string[] {
  const limitsOf = limitsFinder(policy);
  const rows = policy.accounts.map((account) => ({
    cells: [account.id, whoText(account), limitsText(limitsOf(account.id)), licensesText(account)],
    details: [],
  }));
  return [
    ...tableLines(["ACCOUNT", "WHO", "SUSPENSIONS AT A TIME", "LICENSES"], rows, screen),
    "",
    `Never touched: ${exclusionsText(policy)}.`,
    `A leave of absence: ${policy.leaveOfAbsence?.do === "suspend" ? "suspended, as every leaver" : "ignored"}.`,
    ...afterSuspensionLines(policy),
    ...directoryLines(policy),
    ...trialLines(policy),
    `Events: ${policy.freshness === undefined ? "of any age" : `at most ${policy.freshness.maxAgeDays} days old`}.`,
  ];
}

function whoText({ domains, attributes = {} }: PolicyAccount): string {
  const asked = Object.entries(attributes).map(([name, patterns]) => `${name} ${patterns.join(" or ")}`);
  return [domains.join(", "), ...asked].join("; ");
}

function limitsText(limits: SuspensionLimits | undefined): string {
  if (limits === undefined) return "any number";
  const { atLeast, percent, windowMinutes } = limits;
  return `${atLeast} or ${percent} % in ${windowMinutes} min`;
}

function licensesText({ licensePerRole, defaultLicense }: PolicyAccount): string {
  const roles = Object.entries(licensePerRole).map(([role, license]) => `${role}: ${license}`);
  const others = defaultLicense === undefined ? [] : [`others: ${defaultLicense}`];
  return [...roles, ...others].join(", ") || "as they are";
}

/** No line for accounts of the default directory. */
function directoryLines({ accounts }: Policy): string[] {
  const typesOf = accountTypesFinder(accounts);
  return accounts.flatMap(({ id, directory }) => {
    if (directory === undefined) return [];
    const [type] = typesOf(id);
    const leavers = type?.suspension === "deletes" ? "deletes" : "suspends";
    return [`${id} is at ${type?.type} (${directory.baseUrl}), which ${leavers} leavers.`];
  });
}

function trialLines(policy: Policy): string[] {
  const names = listTrials(policy).map(({ name }) => name);
  return names.length === 0 ? [] : [`Observed only, without a call: ${names.join(", ")}.`];
}

/** No line where everything is off, as it is by default. */
function afterSuspensionLines(policy: Policy): string[] {
  const find = afterSuspensionFinder(policy);
  return policy.accounts.flatMap(({ id }) => {
    const { signOut, resetPin, license } = find(id);
    const texts = [
      ...(signOut ? ["signed out"] : []),
      ...(resetPin ? ["given a new PIN"] : []),
      ...(license ? [`down to ${license.to} after ${countOf(license.afterDays, "day")}`] : []),
    ];
    return texts.length === 0 ? [] : [`Leavers of ${id}: ${texts.join(", ")}.`];
  });
}

function exclusionsText({ exclusions = {} }: Policy): string {
  const { people = [], addresses = [], roles = [] } = exclusions;
  const counts: [number, string][] = [
    [people.length, "id"],
    [addresses.length, "address rule"],
    [roles.length, "role rule"],
  ];
  const texts = counts.filter(([count]) => count > 0).map(([count, noun]) => countOf(count, noun));
  return texts.join(", ") || "nobody";
}
