import { randomUUID } from "node:crypto";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { DirectoryUser, PostSuspensionAction } from "../../../directory/directory.ts";
import { actOnUser } from "../../../operations/directory/actOnUser.ts";
import { listUsers } from "../../../operations/directory/listAccountUsers.ts";
import { showUser } from "../../../operations/directory/showUser.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
  runInterruptibly,
} from "../../commandResult.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addLedgerOptions,
  directoryEndpointOptions,
  operatorUnknown,
  policyOption,
} from "../../options.ts";
import { actorOf, targetText } from "../../target.ts";
import { confirm, nobodyToAsk, statusLine, type Terminal } from "../../terminal.ts";
import { withoutControlCharacters } from "../../textLayout.ts";
import {
  accountNeeded,
  type DirectoryRequest,
  journalPermissions,
  toCommandFailure,
  withDirectoryTarget,
} from "./directoryTarget.ts";
import { actedLines, actionWords, notFoundText, showLines, userLines, userText } from "./userLines.ts";

const help = `
These commands ask the directories themselves: what an account has, whatever the ledger
says. A change by hand has no place in the order of HR's decisions, so the next event
about the person may change it again. To suspend, invite or license somebody, publish an
event: rollcall publish.

Examples:
  rollcall user list --account team-0001 --status suspended
  rollcall user show ada@example.com
  rollcall user sign-out P-T0042 --because "a stolen laptop"`;

const listHelp = `
Addresses are masked, unless --reveal asks for them. An address is looked up, and finds
people; rooms and other shared devices are listed with --type device.
Needs what rollcall directory check needs.
Exit code: 0, also if there is none; 1 if an account could not be read; 2 if the command
was called wrongly.

Examples:
  rollcall user list --email ada@example.com
  rollcall user list --account team-0001 --status suspended --limit 50
  rollcall user list --type device --json | jq -r '.users[].userId'`;

const showHelp = `
WHO is a person's id in HR, an e-mail address, or the directory's id of a user. The
directories of all accounts of the policy are asked, or that of --account. Beside their
answers stands what the ledger says: what was decided and done, by events and by hand.
Names, numbers and addresses are masked, unless --reveal asks for them. No PIN is shown.
Needs what rollcall directory check needs, the permission to read one user, and
dynamodb:Query on the table and on its indexes.
Exit code: 0 if an account has the user, 1 if none has or if one could not be read, 2 if
the command was called wrongly.

Examples:
  rollcall user show P-T0042
  rollcall user show ada@example.com --reveal
  rollcall user show 7d2e… --account team-0001 --json`;

const actionHelp: Record<PostSuspensionAction, string> = {
  signOut: `
Ends every session of the user, who may sign in again unless suspended. It asks, and the
journal says who did it and why. No event does this alone: with afterSuspension.signOut
in the policy a leaver is signed out after the suspension, in order.
WHO is a person's id in HR, an e-mail address, or the directory's id of a user. A shared
device is refused.
Needs what user show needs, dynamodb:PutItem on the table, and the call's own permission.
Exit code: 0 if the user is signed out, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall user sign-out P-T0042 --because "a stolen laptop"
  rollcall user sign-out ada@example.com --account team-0001 --because "hr-17 was NotSignedOut" --yes`,
  resetPin: `
Replaces the personal PIN, so that the old one opens no meeting. The new one is not shown:
it is the user's. It asks, and the journal says who did it and why. No event does this
alone: with afterSuspension.resetPin in the policy a leaver gets another after the
suspension, in order.
WHO is a person's id in HR, an e-mail address, or the directory's id of a user. A shared
device is refused.
Needs what user show needs, dynamodb:PutItem on the table, and the call's own permission.
Exit code: 0 if the PIN is another one, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall user reset-pin P-T0042 --because "the PIN was in a mail"
  rollcall user reset-pin ada@example.com --account team-0001 --because "hr-17 was PinNotReset" --yes`,
};

