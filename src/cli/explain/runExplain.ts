import { text } from "node:stream/consumers";
import { isJsonObject, parseJson } from "../../events/boundedJson.ts";
import { dynamoHistory } from "../../ledger/dynamo/dynamoHistory.ts";
import { toPolicyRules } from "../../policy/policyRules.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import type { LedgerOptions } from "../ledger/ledgerOptions.ts";
import { readLedger } from "../ledger/readLedger.ts";
import { shownText } from "../ledger/shownText.ts";
import { openInput } from "../publish/input.ts";
import { loadPolicy } from "../safeguard/loadPolicy.ts";
import { screenOf } from "../screen.ts";
import type { Terminal } from "../terminal.ts";
import { type AskedLedger, explain } from "./explain.ts";
import { explainLines } from "./explainLines.ts";
import { toExplanationReport } from "./toExplanationReport.ts";

/** The arguments and options of `rollcall explain`. */
export interface ExplainRequest extends LedgerOptions {
  file: string;
  policy?: string;
  offline?: boolean;
}

/** Reads one event, and tells each decision on its way with the rule that made it. Changes nothing. */
export async function runExplain(request: ExplainRequest, { stdin, stdout }: Terminal): Promise<CommandEnd> {
  const { json = false } = request;
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  if (loaded.policy === undefined) return { kind: "misused", message: noPolicy };
  const input = await openInput(request.file, stdin);
  if (input.kind === "unreadable") return { kind: "misused", message: input.message };
  const body = (await text(input.bytes)).trim();
  const events = countEvents(body);
  if (events > 1) return { kind: "misused", message: severalEvents(events) };
  const now = Date.now();
  const explanation = await explain(body, toPolicyRules(loaded.policy), askLedger(request), now);
  const report = toExplanationReport(explanation, shownText({ typed: undefined, forTerminal: !json }), now);
  if (json) stdout.write(`${JSON.stringify({ ...report, table: request.table })}\n`);
  else for (const line of explainLines(report, screenOf(stdout))) stdout.write(`${line}\n`);
  const { asked } = explanation;
  return asked?.kind === "failed"
    ? { kind: "failed", message: `${asked.message}; or leave it out with --offline` }
    : { kind: "done", exitCode: exitCodes.done };
}

function askLedger(request: ExplainRequest) {
  return async (personId: string): Promise<AskedLedger> => {
    if (request.offline) return { kind: "skipped" };
    const reading = await readLedger(request, (table) => dynamoHistory(table).ofPerson(personId));
    return reading.kind === "read" ? reading : { kind: "failed", message: reading.message };
  };
}

/** Lines of `rollcall publish`; an event in one piece may have line breaks of its own, and is one. */
function countEvents(body: string): number {
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, 2).every((line) => isJsonObject(parseJson(line))) ? lines.length : 1;
}

const severalEvents = (count: number) =>
  `expected one event; got ${count} lines of them. Choose one: grep its id there and explain -`;

const noPolicy = "there is no policy.yml here; name the policy with --policy";
