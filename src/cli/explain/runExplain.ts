import { text } from "node:stream/consumers";
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
import { explainLines } from "./explainLines.ts";
import { type AskedLedger, explain } from "./explanation.ts";
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
  const now = Date.now();
  let failure: string | undefined;
  const explanation = await explain(body, toPolicyRules(loaded.policy), askLedger, now);
  const report = toExplanationReport(explanation, shownText({ typed: undefined, forTerminal: !json }), now);
  if (json) stdout.write(`${JSON.stringify({ ...report, table: request.table })}\n`);
  else for (const line of explainLines(report, screenOf(stdout))) stdout.write(`${line}\n`);
  if (failure !== undefined) return { kind: "failed", message: `${failure}; or leave it out with --offline` };
  return { kind: "done", exitCode: exitCodes.done };

  async function askLedger(personId: string): Promise<AskedLedger> {
    if (request.offline) return { kind: "skipped", message: "the ledger was not asked (--offline)" };
    const reading = await readLedger(request, (table) => dynamoHistory(table).ofPerson(personId));
    if (reading.kind === "read") return reading;
    failure = reading.message;
    return { kind: "failed", message: "the ledger could not be read, see below" };
  }
}

const noPolicy = "there is no policy.yml here; name the policy with --policy";
