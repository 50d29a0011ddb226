import { stat } from "node:fs/promises";
import { attributeNames } from "../../policy/policyRules.ts";
import { type RosterSettings, rosterSchema } from "../../policy/rosterSettings.ts";
import { fileRosterMemory } from "../../reconcile/file/fileRosterMemory.ts";
import { mergeRows, presenceAt } from "../../reconcile/mergeRows.ts";
import type { RosterInput } from "../../reconcile/planRoster.ts";
import { type RosterReading, readRoster } from "../../reconcile/readRoster.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { openInput } from "../publish/input.ts";
import { loadPolicy } from "../safeguard/loadPolicy.ts";
import type { Terminal } from "../terminal.ts";
import type { RosterRequest } from "./rosterOptions.ts";

export type TakenRoster =
  | { kind: "taken"; hand: RosterInput; rejectedPath: string }
  | Exclude<CommandEnd, { kind: "done" }>;

/** Reads the policy, the memory of the last roster and the roster itself. Nothing is asked of AWS. */
export async function takeRoster(request: RosterRequest, { stdin }: Terminal): Promise<TakenRoster> {
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const { policy } = loaded;
  if (policy === undefined)
    return {
      kind: "misused",
      message: "there is no policy.yml here, which says whose accounts are where; name one with --policy",
    };
  const input = await openInput(request.roster, stdin, "a CSV or JSON file");
  if (input.kind === "unreadable") return { kind: "misused", message: input.message };
  const asOf = request.asOf ?? (await writtenAt(request.roster));
  if (asOf > Date.now())
    return {
      kind: "misused",
      message: `the roster's time, ${new Date(asOf).toISOString()}, is still to come; say with --as-of when it was true`,
    };
  const settings = settingsOf(policy.roster ?? rosterSchema.parse({}), request);
  const last = request.memory === undefined ? undefined : await fileRosterMemory(request.memory).recall();
  const { rows: expectedRows } = request;
  const reading = await readRoster(input.bytes, {
    ...settings,
    askedAttributes: attributeNames(policy.accounts),
    ...(expectedRows !== undefined && { expectedRows }),
  });
  if (reading.kind === "broken") return { kind: "failed", message: broken(request.roster, reading) };
  const roster = mergeRows(reading.rows, presenceAt(asOf, settings.timeZone));
  return {
    kind: "taken",
    rejectedPath: input.rejectedPath,
    hand: { roster, asOf, last, policy, settings },
  };
}

function settingsOf(
  settings: RosterSettings,
  { column, absent, leastPercent }: RosterRequest,
): RosterSettings {
  return {
    ...settings,
    columns: { ...settings.columns, ...column },
    ...(absent !== undefined && { absent }),
    ...(leastPercent !== undefined && { leastPercent }),
  };
}

/** What comes through a pipe is taken to be true now. */
async function writtenAt(roster: string): Promise<number> {
  return roster === "-" ? Date.now() : Math.floor((await stat(roster)).mtimeMs);
}

function broken(roster: string, { problems, details }: Extract<RosterReading, { kind: "broken" }>): string {
  const name = roster === "-" ? "the roster on standard input" : roster;
  return [
    `${name} cannot be believed, and nothing was published:`,
    ...[...problems, ...(details === undefined ? [] : [details])].map((text) => `  ${text}`),
  ].join("\n");
}
