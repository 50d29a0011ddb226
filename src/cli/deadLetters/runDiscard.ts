import { dynamoDiscards } from "../../ledger/dynamo/dynamoDiscards.ts";
import type { Discards } from "../../ledger/operatorDecisions.ts";
import { type DiscardResult, discardLetters } from "../../queue/discardLetters.ts";
import type { StoredLetter } from "../../queue/storedLetter.ts";
import { createDynamoClient } from "../aws/dynamoClient.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { confirm, nobodyToAsk } from "../confirm.ts";
import { exitCodes } from "../exitCodes.ts";
import { shownText } from "../ledger/shownText.ts";
import { screenOf } from "../screen.ts";
import { type Signature, unsigned } from "../signature.ts";
import { countOf, type Terminal } from "../terminal.ts";
import { chooseLetters, isUnfiltered } from "./chooseLetters.ts";
import { concludeLetters, type ResultWords } from "./concludeLetters.ts";
import type { DlqOptions } from "./dlqOptions.ts";
import { letterLines } from "./letterLines.ts";
import { missingText } from "./missingText.ts";
import { toLetterReport } from "./toLetterReport.ts";
import { type LettersInHand, withLetters } from "./withLetters.ts";

/** The arguments and options of `rollcall dlq discard`. */
export interface DiscardRequest extends DlqOptions, Signature {
  yes?: boolean;
  /** The stack's own, if left out. */
  table?: string;
  tableEndpoint?: string;
}

const words: ResultWords<DiscardResult["kind"]> = {
  discarded: { text: "discarded" },
  copyDiscarded: { text: "discarded, its event had come to an end before" },
  discardedUnjournalled: { text: "discarded, with no person or event to journal" },
  notJournalled: { text: "not discarded", isFailure: true },
  notDeleted: { text: "journalled as discarded, but still there", isFailure: true },
  untouched: { text: "untouched" },
};

/** Asks, writes into the journal who discards the chosen dead letters and why, and deletes them. */
export async function runDiscard(request: DiscardRequest, terminal: Terminal): Promise<CommandEnd> {
  const { stack, yes = false } = request;
  const misuse = misuseOf(request, terminal);
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nothing was discarded` };
  return withLetters(request, terminal, async (hand) => {
    const { chosen, missing } = chooseLetters(hand.letters, request, Date.now());
    if (missing.length > 0) return { kind: "failed", message: missingText(missing, stack) };
    if (!yes && chosen.length > 0 && !(await isMeant(chosen, request, hand.signal, terminal))) {
      terminal.stderr.write("Nothing was discarded.\n");
      return { kind: "done", exitCode: exitCodes.incomplete };
    }
    return concludeLetters(await discardAll(chosen, request, hand), words, request, terminal);
  });
}

/** A ledger in AWS must not be told what happened to queues on this computer, nor the other way round. */
function misuseOf(request: DiscardRequest, { stdin }: Terminal): string | undefined {
  const { yes = false, by, endpoint, tableEndpoint } = request;
  if (isUnfiltered(request)) return "expected ids, or a filter such as --code or --person";
  if (by === undefined) return unsigned;
  if (!yes && !stdin.isTTY) return nobodyToAsk("discard");
  if ((endpoint === undefined) === (tableEndpoint === undefined)) return undefined;
  return "--endpoint and --table-endpoint go together: the queues and the ledger are one stack's";
}

/** The question goes where the letters are shown: not among the results. */
function isMeant(
  chosen: readonly StoredLetter[],
  { person }: DiscardRequest,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<boolean> {
  const show = shownText({ typed: person, forTerminal: true });
  const reports = chosen.map((letter) => toLetterReport(letter, show, Date.now()));
  const lines = letterLines(
    reports,
    { heading: "REASON", of: ({ reason }) => reason },
    screenOf(terminal.stderr),
  );
  terminal.stderr.write(`${lines.join("\n")}\n\n`);
  return confirm(`Discard ${countOf(chosen.length, "dead letter")}?`, terminal, signal);
}

async function discardAll(
  chosen: readonly StoredLetter[],
  request: DiscardRequest,
  { boxes, gone, signal }: LettersInHand,
): Promise<DiscardResult[]> {
  const { stack, region, tableEndpoint, because: note, by = "" } = request;
  const dynamo = createDynamoClient({
    ...(region !== undefined && { region }),
    ...(tableEndpoint !== undefined && { endpoint: tableEndpoint }),
  });
  const discards: Discards = dynamoDiscards(
    { dynamo, tableName: request.table ?? `${stack}-ledger` },
    Date.now,
  );
  const results: DiscardResult[] = [];
  try {
    for (const box of boxes) {
      const own = chosen.filter(({ pipeline }) => pipeline === box.pipeline);
      const context = { box, discards, discardedBy: { by, note }, signal, now: Date.now };
      results.push(...(await discardLetters(own, context)));
    }
  } finally {
    dynamo.destroy();
  }
  const deleted = ["discarded", "copyDiscarded", "discardedUnjournalled"];
  for (const { letter, kind } of results) if (deleted.includes(kind)) gone.add(letter);
  return results;
}
