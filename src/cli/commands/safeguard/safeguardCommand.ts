import { type Command, InvalidArgumentError, Option } from "commander";
import { dayMilliseconds } from "../../../events/eventTime.ts";
import { timeText } from "../../../operations/displayText.ts";
import {
  type AllowanceReport,
  grantAllowance,
  readSafeguard,
  resetSafeguard,
  takeBackAllowance,
} from "../../../operations/operateSafeguard.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
} from "../../commandResult.ts";
import { addAuditOptions, addLedgerOptions, parseUntil, policyOption } from "../../options.ts";
import { targetText } from "../../target.ts";
import { confirm, nobodyToAsk, type Terminal } from "../../terminal.ts";
import {
  allowanceLines,
  crossingText,
  disallowanceLines,
  replacedText,
  resetLines,
  statusLines,
} from "./safeguardLines.ts";
import {
  type ChangeOptions,
  changeSafeguard,
  type SafeguardOptions,
  unknownAccount,
  withSafeguard,
} from "./safeguardTarget.ts";

const help = `
Suspensions beyond the policy's limit in a rolling window are held, because a wrong feed
must not suspend everybody. The first that is held closes the account's latch: from then
on all are held, until somebody has looked at the feed and resets it. Hires, returns and
license changes are never held.

Examples:
  rollcall safeguard status                       is anything held, and why?
  rollcall safeguard allow --account team-0001 --count 600 --until 2h --because "a plant closes"
  rollcall safeguard disallow --account team-0001 --because "the plant stays open"
  rollcall safeguard reset --account team-0001 --because "the feed is right again"`;

const statusHelp = `
The limit is the policy's: so many people at least, or a percentage of the active users.
Times are UTC.
Needs the permission dynamodb:Query on the table and on its indexes.
Exit code: 0, also while a latch is closed; 1 if the ledger cannot be read or knows no
such account; 2 if the command was called wrongly.

Examples:
  rollcall safeguard status --stage prod
  rollcall safeguard status --account team-0001 --policy policy.yml
  rollcall safeguard status --json | jq '.accounts[] | select(.latch.state == "closed").accountId'`;

const allowHelp = `
For a mass leave that is right: a plant that closes, a contract that ends. It is used up
before the limit counts anything, and takes the place of an earlier one. Those who are
held already are released with rollcall held release.
Needs the permissions dynamodb:Query, GetItem and PutItem on the table.
Exit code: 0 if they are allowed, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall safeguard allow --account team-0001 --count 600 --until 2h --because "a plant closes"
  rollcall safeguard allow --account team-0001 --count 80 --until 2026-06-30T18:00:00Z --because "interns leave"`;

const disallowHelp = `
What is left of an allowance is taken back: suspensions count against the limit again, and
are held behind a closed latch. Those that passed by then have passed.
Needs the permissions dynamodb:Query, GetItem and PutItem on the table.
Exit code: 0 if nothing is allowed any more, 1 if it may be, 2 if the command was called
wrongly.

Examples:
  rollcall safeguard disallow --account team-0001 --because "the plant stays open"`;

const resetHelp = `
Suspensions that come from now on pass up to the limit, of which those of the window are
still a part. What was held stays held until it is released or discarded.
Needs the permissions dynamodb:Query, GetItem and PutItem on the table.
Exit code: 0 if the latch is open, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall safeguard reset --account team-0001 --because "the feed is right again"
  rollcall safeguard reset --account team-0001 --because "a drill" --by eve --yes`;

interface StatusOptions extends SafeguardOptions {
  account?: string;
}

interface AllowOptions extends ChangeOptions {
  count: number;
  /** By what time it is now. Milliseconds since the epoch. */
  until: (now: number) => number;
}

