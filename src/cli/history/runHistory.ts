import { dynamoHistory } from "../../ledger/dynamo/dynamoHistory.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import type { LedgerOptions } from "../ledger/ledgerOptions.ts";
import { readLedger } from "../ledger/readLedger.ts";
import { shownText } from "../ledger/shownText.ts";
import { screenOf } from "../screen.ts";
import type { Terminal } from "../terminal.ts";
import { findPeople, isAddress } from "./findPeople.ts";
import { personLines } from "./personLines.ts";
import { type PersonReport, toPersonReport } from "./toPersonReport.ts";

/** The arguments and options of `rollcall history`. */
export interface HistoryRequest extends LedgerOptions {
  person: string;
}

/** Reads what the ledger knows of a person, or of everyone at an address, and prints it. */
export async function runHistory(request: HistoryRequest, { stdout }: Terminal): Promise<CommandEnd> {
  const { person: who, json = false } = request;
  const reading = await readLedger(request, (table) => findPeople(dynamoHistory(table), who));
  if (reading.kind !== "read") return reading;
  const now = Date.now();
  const show = shownText({ typed: who, forTerminal: !json });
  const people = reading.value.map((person) => toPersonReport(person, show, now));
  if (json) stdout.write(`${JSON.stringify({ asked: who, table: request.table, people })}\n`);
  else for (const line of historyLines(who, people, stdout, now)) stdout.write(`${line}\n`);
  if (people.length === 0) return { kind: "failed", message: unknownPerson(request) };
  return { kind: "done", exitCode: exitCodes.done };
}

function historyLines(who: string, people: readonly PersonReport[], stdout: Terminal["stdout"], now: number) {
  const screen = screenOf(stdout);
  const ids = people.map(({ personId }) => personId).join(", ");
  return [
    ...(people.length > 1 ? [`${who} belongs to ${people.length} people: ${ids}.`, ""] : []),
    ...people.flatMap((person, index) => [...(index > 0 ? [""] : []), ...personLines(person, screen, now)]),
  ];
}

/** Other ways to the same person first, then the places where nobody would be known yet. */
function unknownPerson({ person, table }: HistoryRequest): string {
  const way = isAddress(person)
    ? "It knows people by their latest address only: try the person's id in HR"
    : "Ids count as HR writes them, to the letter: try the e-mail address";
  return `the ledger ${table} knows nobody called ${person}. ${way}, or another ledger with --table. An event that cannot be read is in a dead-letter queue.`;
}
