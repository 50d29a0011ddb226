import { stat } from "node:fs/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { isRosterField, type RosterField, rosterFieldNames } from "../../policy/rosterSettings.ts";
import { parseUntil } from "../options.ts";

type Columns = Partial<Record<RosterField, string>>;

/** Adds what every command that reads a roster takes. */
export function addReadingOptions(command: Command): Command {
  return command
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
    .addOption(new Option("--rows <n>", "how many rows the roster must have").argParser(toCount));
}

function toAsOf(text: string): number {
  const time = parseUntil(text, Number.NaN);
  if (time !== undefined && !Number.isNaN(time)) return time;
  throw new InvalidArgumentError(
    "Expected a time such as 2026-05-14T06:00:00Z, or a date, which means its end in UTC.",
  );
}

function addColumn(text: string, columns: Columns = {}): Columns {
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

/** A roster that comes through a pipe is taken to be true now. Milliseconds since the epoch. */
export async function writtenAt(roster: string): Promise<number> {
  return roster === "-" ? Date.now() : Math.floor((await stat(roster)).mtimeMs);
}
