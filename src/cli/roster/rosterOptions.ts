import { type Command, InvalidArgumentError, Option } from "commander";
import {
  isRosterField,
  type RosterField,
  type RosterSettings,
  rosterFieldNames,
} from "../../policy/rosterSettings.ts";
import { endpointOption } from "../aws/awsOptions.ts";
import { parseUntil } from "../parseUntil.ts";

/** The options that `rollcall plan` and `rollcall sync` share, and the roster. */
export interface RosterRequest {
  /** A path, or `-` for standard input. */
  roster: string;
  policy?: string;
  /** Milliseconds since the epoch. */
  asOf?: number;
  column?: Partial<Record<RosterField, string>>;
  absent?: RosterSettings["absent"];
  rows?: number;
  leastPercent?: number;
  /** The file that remembers the last roster; without one, none is remembered. */
  memory?: string;
  chimeEndpoint?: string;
  all?: boolean;
  json?: boolean;
}

/** For the help of both commands. */
export const rosterHelp = `
The roster is a full export of the HR system, CSV or JSON, Workday's Report_Entry included. Its columns
are found by their obvious names, or named with --column or in the policy's section roster. It must hold
everybody: an empty, cut off or shrunken one, or one with a broken row, stops the command. It goes before
all that was decided before its time: say with --as-of when it was exported, if the file is younger.
Needs AWS credentials with chime:GetAccount and chime:ListUsers on the accounts of the policy.`;

export function addRosterOptions(command: Command): Command {
  return command
    .argument("<roster>", "the export, CSV or JSON; - reads standard input")
    .option("--policy <file>", "the policy with the accounts (default: policy.yml, if it is here)")
    .addOption(
      new Option("--as-of <time>", "when the roster was true (default: when its file was written)").argParser(
        toAsOf,
      ),
    )
    .addOption(
      new Option(
        "--column <field=name>",
        `the roster's name of a column; may be repeated. Fields: ${rosterFieldNames.join(", ")}`,
      ).argParser(addColumn),
    )
    .addOption(
      new Option("--absent <what>", "what becomes of accounts without a row (default: report)").choices([
        "report",
        "suspend",
      ]),
    )
    .addOption(new Option("--rows <n>", "how many rows the roster must have").argParser(toCount))
    .addOption(
      new Option(
        "--least-percent <n>",
        "the share of the last roster's people below which it is taken for a broken one (default: 90)",
      ).argParser(toPercent),
    )
    .option("--memory <file>", "what remembers the last roster", ".rollcall-roster.json")
    .addOption(endpointOption("Chime", "AWS_ENDPOINT_URL_CHIME", "--chime-endpoint"))
    .option("--all", "list all people, not only the first of each kind")
    .option("--json", "print one JSON object");
}

function toAsOf(text: string): number {
  const time = parseUntil(text, Number.NaN);
  if (time !== undefined && !Number.isNaN(time)) return time;
  throw new InvalidArgumentError(
    "Expected a time such as 2026-05-14T06:00:00Z, or a date, which means its end in UTC.",
  );
}

function addColumn(text: string, columns: RosterRequest["column"] = {}): RosterRequest["column"] {
  const [, field = "", name = ""] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (isRosterField(field)) return { ...columns, [field]: name.trim() };
  throw new InvalidArgumentError(
    `Expected a field and the roster's name for it, such as email=Work_Email. Fields: ${rosterFieldNames.join(", ")}.`,
  );
}

function toCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a number of rows.");
}

function toPercent(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 100) return Number(text);
  throw new InvalidArgumentError("Expected a whole number from 0 to 100.");
}
