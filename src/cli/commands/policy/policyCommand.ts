import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { findDirectoryProblems } from "../../../directory/kinds/checkDirectories.ts";
import { accountTypesFinder } from "../../../directory/kinds/directoryKinds.ts";
import { inspectPolicy, type PolicyReport } from "../../../operations/settings/inspectPolicy.ts";
import { policyWords } from "../../../operations/words/policyWords.ts";
import type { Policy } from "../../../policy/policy.ts";
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
  const { accounts, sentences } = policyWords(policy, accountTypesFinder(policy.accounts));
  const rows = accounts.map(({ id, who, limits, licenses }) => ({
    cells: [id, who, limits, licenses],
    details: [],
  }));
  return [
    ...tableLines(["ACCOUNT", "WHO", "SUSPENSIONS AT A TIME", "LICENSES"], rows, screen),
    "",
    ...sentences,
  ];
}
