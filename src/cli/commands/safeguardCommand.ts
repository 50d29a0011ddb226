import { type Command, InvalidArgumentError, Option } from "commander";
import { dayMilliseconds } from "../../events/eventTime.ts";
import { timeText } from "../../operations/displayText.ts";
import {
  type AllowanceReport,
  type ChangeSafeguardRequest,
  grantAllowance,
  readSafeguard,
  resetSafeguard,
  type SafeguardPorts,
} from "../../operations/operateSafeguard.ts";
import { countOf } from "../../operations/words/plainWords.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
} from "../commandResult.ts";
import { type OpenLedger, withLedger } from "../composition.ts";
import { loadPolicy } from "../files.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addLedgerOptions,
  type LedgerOptions,
  operatorUnknown,
  parseUntil,
  policyOption,
} from "../options.ts";
import { actorOf, targetText } from "../target.ts";
import { confirm, nobodyToAsk, type Terminal } from "../terminal.ts";
import { allowanceLines, crossingText, replacedText, resetLines, statusLines } from "./safeguardLines.ts";

const help = `
Suspensions beyond the policy's limit in a rolling window are held, because a wrong feed
must not suspend everybody. The first that is held closes the account's latch: from then
on all are held, until somebody has looked at the feed and resets it. Hires, returns and
license changes are never held.

Examples:
  rollcall safeguard status                       is anything held, and why?
  rollcall safeguard allow --account team-0001 --count 600 --until 2h --because "a plant closes"
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

const resetHelp = `
Suspensions that come from now on pass up to the limit, of which those of the window are
still a part. What was held stays held until it is released or discarded.
Needs the permissions dynamodb:Query, GetItem and PutItem on the table.
Exit code: 0 if the latch is open, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall safeguard reset --account team-0001 --because "the feed is right again"
  rollcall safeguard reset --account team-0001 --because "a drill" --by eve --yes`;

/** Where the safeguard's state is, and the policy that its limits come from. */
interface SafeguardOptions extends LedgerOptions {
  /** Left out: `policy.yml` in the current folder, if there is one. */
  policy?: string;
}

interface StatusOptions extends SafeguardOptions {
  account?: string;
}

/** A change to one account's safeguard, in somebody's name. */
interface ChangeOptions extends SafeguardOptions, AuditOptions {
  account: string;
  yes?: boolean;
}

interface AllowOptions extends ChangeOptions {
  count: number;
  /** By what time it is now. Milliseconds since the epoch. */
  until: (now: number) => number;
}

type ResetOptions = ChangeOptions;

/** `rollcall safeguard` shows, loosens and resets the limit on mass suspensions. */
export function addSafeguardCommand(program: Command, run: RunCommand): void {
  const safeguard = program
    .command("safeguard")
    .description("Show the limit on mass suspensions, allow more, or reset it.")
    .usage("COMMAND [options]")
    .addHelpText("after", help);
  addStatusCommand(safeguard, run);
  addAllowCommand(safeguard, run);
  addResetCommand(safeguard, run);
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

function addResetCommand(safeguard: Command, run: RunCommand): void {
  const command = safeguard
    .command("reset")
    .description("Open an account's latch, so that suspensions pass again.")
    .requiredOption("--account <id>", "whose");
  addSafeguardOptions(addAuditOptions(command).option("--yes", "do not ask"))
    .addHelpText("after", resetHelp)
    .action((options: ResetOptions) => run((terminal) => runReset(options, terminal)));
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

/** Opens an account's latch, after a question. */
export async function runReset(request: ResetOptions, terminal: Terminal): Promise<CommandResult> {
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

const permissions = "dynamodb:Query, GetItem and PutItem on the table";

async function changeSafeguard(
  request: ChangeOptions,
  terminal: Terminal,
  change: (
    request: ChangeSafeguardRequest,
    ports: OpenLedger & SafeguardPorts,
  ) => Promise<CommandResult | { kind: "unknownAccount"; known: string[] }>,
): Promise<CommandResult> {
  const { account, because } = request;
  return withSafeguard(request, permissions, terminal, async (ports) => {
    const { target, table } = ports;
    const by = actorOf(request.by, target);
    if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was changed` };
    const result = await change({ account, by, because }, ports);
    if (result.kind !== "unknownAccount") return result;
    const message = `${unknownAccount(account, table, result.known)}; nothing was changed`;
    return { kind: "failed", message };
  });
}

/** Reads the policy, opens the ledger, and passes both to `use`. */
async function withSafeguard(
  request: SafeguardOptions,
  toChange: string | undefined,
  terminal: Terminal,
  use: (ports: OpenLedger & SafeguardPorts) => Promise<CommandResult>,
): Promise<CommandResult> {
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const options = { ...request, ...(toChange !== undefined && { toChange }) };
  const used = await withLedger(options, terminal, (ledger) => use({ ...ledger, policy: loaded.policy }));
  return used.kind === "used" ? used.value : used;
}

/** The account may be mistyped. */
function unknownAccount(account: string, table: string, known: readonly string[]): string {
  const others = known.length === 0 ? "They know of none" : `They know ${known.join(", ")}`;
  return `neither the policy nor the ledger ${table} knows an account ${account}. ${others}; name another policy with --policy, or another ledger with --stage or --table`;
}
