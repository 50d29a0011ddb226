import type { Command } from "commander";
import { accountTypesFinder } from "../../../directory/kinds/directoryKinds.ts";
import { isJsonObject, parseJson } from "../../../events/boundedJson.ts";
import { type ExplanationReport, explainEvent } from "../../../operations/explain/explainEvent.ts";
import {
  checkMended,
  type MendableEvent,
  type MendResult,
  type OpenedLetter,
  openDeadLetter,
  publishMended,
  setField,
} from "../../../operations/mendDeadLetter.ts";
import { deletedKinds } from "../../../operations/resolveDeadLetters.ts";
import type { EventSetting } from "../../../operations/trigger/triggerEvent.ts";
import type { Policy } from "../../../policy/policy.ts";
import { personQualifier } from "../../../policy/policyRules.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
} from "../../commandResult.ts";
import { publishOne, useLedger, withDiscards } from "../../composition.ts";
import { editText } from "../../editText.ts";
import { loadPolicy } from "../../files.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addQueueOptions,
  endpointOption,
  operatorUnknown,
  policyOption,
} from "../../options.ts";
import { actorOf, nameIn, type Target, targetText } from "../../target.ts";
import { confirm, nobodyToAsk, screenOf, type Terminal, writeError, writeWarning } from "../../terminal.ts";
import { withoutControlCharacters } from "../../textLayout.ts";
import { settingOption } from "../eventSettings.ts";
import { explanationLines } from "../explainCommand.ts";
import { type QueueOptions, toResult, withDeadLetters } from "./dlqQueues.ts";

const help = `
Opens the event in $VISUAL or $EDITOR, or sets single fields; checks it, explains what
would become of it, and asks. Then it is published, and the dead letter is discarded. An
event that had been decided about gets an id of its own: its first one stays refused. A
value of --set is JSON, or a text where it is none.
Exit code: 0 if it was published and discarded, 1 if not, 2 if the command was called
wrongly, 130 if it was interrupted.

Examples:
  rollcall dlq edit hr-17 --because "a typo in HR"
  rollcall dlq edit hr-17 --set data.email=ada@example.com --because "a typo in HR"
  rollcall dlq edit hr-17 --set metadata.id=hr-18 --because "sent anew" --stage prod`;

interface EditOptions extends QueueOptions, AuditOptions {
  set?: readonly EventSetting[];
  /** EventBridge's. */
  busEndpoint?: string;
  policy?: string;
  yes?: boolean;
}

export function addEditCommand(dlq: Command, run: RunCommand): void {
  const edit = dlq
    .command("edit")
    .description("Mend a letter's event, publish it, and discard the letter.")
    .argument("<id>", "the event's id, or a message's (its first 8 characters are enough)")
    .addOption(settingOption("data.email"));
  addQueueOptions(addAuditOptions(edit).option("--yes", "do not ask"), ["stack", "table", "bus"])
    .addOption(endpointOption("EventBridge", "AWS_ENDPOINT_URL_EVENTBRIDGE", "--bus-endpoint"))
    .addOption(policyOption("that explains it"))
    .addHelpText("after", help)
    .action((id: string, options: EditOptions) => run((terminal) => runEdit(id, options, terminal)));
}

async function runEdit(id: string, request: EditOptions, terminal: Terminal): Promise<CommandResult> {
  const misuse = findMisuse(request, terminal);
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nothing was changed` };
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const needs = {
    resources: ["stack", "table", "bus"],
    endpoints: { eventBridge: request.busEndpoint },
    isRecorded: true,
  } as const;
  return withDeadLetters(request, needs, terminal, async ({ target, ...ports }) => {
    const by = actorOf(request.by, target);
    if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was changed` };
    const opening = await openDeadLetter(id, ports);
    if (opening.kind !== "done") return toResult(opening, target, () => done);
    if (opening.report.kind === "unfit")
      return { kind: "failed", message: `${id} cannot be edited: ${opening.report.reason}` };
    const { opened } = opening.report;
    const mended = await mend(opened, request, terminal);
    if (mended === undefined) return incomplete;
    await explainMended(mended.line, loaded.policy, target, terminal);
    const question = `Publish ${mended.eventId} to ${nameIn(target, "bus")} and discard the dead letter, in ${targetText(target)}?`;
    if (request.yes !== true && !(await confirm(question, terminal, ports.signal))) {
      terminal.stderr.write("Nothing was changed.\n");
      return incomplete;
    }
    const qualifyPerson = personQualifier(loaded.policy ?? {});
    const publish = (line: string) => publishOne(target, line, ports.signal);
    const signed = { by, because: request.because, qualifyPerson, publish };
    return withDiscards(target, async (discards) =>
      toResult(
        await publishMended(opened, mended.line, { ...ports, ...signed, discards }),
        target,
        (result) => printResult({ eventId: mended.eventId, result }, { ...request, target }, terminal),
      ),
    );
  });
}