interface ListOptions extends DirectoryRequest {
  email?: string;
  type?: DirectoryUser["type"];
  status?: DirectoryUser["state"];
  limit: number;
  reveal?: boolean;
}

interface ShowOptions extends DirectoryRequest {
  reveal?: boolean;
}

interface ActOptions extends DirectoryRequest, AuditOptions {
  yes?: boolean;
}

const types = ["person", "device"] as const satisfies DirectoryUser["type"][];
const states = ["active", "invited", "lapsed", "suspended"] as const satisfies DirectoryUser["state"][];

/** `rollcall user` lists and shows users as their directories have them, signs one out, or replaces the PIN. */
export function addUserCommand(program: Command, run: RunCommand): void {
  const user = program
    .command("user")
    .description("Ask the directories about users; sign one out, or replace the PIN.")
    .usage("COMMAND [options]")
    .addHelpText("after", help);
  const list = user
    .command("list")
    .description("List users as the directories have them.")
    .option("--email <address>", "only whoever has this address")
    .addOption(new Option("--type <type>", "only people, or only shared devices").choices(types))
    .addOption(new Option("--status <status>", "only those of this status").choices(states))
    .addOption(new Option("--limit <n>", "at most so many").argParser(toLimit).default(200))
    .option("--reveal", "show e-mail addresses in full");
  addDirectoryTargetOptions(list)
    .addHelpText("after", listHelp)
    .action((options: ListOptions) => run((terminal) => runList(options, terminal)));
  const show = user
    .command("show")
    .description("Show a user as the directories have it, beside what the ledger says.")
    .argument("<who>", "a person's id, an e-mail address, or the directory's id", parseWho)
    .option("--reveal", "show e-mail addresses, names and numbers in full");
  addDirectoryTargetOptions(show)
    .addHelpText("after", showHelp)
    .action((who: string, options: ShowOptions) => run((terminal) => runShow(who, options, terminal)));
  for (const action of ["signOut", "resetPin"] as const) {
    const { command: name, description } = actionWords[action];
    const command = user
      .command(name)
      .description(description)
      .argument("<who>", "a person's id, an e-mail address, or the directory's id", parseWho);
    addDirectoryTargetOptions(addAuditOptions(command).option("--yes", "do not ask"))
      .addHelpText("after", actionHelp[action])
      .action((who: string, options: ActOptions) =>
        run((terminal) => runAction(action, who, options, terminal)),
      );
  }
}

/** The options of commands that ask directories and the ledger. */
function addDirectoryTargetOptions(command: Command): Command {
  command
    .option("--account <id>", "this account, in the policy or not (default: those of the policy)")
    .addOption(policyOption("with the accounts"));
  for (const option of directoryEndpointOptions()) command.addOption(option);
  return addLedgerOptions(command);
}

function parseWho(text: string): string {
  const who = text.trim();
  if (who !== "") return who;
  throw new InvalidArgumentError(
    "Expected a person's id, an e-mail address, or the directory's id of a user.",
  );
}

const mostListed = 100_000;

function toLimit(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= mostListed) return count;
  throw new InvalidArgumentError(`Expected a number from 1 to ${mostListed.toLocaleString("en")}.`);
}

function runList(request: ListOptions, terminal: Terminal): Promise<CommandResult> {
  const { reveal: isRevealed = false, limit, email, type, status } = request;
  return runInterruptibly("Interrupted: what was read by now follows.", terminal, (signal) =>
    withDirectoryTarget(request, {}, terminal, async ({ target, accounts, directory }) => {
      if (accounts.length === 0) return { kind: "misused", message: accountNeeded };
      const line = statusLine(terminal.stderr, Date.now);
      let read = 0;
      const onUsers = (count: number) => {
        read += count;
        line.show(`reading the directory: ${countOf(read, "user")}`);
      };
      const filter = {
        ...(email !== undefined && { email }),
        ...(type !== undefined && { type }),
        ...(status !== undefined && { status }),
      };
      const ports = { directory, accounts, limit, isRevealed, onUsers, signal };
      const report = await listUsers(filter, ports).finally(() => line.clear());
      printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
        userLines(clean, target, screen),
      );
      return report.failures.length === 0 ? done : firstFailure(report.failures);
    }),
  );
}