/** `rollcall safeguard` shows, loosens and resets the limit on mass suspensions. */
export function addSafeguardCommand(program: Command, run: RunCommand): void {
  const safeguard = program
    .command("safeguard")
    .description("Show the limit on mass suspensions, allow more, or reset it.")
    .usage("COMMAND [options]")
    .addHelpText("after", help);
  addStatusCommand(safeguard, run);
  addAllowCommand(safeguard, run);
  addChangeCommand(safeguard, run, {
    name: "disallow",
    description: "Take back what is left of an allowance.",
    help: disallowHelp,
    change: runDisallow,
  });
  addChangeCommand(safeguard, run, {
    name: "reset",
    description: "Open an account's latch, so that suspensions pass again.",
    help: resetHelp,
    change: runReset,
  });
}

function addStatusCommand(safeguard: Command, run: RunCommand): void {
  const command = safeguard
    .command("status")
    .description("Show each account's latch, its limit, and what is held.")
    .option("--account <id>", "only this account");
  addSafeguardOptions(command)
    .addHelpText("after", statusHelp)
    .action((options: StatusOptions) => run((terminal) => runStatus(options, terminal)));
}

function addAllowCommand(safeguard: Command, run: RunCommand): void {
  const command = safeguard
    .command("allow")
    .description("Allow a number of suspensions in advance, for some time.")
    .requiredOption("--account <id>", "whose")
    .addOption(new Option("--count <n>", "how many suspensions").argParser(toCount).makeOptionMandatory())
    .addOption(
      new Option("--until <when>", "a time such as 2026-06-30T18:00:00Z, or a time from now such as 2h")
        .argParser(toUntil)
        .makeOptionMandatory(),
    );
  addSafeguardOptions(addAuditOptions(command).option("--yes", "do not ask"))
    .addHelpText("after", allowHelp)
    .action((options: AllowOptions) => run((terminal) => runAllow(options, terminal)));
}

const mostPeople = 1_000_000;

function toCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= mostPeople) return count;
  throw new InvalidArgumentError(`Expected a number from 1 to ${mostPeople.toLocaleString("en")}.`);
}

/** Nobody remembers an allowance for longer than that, and a wrong feed would use it. */
const longestMilliseconds = 7 * dayMilliseconds;

function toUntil(text: string): AllowOptions["until"] {
  const now = Date.now();
  const until = parseUntil(text, now);
  if (until !== undefined && until > now && until <= now + longestMilliseconds)
    return (then) => parseUntil(text, then) ?? until;
  throw new InvalidArgumentError(
    `Expected a time from now such as 90m, 2h or 3d, or one such as ${timeText(now + 7_200_000)}: to come, and at most 7d ahead.`,
  );
}

/** Adds a command that takes nothing but the account. */
function addChangeCommand(
  safeguard: Command,
  run: RunCommand,
  { name, description, help: after, change }: ChangeCommand,
): void {
  const command = safeguard.command(name).description(description).requiredOption("--account <id>", "whose");
  addSafeguardOptions(addAuditOptions(command).option("--yes", "do not ask"))
    .addHelpText("after", after)
    .action((options: ChangeOptions) => run((terminal) => change(options, terminal)));
}

interface ChangeCommand {
  name: string;
  description: string;
  help: string;
  change: (request: ChangeOptions, terminal: Terminal) => Promise<CommandResult>;
}

function addSafeguardOptions(command: Command): Command {
  return addLedgerOptions(command).addOption(policyOption("with the limits"));
}

/** A closed latch is no failure. */
async function runStatus(request: StatusOptions, terminal: Terminal): Promise<CommandResult> {
  return withSafeguard(request, undefined, terminal, async (ports) => {
    const { target, table } = ports;
    const reading = await readSafeguard(request.account, ports);
    if (reading.kind === "unknownAccount")
      return { kind: "failed", message: unknownAccount(request.account ?? "", table, reading.known) };
    printTargeted(reading.report, { ...request, target }, terminal.stdout, (report, screen) =>
      statusLines(report, { ...request, target }, screen, Date.now()),
    );
    return done;
  });
}

