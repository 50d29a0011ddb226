import type { Command } from "commander";
import { findDirectoryProblems } from "../../../directory/kinds/checkDirectories.ts";
import {
  type DirectoryInspection,
  inspectDirectories,
} from "../../../operations/settings/inspectDirectories.ts";
import { abilityTexts } from "../../../operations/words/directoryWords.ts";
import { pathText } from "../../../policy/checkPolicy.ts";
import { readingPermissionsText } from "../../awsFailures.ts";
import { type CommandResult, done, incomplete, printReport, type RunCommand } from "../../commandResult.ts";
import { loadPolicy } from "../../files.ts";
import { namedStage } from "../../openTarget.ts";
import { addDirectoryOptions, type DirectoryOptions, policyOption } from "../../options.ts";
import { localStage } from "../../target.ts";
import type { Screen, Terminal } from "../../terminal.ts";
import { openAccounts } from "../directory/openAccounts.ts";

const help = `
It asks what provisioning asks: the account, the first page of its users, and one of them by the
address. Nothing is changed, and nobody is named.
Needs AWS credentials with ${readingPermissionsText()}, or with ssm:GetParameter on
the parameters that the policy names as secrets, whichever its accounts need.
Exit code: 0 if every directory answered as it should, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall directory check
  rollcall directory check slack-main
  rollcall directory check --json | jq '.accounts[].can'`;

interface DirectoryCheckOptions extends DirectoryOptions {
  stage?: string;
  policy?: string;
  json?: boolean;
}

/** `rollcall directory check [ACCOUNT]` looks whether the directories answer, before anything depends on it. */
export function addDirectoryCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("directory")
    .description("Check the directories: whether they answer, and what they can do.")
    .usage("COMMAND [options]")
    .command("check")
    .description("Ask each account's directory what provisioning will ask, and change nothing.")
    .argument("[account]", "only this account of the policy")
    .addOption(policyOption("with the accounts"));
  addDirectoryOptions(command)
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action((account: string | undefined, options: DirectoryCheckOptions) =>
      run((terminal) => runDirectoryCheck(account, options, terminal)),
    );
}

async function runDirectoryCheck(
  named: string | undefined,
  { policy: policyFile, json, stage, ...options }: DirectoryCheckOptions,
  { stdout }: Terminal,
): Promise<CommandResult> {
  const loaded = loadPolicy(policyFile);
  if (loaded.kind !== "loaded") return loaded;
  const { policy } = loaded;
  if (policy === undefined)
    return {
      kind: "misused",
      message: "there is no policy.yml here, which says where the accounts are; name one with --policy",
    };
  const accounts = policy.accounts.filter(({ id }) => named === undefined || id === named);
  if (accounts.length === 0) {
    const known = policy.accounts.map(({ id }) => id).join(", ");
    return { kind: "misused", message: `the policy has no account ${named}; it has ${known}` };
  }
  const { directory, close } = openAccounts(accounts, options);
  try {
    const inspected = await inspectDirectories(
      accounts.map(({ id }) => id),
      directory,
    );
    const problems = findDirectoryProblems(policy, {
      isEmbedded: namedStage(stage) === localStage,
    }).map(({ path, message }) => `${pathText(path)}: ${message}`);
    const report = { accounts: inspected, problems };
    printReport(report, json, stdout, (clean, screen) => [
      ...clean.accounts.flatMap((inspection) => inspectionLines(inspection, screen)),
      ...clean.problems.map((problem) => screen.paint("red", `The policy: ${problem}`)),
    ]);
    return problems.length === 0 && inspected.every(({ ok }) => ok) ? done : incomplete;
  } finally {
    close();
  }
}

const stepNames = { account: "reached", users: "credentials", user: "look-up" } as const;

function inspectionLines({ accountId, type, steps, can }: DirectoryInspection, { paint }: Screen): string[] {
  return [
    paint("bold", type === null ? accountId : `${accountId} (${type})`),
    ...steps.map(({ step, ok, detail, code }) => {
      const told = code === undefined ? detail : `${code}: ${detail}`;
      return `  ${ok ? paint("green", "ok") : paint("red", "failed")}  ${stepNames[step]}: ${told}`;
    }),
    ...(can === null ? [] : abilityTexts(can).map((text) => `  ${text}`)),
    "",
  ];
}
