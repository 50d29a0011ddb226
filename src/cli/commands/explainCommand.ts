import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { accountTypesFinder } from "../../directory/kinds/directoryKinds.ts";
import { isJsonObject, parseJson } from "../../events/boundedJson.ts";
import { timeText } from "../../operations/displayText.ts";
import type { Step } from "../../operations/explain/explainEffect.ts";
import {
  type ExplanationReport,
  explainEvent,
  type MemoryReport,
} from "../../operations/explain/explainEvent.ts";
import type { HeldReport } from "../../operations/waitingDecisions.ts";
import { whyText } from "../../operations/words/decisionWords.ts";
import type { Policy } from "../../policy/policy.ts";
import { type CommandResult, done, printReport, type RunCommand } from "../commandResult.ts";
import { withLedger } from "../composition.ts";
import { loadPolicy, openInput } from "../files.ts";
import { hintText } from "../hints.ts";
import { addLedgerOptions, type LedgerOptions, policyOption } from "../options.ts";
import { type Target, targetText } from "../target.ts";
import type { Screen, Terminal, TextStyle } from "../terminal.ts";
import { tableLines } from "../textLayout.ts";

const help = `
Answers "why was this person (not) suspended?": each decision on the event's way, by the
code that makes it in the functions, with the rule behind it. The file holds one event,
as it is published or as EventBridge delivers it; rollcall dlq show has the body of a
dead letter. It changes nothing, and asks the ledger but not the directory.
Needs dynamodb:Query on the table and on its indexes, and dynamodb:GetItem on the table,
unless --offline.
Exit code: 0 if the event could be explained, whatever comes of it, 1 if the ledger could
not be read, 2 if the command was called wrongly.

Examples:
  rollcall explain events/EmployeeLeft.json --offline
  rollcall explain event.json --policy policy.yml --stage prod
  grep hr-17 today.jsonl | rollcall explain - --json | jq '.steps[] | select(.answer == "no")'`;

interface ExplainOptions extends LedgerOptions {
  policy?: string;
  offline?: boolean;
}

/** `rollcall explain EVENT.json` tells the way of one event, and why it ends where it does. */
export function addExplainCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("explain")
    .description("Explain what would become of one event, and by which rule.")
    .argument("<event>", "a file with one event; - reads standard input");
  addLedgerOptions(command)
    .addOption(policyOption())
    .option("--offline", "do not ask the ledger")
    .addHelpText("after", help)
    .action((file: string, options: ExplainOptions) =>
      run((terminal) => runExplain({ ...options, file }, terminal)),
    );
}

async function runExplain(
  request: ExplainOptions & { file: string },
  terminal: Terminal,
): Promise<CommandResult> {
  const { stdin, stdout } = terminal;
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  if (loaded.policy === undefined) return { kind: "misused", message: noPolicy };
  const input = await openInput(request.file, stdin);
  if (input.kind === "unreadable") return { kind: "misused", message: input.message };
  const body = (await text(input.bytes)).trim();
  const events = countEvents(body);
  if (events > 1) return { kind: "misused", message: severalEvents(events) };
  const explained = await explainHere(body, loaded.policy, request, terminal);
  printReport(explained.report, request.json, stdout, (report, screen) =>
    explanationLines(report, explained.target, screen),
  );
  const { ledgerFailure } = explained;
  return ledgerFailure === undefined
    ? done
    : { kind: "failed", message: `${ledgerFailure}; or leave it out with --offline` };
}

/** A ledger that cannot even be opened is a failure like one that cannot be read: all other steps are explained. */
async function explainHere(
  body: string,
  policy: Policy,
  request: ExplainOptions,
  terminal: Terminal,
): Promise<Awaited<ReturnType<typeof explainEvent>> & { target?: Target }> {
  const accountTypesOf = accountTypesFinder(policy.accounts);
  const offline = { policy, accountTypesOf, table: null, now: Date.now, explainFailure: String };
  if (request.offline) return explainEvent(body, offline);
  const used = await withLedger(request, terminal, async (ledger) => {
    const explained = await explainEvent(body, { ...ledger, policy, accountTypesOf });
    return { ...explained, target: ledger.target };
  });
  if (used.kind === "used") return used.value;
  const failing = () => Promise.reject(new Error(used.message));
  const ledger = { history: { ofPerson: failing }, safeguard: { list: failing }, pauses: { list: failing } };
  return explainEvent(body, { ...offline, ...ledger, explainFailure: () => used.message });
}

/** Lines of `rollcall publish`; an event in one piece may have line breaks of its own, and is one. */
function countEvents(body: string): number {
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, 2).every((line) => isJsonObject(parseJson(line))) ? lines.length : 1;
}

const severalEvents = (count: number) =>
  `expected one event; got ${count} lines of them. Choose one: grep its id there and explain -`;

const noPolicy = "there is no policy.yml here; name the policy with --policy";

const styles: Record<Step["answer"], TextStyle> = { yes: "green", no: "yellow", unknown: "red" };

/** The way of an event: a line for each decision, then what becomes of it now, then what became of it before. */
export function explanationLines(
  { steps, fate, ledger }: ExplanationReport,
  target: Target | undefined,
  screen: Screen,
): string[] {
  const rows = steps.map(({ question, answer, text, rule }) => ({
    cells: [question, { text: answer, style: styles[answer] }, text],
    details: rule === undefined ? [] : [`[${rule}]`],
  }));
  return [
    ...tableLines(["QUESTION", "ANSWER", "WHY"], rows, screen),
    "",
    screen.paint("bold", `If it came now: ${fate?.text ?? "it depends on the ledger, see above"}.`),
    ...(ledger === null || target === undefined ? [] : memoryLines(ledger, target)),
  ];
}

function memoryLines({ decision, waiting, held }: MemoryReport, target: Target): string[] {
  const lines = [
    ...(decision === null
      ? []
      : [
          `What became of it: ${decision.outcome} ${timeText(decision.settledAt)}${afterColon(whyText(decision))}.`,
        ]),
    ...(waiting === null ? [] : [`It waits until ${timeText(waiting.dueAt)}.`]),
    ...(held === null ? [] : heldLines(held, target)),
  ];
  return lines.length === 0
    ? [`The ledger remembers nothing of this event, in ${targetText(target)}.`]
    : lines;
}

function heldLines({ heldAt, personId: person }: HeldReport, target: Target): string[] {
  const release = hintText(target, "held release", { options: { person, because: "HR confirms it" } });
  return [
    `The safeguard holds it since ${timeText(heldAt)}. To release it, or with discard to drop it:`,
    `  ${release}`,
  ];
}

function afterColon(text: string): string {
  return text === "" ? "" : `: ${text}`;
}
