import { readFile, writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { type CheckedRow, checkRoster, type RosterCheck } from "../../operations/checkRoster.ts";
import type { RosterField } from "../../policy/rosterSettings.ts";
import { type CommandResult, done, exitCodes, printReport, type RunCommand } from "../commandResult.ts";
import { describeFileError, loadPolicy, openInput } from "../files.ts";
import { policyOption } from "../options.ts";
import type { Screen, Terminal } from "../terminal.ts";
import { tableLines, withoutControlCharacters } from "../textLayout.ts";
import { addReadingOptions, writtenAt } from "./rosterOptions.ts";
import { understandingLines } from "./understandingLines.ts";

const help = `
Asks nothing of AWS, needs no credentials, and changes nothing but the policy, with --init.
Exit code: 0 if the export would be believed, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall roster check workers.csv                    what would be understood of it?
  rollcall roster check workers.csv --init             write the settings that it needs to policy.yml
  rollcall roster check report.json --json | jq '.read.columns'`;

interface RosterCheckOptions {
  policy?: string;
  asOf?: number;
  column?: Partial<Record<RosterField, string>>;
  rows?: number;
  init?: boolean;
  json?: boolean;
}

/** `rollcall roster check FILE` shows what would be understood of an export of the HR system. */
export function addRosterCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("roster")
    .description("Look at a full export of the HR system.")
    .usage("COMMAND [options]")
    .command("check")
    .description("Show what would be understood of an export, and what the policy must say of it.")
    .argument("<roster>", "the export: CSV, JSON or an Excel workbook; - reads standard input");
  addReadingOptions(command)
    .addOption(policyOption("that says how to read it"))
    .addOption(
      new Option("--init", "write the proposed settings to the policy, if it has no section roster yet"),
    )
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action((roster: string, options: RosterCheckOptions) =>
      run((terminal) => runRosterCheck({ ...options, roster }, terminal)),
    );
}

async function runRosterCheck(
  {
    roster,
    policy: policyFile,
    asOf,
    column,
    rows,
    init = false,
    json,
  }: RosterCheckOptions & { roster: string },
  { stdin, stdout, stderr }: Terminal,
): Promise<CommandResult> {
  const loaded = loadPolicy(policyFile);
  if (loaded.kind !== "loaded") return loaded;
  const input = await openInput(roster, stdin, "an export");
  if (input.kind === "unreadable") return { kind: "misused", message: input.message };
  const check = await checkRoster({
    bytes: input.bytes,
    policy: loaded.policy,
    asOf: asOf ?? (await writtenAt(roster)),
    ...(column !== undefined && { column }),
    ...(rows !== undefined && { rows }),
  });
  const { details, ...report } = check;
  printReport(report, json, stdout, (clean, screen) =>
    checkLines({ ...clean, ...withoutControlCharacters({ details }) }, roster, screen),
  );
  if (init && check.proposals.length > 0) {
    const written = await writeProposals(policyFile ?? "policy.yml", check.proposals);
    if (written !== undefined) return { kind: "failed", message: written };
    stderr.write(`Written to ${policyFile ?? "policy.yml"}; look at it, and check again.\n`);
  }
  return check.believed ? done : { kind: "done", exitCode: exitCodes.incomplete };
}

/** What the export cannot decide has a comment with the choices. A guess that is written would be believed the next time. */
function isOpen(proposal: string): boolean {
  return proposal.includes("  # ");
}

/** Appends the section, and leaves every line that is there as it is. Returns why it could not. */
async function writeProposals(file: string, proposals: readonly string[]): Promise<string | undefined> {
  if (proposals.some(isOpen))
    return `only HR knows what a line with a comment has to say: decide, and add the lines above to ${file}; nothing was written`;
  try {
    const text = await readFile(file, "utf8");
    if (/^roster:/m.test(text)) return `${file} has a section roster already: add the lines above to it`;
    await writeFile(file, `${text.replace(/\n*$/, "\n")}\n${sectionText(proposals)}\n`);
    return undefined;
  } catch (error) {
    return `cannot write ${file}: ${describeFileError(error)}`;
  }
}

function sectionText(proposals: readonly string[]): string {
  return ["roster:", ...proposals.map((line) => `  ${line}`)].join("\n");
}

function checkLines(
  { believed, read, counts, sample, problems, details, proposals }: RosterCheck,
  roster: string,
  screen: Screen,
): string[] {
  const { paint } = screen;
  const name = roster === "-" ? "The export" : roster;
  return [
    ...(read === null ? [] : [...understandingLines(read, screen), ""]),
    ...(sample.length === 0 ? [] : [...sampleLines(sample, screen), ""]),
    ...(counts === null ? [] : [countsText(counts), ""]),
    believed
      ? paint("green", `${name} would be believed. Compare it with the directory next, by the command plan.`)
      : paint("red", `${name} would not be believed:`),
    ...groupLines(problems).map((problem) => `  ${problem}`),
    ...(details === undefined ? [] : [`  ${details}`]),
    ...(proposals.length === 0
      ? []
      : [
          "",
          "What the policy would have to say (--init writes it):",
          "",
          ...sectionText(proposals).split("\n"),
        ]),
  ];
}

/** The same fault on several lines is one fault. */
function groupLines(problems: readonly string[]): string[] {
  const linesOf = new Map<string, string[]>();
  for (const problem of problems) {
    const [, line, rest] = /^line (\d+), (.*)$/s.exec(problem) ?? [];
    const key = rest ?? problem;
    linesOf.set(key, [...(linesOf.get(key) ?? []), ...(line === undefined ? [] : [line])]);
  }
  return [...linesOf].map(([text, lines]) => {
    if (lines.length === 0) return text;
    return `${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}, ${text}`;
  });
}

const presenceTexts: Partial<Record<string, string>> = {
  present: "there",
  left: "has left",
  later: "still to come",
  statusMissing: "status is empty",
  statusesDiffer: "statuses differ",
  endedLongAgo: "ended, and active?",
};

function sampleLines(sample: readonly CheckedRow[], screen: Screen): string[] {
  const rows = sample.map(({ number, personId, email, presence, hireDate, lastDay, role }) => ({
    cells: [
      `  ${number}`,
      personId,
      email ?? "-",
      presenceTexts[presence] ?? presence,
      hireDate ?? "-",
      lastDay ?? "-",
      role ?? "-",
    ],
    details: [],
  }));
  return tableLines(["  LINE", "ID", "ADDRESS", "STATE", "HIRED", "LAST DAY", "ROLE"], rows, screen);
}

function countsText({
  present,
  left,
  later,
  unclear,
  withoutAddress,
}: NonNullable<RosterCheck["counts"]>): string {
  const parts = [
    [present, "there"],
    [left, "have left"],
    [later, "still to come"],
    [unclear, "of whom nobody can tell"],
    [withoutAddress, "without an address"],
  ] as const;
  const texts = parts
    .filter(([count]) => count > 0)
    .map(([count, text]) => `${count.toLocaleString("en")} ${text}`);
  return `Rows: ${texts.join(", ") || "none"}.`;
}