function runShow(who: string, request: ShowOptions, terminal: Terminal): Promise<CommandResult> {
  const { reveal: isRevealed = false } = request;
  return withDirectoryTarget(request, {}, terminal, async ({ target, ledger, ...open }) => {
    if (open.accounts.length === 0) return { kind: "misused", message: accountNeeded };
    const { history, table, now } = ledger;
    const report = await showUser(who, { ...open, history, table, now, isRevealed });
    printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
      showLines(clean, target, screen, Date.now()),
    );
    if (report.failures.length > 0) return firstFailure(report.failures);
    return report.users.length > 0
      ? done
      : { kind: "failed", code: "notFound", message: notFoundText(who, open.accounts, target) };
  });
}

function firstFailure([first, ...others]: readonly { accountId: string; code: string; message: string }[]) {
  const rest = others.length === 0 ? "" : `, and ${countOf(others.length, "other account")} too`;
  const { accountId = "", code = "", message = "" } = first ?? {};
  return toCommandFailure({ code, message: `${message} (account ${accountId}${rest})` });
}

/** Signs out, or replaces the PIN, after a question. */
async function runAction(
  action: PostSuspensionAction,
  who: string,
  request: ActOptions,
  terminal: Terminal,
): Promise<CommandResult> {
  const { yes = false, because } = request;
  const { ask, past, verb } = actionWords[action];
  const nothing = `nobody was ${past}`;
  if (!yes && !terminal.stdin.isTTY) return { kind: "misused", message: `${nobodyToAsk(verb)}; ${nothing}` };
  return withDirectoryTarget(request, { toChange: journalPermissions }, terminal, async (open) => {
    const { target, ledger, accounts } = open;
    if (accounts.length === 0) return { kind: "misused", message: accountNeeded };
    const by = actorOf(request.by, target);
    if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; ${nothing}` };
    const acted = await actOnUser(
      { action, asked: who, by, because },
      {
        ...open,
        ...ledger,
        newId: randomUUID,
        confirm: async (user, account) => {
          if (yes) return true;
          printLines(withoutControlCharacters(userText(user, account)), terminal.stderr);
          return confirm(`${ask} in ${targetText(target)}?`, terminal, new AbortController().signal);
        },
      },
    );
    switch (acted.kind) {
      case "declined":
        terminal.stderr.write(`Nobody was ${past}.\n`);
        return incomplete;
      case "notFound":
        return acted.failures.length > 0
          ? firstFailure(acted.failures)
          : {
              kind: "failed",
              code: "notFound",
              message: `${notFoundText(who, accounts, target)}; ${nothing}`,
            };
      case "ambiguous": {
        const named = acted.accounts.join(", ");
        return {
          kind: "failed",
          message: `several accounts have ${who}: ${named}; name one with --account. ${nothing}`,
        };
      }
      case "device": {
        const message = `the user ${acted.user.userId} of ${acted.user.accountId} is a shared device, and nobody of HR; ${nothing}`;
        return { kind: "failed", message };
      }
      case "shared": {
        const { user, others } = acted;
        const message = `the address of ${who} is that of ${others.join(", ")} too, by the ledger: name the user by the directory's id (${user.userId}), if it is the right one; ${nothing}`;
        return { kind: "failed", message };
      }
      case "impossible": {
        const { accountId, type } = acted.account;
        return {
          kind: "failed",
          message: `the directory of ${accountId} (${type}) has no such call: ${verb} there by hand; ${nothing}`,
        };
      }
      case "done": {
        const { report } = acted;
        printTargeted(report, { ...request, target }, terminal.stdout, (clean) => actedLines(clean, target));
        const { code = "", failure } = report;
        return failure === undefined ? done : toCommandFailure({ code, message: failure });
      }
    }
  });
}
