import type { Command } from "commander";
import {
  type AccountListReport,
  type AccountReport,
  type AccountShowReport,
  listAccounts,
  type ShowAccountPorts,
  showAccount,
} from "../../../operations/directory/showAccounts.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import { type CommandResult, done, incomplete, printTargeted, type RunCommand } from "../../commandResult.ts";
import type { OpenLedger } from "../../composition.ts";
import { addLedgerOptions, directoryEndpointOptions, policyOption } from "../../options.ts";
import { type Target, targetText } from "../../target.ts";
import { type Screen, type Terminal, writeWarning } from "../../terminal.ts";
import { tableLines } from "../../textLayout.ts";
import { actLines } from "../historyLines.ts";
import { type DirectoryRequest, withDirectoryTarget } from "./directoryTarget.ts";

const help = `
An account is listed if the credentials reach it, and if the policy has it. Who belongs to
an account is what policy.yml says.

Examples:
  rollcall account list
  rollcall account show team-0001`;

const listHelp = `
Exit code: 0; 1 if the accounts could not be read, or if the credentials do not reach one
of the policy; 2 if the command was called wrongly.

Examples:
  rollcall account list --name Sales
  rollcall account list --user-email ada@example.com
  rollcall account list --json | jq -r '.accounts[] | select(.domains == null).accountId'`;

const showHelp = `
For an account that the policy does not have it prints what could stand in policy.yml: the
domains are those of its first users, to be judged, and a trial keeps it from any call.
The calls that operators made by hand are those of the last 396 days.
Needs dynamodb:Query on the table for them.
Exit code: 0 if there is such an account, 1 if not or if it cannot be read, 2 if the
command was called wrongly.

Examples:
  rollcall account show team-0001
  rollcall account show 5fdb… --json | jq -r .stub`;

interface ListOptions extends Omit<DirectoryRequest, "account"> {
  name?: string;
  userEmail?: string;
}

/** `rollcall account` lists and shows accounts as their directories describe them, in the policy or not. */
export function addAccountCommand(program: Command, run: RunCommand): void {
  const account = program
    .command("account")
    .description("List and show accounts, in the policy or not.")
    .usage("COMMAND [options]")
    .addHelpText("after", help);
  const list = account
    .command("list")
    .description("List the accounts that the credentials reach, and those of the policy.")
    .option("--name <beginning>", "only those whose name begins so")
    .option("--user-email <address>", "only the one that has a user of this address");
  addOptions(list)
    .addHelpText("after", listHelp)
    .action((options: ListOptions) => run((terminal) => runList(options, terminal)));
  const show = account
    .command("show")
    .description("Show an account, what it can do, and what of it the policy says.")
    .argument("<account>", "its id at the directory");
  addOptions(show)
    .addHelpText("after", showHelp)
    .action((id: string, options: DirectoryRequest) => run((terminal) => runShow(id, options, terminal)));
}

function addOptions(command: Command): Command {
  command.addOption(policyOption("with the accounts"));
  for (const option of directoryEndpointOptions()) command.addOption(option);
  return addLedgerOptions(command);
}

function runList(request: ListOptions, terminal: Terminal): Promise<CommandResult> {
  const { name, userEmail } = request;
  const filter = { ...(name !== undefined && { name }), ...(userEmail !== undefined && { userEmail }) };
  return withDirectoryTarget(request, {}, terminal, async ({ target, ...ports }) => {
    const report = await listAccounts(filter, ports);
    printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
      listLines(clean, target, screen),
    );
    return report.unreached.length === 0 ? done : incomplete;
  });
}

function runShow(account: string, request: DirectoryRequest, terminal: Terminal): Promise<CommandResult> {
  return withDirectoryTarget({ ...request, account }, {}, terminal, async ({ target, ledger, ...ports }) => {
    const report = await showAccount(account, { ...ports, acts: actsOrWarning(ledger, terminal) });
    printTargeted(report, { ...request, target }, terminal.stdout, showLines);
    return done;
  });
}

/** An account is shown although the ledger does not answer. */
function actsOrWarning({ acts, explainFailure }: OpenLedger, terminal: Terminal): ShowAccountPorts["acts"] {
  return {
    async ofAccount(accountId, most) {
      try {
        return await acts.ofAccount(accountId, most);
      } catch (error) {
        const why = explainFailure(error);
        writeWarning(terminal, `The ledger does not say what was done by hand: ${why}.`);
        return undefined;
      }
    },
  };
}

function listLines(
  { accounts, unreached, hasPolicy }: AccountListReport,
  target: Target,
  screen: Screen,
): string[] {
  const rows = accounts.map((account) => ({
    cells: [account.accountId, account.type, ...statusCell(account), policyText(account, hasPolicy)],
    details: account.name === null || account.name === account.accountId ? [] : [account.name],
  }));
  const table = tableLines(["ACCOUNT", "TYPE", "STATUS", "POLICY"], rows, screen);
  return [
    ...(accounts.length === 0 ? [] : [...table, ""]),
    ...unreached.map((id) =>
      screen.paint("red", `The policy has ${id}, and these credentials do not reach it.`),
    ),
    `${countOf(accounts.length, "account")} in ${targetText(target)}.`,
  ];
}

function statusCell({ active }: AccountReport) {
  return [active ? "active" : { text: "suspended", style: "yellow" as const }];
}

function policyText({ domains }: AccountReport, hasPolicy: boolean): string {
  if (!hasPolicy) return "none read";
  return domains === null ? "not in it" : domains.join(", ");
}

function showLines(report: AccountShowReport, screen: Screen): string[] {
  const { accountId, name, type, active, facts, domains, can, stub, acts } = report;
  const abilities: [string, string][] =
    can === null
      ? []
      : [
          ["licenses", typeof can.licenses === "string" ? can.licenses : can.licenses.join(", ") || "none"],
          ["a suspension", can.suspension === "deletes" ? "deletes the user" : "keeps the user"],
        ];
  const told = Object.entries({ ...Object.fromEntries(abilities), ...facts });
  const policy = domains === null ? "does not have it" : `people of ${domains.join(", ")}`;
  const rows: [string, string][] = [...told, ["policy", policy]];
  const width = Math.max(...rows.map(([label]) => label.length));
  const state = active ? "" : screen.paint("yellow", ", suspended: no call would be made");
  const done = acts === null ? [] : actLines(acts, screen);
  return [
    `${screen.paint("bold", name === null || name === accountId ? accountId : `${accountId} "${name}"`)} (${type}${state})`,
    ...rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    ...(stub === null ? [] : ["", "For policy.yml:", ...stub.split("\n")]),
    ...(done.length === 0 ? [] : ["", ...done]),
  ];
}