/** Allows suspensions in advance, after a question. */
export async function runAllow(request: AllowOptions, terminal: Terminal): Promise<CommandResult> {
  const { yes = false, count: people } = request;
  if (!yes && !terminal.stdin.isTTY)
    return { kind: "misused", message: `${nobodyToAsk("allow them")}; nothing was changed` };
  return changeSafeguard(request, terminal, async (change, ports) => {
    const { target } = ports;
    const confirmAllowance = async (replaced: AllowanceReport["replaced"], until: number) => {
      if (yes) return true;
      const lines = replaced === null ? [] : [replacedText(replaced)];
      printLines([...lines, "They pass whatever the limit and the latch say."], terminal.stderr);
      const question = `Allow ${countOf(people, "suspension")} of ${change.account} until ${timeText(until)}, in ${targetText(target)}?`;
      return confirm(question, terminal, new AbortController().signal);
    };
    const granting = await grantAllowance(
      { ...change, people, until: request.until },
      { ...ports, confirm: confirmAllowance },
    );
    if (granting.kind === "unknownAccount") return granting;
    if (granting.kind === "declined") {
      terminal.stderr.write("Nothing was allowed.\n");
      return incomplete;
    }
    printTargeted(granting.report, { ...request, target }, terminal.stdout, (report) =>
      allowanceLines(report, target, ports.databaseNow()),
    );
    return done;
  });
}

/** Takes an allowance back, after a question. */
async function runDisallow(request: ChangeOptions, terminal: Terminal): Promise<CommandResult> {
  const { yes = false } = request;
  if (!yes && !terminal.stdin.isTTY)
    return { kind: "misused", message: `${nobodyToAsk("take it back")}; nothing was changed` };
  return changeSafeguard(request, terminal, async (change, ports) => {
    const { target } = ports;
    const confirmTaking = async ({ people, by, until }: { people: number; by: string; until: string }) => {
      if (yes) return true;
      const question = `Take back ${countOf(people, "suspension")} of ${change.account} that ${by} had allowed until ${until}, in ${targetText(target)}?`;
      return confirm(question, terminal, new AbortController().signal);
    };
    const taking = await takeBackAllowance(change, { ...ports, confirm: confirmTaking });
    if (taking.kind === "unknownAccount") return taking;
    if (taking.kind === "declined") {
      terminal.stderr.write("The allowance stays.\n");
      return incomplete;
    }
    printTargeted(taking.report, { ...request, target }, terminal.stdout, (report) =>
      disallowanceLines(report, target),
    );
    return done;
  });
}

/** Opens an account's latch, after a question. */
export async function runReset(request: ChangeOptions, terminal: Terminal): Promise<CommandResult> {
  const { yes = false } = request;
  if (!yes && !terminal.stdin.isTTY)
    return { kind: "misused", message: `${nobodyToAsk("reset the latch")}; nothing was changed` };
  return changeSafeguard(request, terminal, async (change, ports) => {
    const { account } = change;
    const { target } = ports;
    const askAbout = (latch: { since: string; asked: number; passed: number; limit: number }) => {
      const why = `The latch of ${account} is closed since ${timeText(latch.since)}: ${crossingText(latch)}.`;
      terminal.stderr.write(`${why}\nOnce it is open, suspensions pass again, up to the limit.\n`);
      return confirm(
        `Open the latch of ${account} in ${targetText(target)}?`,
        terminal,
        new AbortController().signal,
      );
    };
    const confirmReset: typeof askAbout = async (latch) => yes || askAbout(latch);
    const resetting = await resetSafeguard(change, { ...ports, confirm: confirmReset });
    if (resetting.kind === "unknownAccount") return resetting;
    if (resetting.kind === "declined") {
      terminal.stderr.write("The latch stays closed.\n");
      return incomplete;
    }
    printTargeted(resetting.report, { ...request, target }, terminal.stdout, (report) =>
      resetLines(report, target),
    );
    return done;
  });
}