function findMisuse(request: EditOptions, { stdin }: Terminal): string | undefined {
  const { yes = false, set, endpoint, tableEndpoint, busEndpoint } = request;
  const named = [endpoint, tableEndpoint, busEndpoint].filter((url) => url !== undefined);
  if (named.length > 0 && named.length < 3)
    return "--endpoint, --table-endpoint and --bus-endpoint go together: all are one stack's";
  if (!yes && !stdin.isTTY) return nobodyToAsk("publish and discard");
  if (set !== undefined || editorOf() !== undefined) return undefined;
  return "expected --set, or an editor in VISUAL or EDITOR";
}

function editorOf(): string | undefined {
  return process.env.VISUAL || process.env.EDITOR || undefined;
}

/** Returns the event once it is well-formed; `undefined` where the operator gives up. */
async function mend(opened: OpenedLetter, { set }: EditOptions, terminal: Terminal) {
  let event: MendableEvent = opened.event;
  for (const { path, value } of set ?? []) event = setField(event, path, value);
  let text = JSON.stringify(event, null, 2);
  for (;;) {
    if (set === undefined) text = await editText(editorOf() ?? "", text);
    const checked = checkText(opened, text);
    if (checked.kind === "mended") return checked;
    writeError(terminal.stderr, `the event cannot be published: ${checked.problems}`);
    const isAgain = set === undefined && terminal.stdin.isTTY === true;
    if (!isAgain || !(await confirm("Edit it again?", terminal, new AbortController().signal))) {
      terminal.stderr.write("Nothing was changed.\n");
      return undefined;
    }
  }
}

function checkText(opened: OpenedLetter, text: string): ReturnType<typeof checkMended> {
  const value = parseJson(text);
  if (!isJsonObject(value)) return { kind: "malformed", problems: "expected a JSON object" };
  return checkMended(opened, { "detail-type": value["detail-type"], detail: value.detail });
}

/** What would become of it is no result, so it goes to stderr, before the question. */
async function explainMended(
  line: string,
  policy: Policy | undefined,
  target: Target,
  terminal: Terminal,
): Promise<void> {
  if (policy === undefined) {
    writeWarning(
      terminal,
      "What would become of it is not known: there is no policy.yml here; name it with --policy.",
    );
    return;
  }
  const accountTypesOf = accountTypesFinder(policy.accounts);
  const used = await useLedger(target, {}, (ledger) =>
    explainEvent(line, { ...ledger, policy, accountTypesOf }),
  );
  if (used.kind !== "used") {
    writeWarning(terminal, `What would become of it is not known: ${used.message}.`);
    return;
  }
  const report: ExplanationReport = withoutControlCharacters(used.value.report);
  printLines(
    [...explanationLines({ ...report, ledger: null }, target, screenOf(terminal.stderr)), ""],
    terminal.stderr,
  );
}

/** Each result in words, and whether the dead letter is gone. */
function printResult(
  { eventId, result }: { eventId: string; result: MendResult },
  { target, ...request }: EditOptions & { target: Target },
  { stdout }: Terminal,
): CommandResult {
  switch (result.kind) {
    case "notPublished":
      return { kind: "failed", message: `the bus did not take it (${result.reason}); nothing was changed` };
    case "gone":
      return { kind: "failed", message: "the dead letter is no longer there; nothing was published" };
    case "published": {
      const { kind, reason } = result.discarded;
      const isGone = deletedKinds.includes(kind);
      printTargeted({ eventId, discarded: isGone }, { ...request, target }, stdout, () => [
        `${eventId} published to ${nameIn(target, "bus")}. In ${targetText(target)}.`,
        ...(isGone ? ["The dead letter is discarded."] : []),
      ]);
      if (isGone) return done;
      return {
        kind: "failed",
        message: `the dead letter is still there (${reason ?? kind}): discard it, its event is published`,
      };
    }
  }
}
