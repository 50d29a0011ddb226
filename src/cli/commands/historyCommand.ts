import type { Command } from "commander";
import { findLookAlike } from "../../events/lookAlikes.ts";
import { nameOfCharacter } from "../../events/problems.ts";
import { type HistoryReport, inspectPerson, isAddress } from "../../operations/inspectPerson.ts";
import { type CommandResult, done, printTargeted, type RunCommand } from "../commandResult.ts";
import { withLedger } from "../composition.ts";
import { addLedgerOptions, type LedgerOptions, parsePerson } from "../options.ts";
import { type Target, targetText } from "../target.ts";
import type { Screen, Terminal } from "../terminal.ts";
import { personLines } from "./historyLines.ts";

const help = `
Times are UTC. AFTER is how long it took from HR's decision to its settlement.
E-mail addresses are masked, but for the one that you ask for.
Needs the permission dynamodb:Query on the table and on its indexes.
Exit code: 0 if the ledger knows the person, 1 if not or if it cannot be read,
2 if the command was called wrongly.

Examples:
  rollcall history P-T0042
  rollcall history ada@example.com --stage prod
  rollcall history P-T0042 --json | jq '.people[].decisions[].outcome'`;

/** `rollcall history PERSON|EMAIL` shows everything that the ledger knows of a person. */
export function addHistoryCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("history")
    .description("Show everything that was decided and done about a person.")
    .argument("<person>", "the person's id in HR, or an e-mail address", parsePerson);
  addLedgerOptions(command)
    .addHelpText("after", help)
    .action((person: string, options: LedgerOptions) =>
      run((terminal) => runHistory({ ...options, person }, terminal)),
    );
}

async function runHistory(
  request: LedgerOptions & { person: string },
  terminal: Terminal,
): Promise<CommandResult> {
  const reading = await withLedger<CommandResult>(request, terminal, async (ledger) => {
    const { target } = ledger;
    const report = await inspectPerson(request.person, ledger);
    printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
      historyLines(clean, screen, Date.now()),
    );
    return report.people.length === 0 ? { kind: "failed", message: unknownPerson(report, target) } : done;
  });
  return reading.kind === "used" ? reading.value : reading;
}

function historyLines({ asked, people }: HistoryReport, screen: Screen, now: number): string[] {
  const ids = people.map(({ personId }) => personId).join(", ");
  return [
    ...(people.length > 1 ? [`${asked} belongs to ${people.length} people: ${ids}.`, ""] : []),
    ...people.flatMap((person, index) => [...(index > 0 ? [""] : []), ...personLines(person, screen, now)]),
  ];
}

/** Names other ways to the same person first, then the places where nobody would be known yet. */
function unknownPerson({ asked, table }: HistoryReport, target: Target): string {
  const way = isAddress(asked)
    ? "It knows people by their latest address only: try the person's id in HR"
    : "Ids count as HR writes them, to the letter: try the e-mail address";
  const odd = findLookAlike(asked);
  const seeming = odd === undefined ? "" : ` It has ${nameOfCharacter(odd)}.`;
  return `the ledger ${table} knows nobody called ${asked} (${targetText(target)}).${seeming} ${way}, or another ledger with --stage or --table. An event that cannot be read is in a dead-letter queue.`;
}
