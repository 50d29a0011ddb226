import { dynamoPendingStore } from "../../ledger/dynamo/dynamoPendingStore.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import type { LedgerOptions } from "../ledger/ledgerOptions.ts";
import { readLedger } from "../ledger/readLedger.ts";
import { shownText } from "../ledger/shownText.ts";
import { screenOf } from "../screen.ts";
import { paint, type Terminal } from "../terminal.ts";
import { listPending, type PendingFilter } from "./listPending.ts";
import { overdueText } from "./overdueText.ts";
import { pendingLines } from "./pendingLines.ts";
import { type PendingReport, toPendingReport } from "./toPendingReport.ts";

/** The options of `rollcall pending`. */
export type PendingRequest = LedgerOptions & PendingFilter;

/** Reads the decisions that wait, and prints them. That there are none is no failure. */
export async function runPending(request: PendingRequest, terminal: Terminal): Promise<CommandEnd> {
  const reading = await readLedger(request, (table) => listPending(dynamoPendingStore(table), request));
  if (reading.kind !== "read") return reading;
  const { json = false, person } = request;
  const show = shownText({ typed: person, forTerminal: !json });
  print(toPendingReport(reading.value, show, Date.now()), request, terminal);
  return { kind: "done", exitCode: exitCodes.done };
}

function print(report: PendingReport, request: PendingRequest, { stdout, stderr }: Terminal): void {
  const { table, until, person = null } = request;
  if (request.json) {
    const untilText = until === undefined ? null : new Date(until).toISOString();
    stdout.write(`${JSON.stringify({ table, until: untilText, person, ...report })}\n`);
    return;
  }
  stdout.write(`${pendingLines(report, request, screenOf(stdout)).join("\n")}\n`);
  const warning = overdueText(report);
  if (warning !== undefined) stderr.write(`${paint(stderr, "yellow", warning)}\n`);
}
