import { whyText } from "../history/whyText.ts";
import { timeText } from "../ledger/timeText.ts";
import type { Screen } from "../screen.ts";
import { tableLines } from "../tableLines.ts";
import type { TextStyle } from "../terminal.ts";
import type { Step } from "./step.ts";
import type { ExplanationReport } from "./toExplanationReport.ts";
import type { MemoryReport } from "./toMemoryReport.ts";

const styles: Record<Step["answer"], TextStyle> = { yes: "green", no: "yellow", unknown: "red" };

/** The way of an event for people: a line for each decision, then what comes of it, then what came of it before. */
export function explainLines({ steps, fate, ledger }: ExplanationReport, screen: Screen): string[] {
  const rows = steps.map(({ question, answer, text, rule }) => ({
    cells: [question, { text: answer, style: styles[answer] }, text],
    details: rule === undefined ? [] : [`[${rule}]`],
  }));
  return [
    ...tableLines(["QUESTION", "ANSWER", "WHY"], rows, screen),
    "",
    screen.paint("bold", `If it came now: ${fate?.text ?? "it depends on the ledger, see above"}.`),
    ...(ledger === null ? [] : memoryLines(ledger)),
  ];
}

function memoryLines({ decision, waiting, held }: MemoryReport): string[] {
  const lines = [
    ...(decision === null
      ? []
      : [
          `What came of it: ${decision.outcome} ${timeText(decision.settledAt)}${afterColon(whyText(decision))}.`,
        ]),
    ...(waiting === null ? [] : [`It waits until ${timeText(waiting.dueAt)}.`]),
    ...(held === null
      ? []
      : [`The safeguard holds it since ${timeText(held.heldAt)}: rollcall held release, or discard.`]),
  ];
  return lines.length === 0 ? ["The ledger remembers nothing of this event."] : lines;
}

function afterColon(text: string): string {
  return text === "" ? "" : `: ${text}`;
}
