import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { Argument, type Command, Option } from "commander";
import { findPeople, isAddress } from "../../../operations/inspectPerson.ts";
import {
  type BuiltEvent,
  buildEvent,
  type EventSetting,
  type TriggerKind,
  triggerKinds,
} from "../../../operations/trigger/triggerEvent.ts";
import { personQualifier } from "../../../policy/policyRules.ts";
import { maskEmails } from "../../../privacy/masking.ts";
import {
  type CommandFailure,
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
  runInterruptibly,
} from "../../commandResult.ts";
import { publishOne, useLedger } from "../../composition.ts";
import { loadPolicy } from "../../files.ts";
import { findLocalStack, type LocalStack, readLocalPeople } from "../../localStack.ts";
import { openTarget } from "../../openTarget.ts";
import {
  addTargetOptions,
  type BusOptions,
  busEndpointOption,
  policyOption,
  tableEndpointOption,
} from "../../options.ts";
import { isLocalStack, type Target, targetText } from "../../target.ts";
import { confirm, nobodyToAsk, type Terminal } from "../../terminal.ts";
import { settingOption } from "../eventSettings.ts";
import { endLines, exitCodeOfReport, followInSight, timeoutOption } from "./followInSight.ts";

const help = `
Builds one event that its schema accepts, and puts it on the bus: with --wait, the smoke test of
a deployment. An id or an address alone is enough where the ledger knows the person, or rollcall
dev made them up. It asks before it publishes to AWS.
Needs the permissions of rollcall publish; with --wait, or to look a person up, dynamodb:Query on
the table and on its indexes.
Exit codes with --wait:
  0  applied, or unchanged because it was so already
  1  rejected or discarded
  4  superseded, excluded or observed: nothing was done
  5  deferred, or held by the safeguard
  6  no outcome within --timeout

Examples:
  rollcall trigger left --person P-T0042 --stage local --wait
  rollcall trigger left --stage local                          somebody of the directories
  rollcall trigger role-changed --person P-T0101 --set data.role=sales --stage local --wait
  rollcall trigger hired --person smoke-1 --set data.email=smoke@example.com --stage prod --yes --wait`;

interface TriggerOptions extends BusOptions {
  person?: string;
  set?: readonly EventSetting[];
  wait?: boolean;
  timeout: number;
  yes?: boolean;
  tableEndpoint?: string;
  policy?: string;
  json?: boolean;
}

/** `rollcall trigger KIND` publishes one event, and with `--wait` follows it to its outcome. */
export function addTriggerCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("trigger")
    .description("Publish one event about somebody, and see what becomes of it.")
    .addArgument(new Argument("<kind>", "what HR decided").choices(Object.keys(triggerKinds)))
    .addOption(new Option("--person <who>", "the person, by id or address"))
    .addOption(settingOption("data.role"))
    .option("--wait", "wait for the outcome, and print each step")
    .addOption(timeoutOption())
    .option("--yes", "do not ask");
  addTargetOptions(command, ["bus", "table"])
    .addOption(busEndpointOption())
    .addOption(tableEndpointOption())
    .addOption(policyOption("with the namespaces of people's ids"))
    .option("--json", "print one JSON object")
    .addHelpText("after", help)
    .action((kind: TriggerKind, options: TriggerOptions) =>
      run((terminal) => runTrigger(kind, options, terminal)),
    );
}

async function runTrigger(
  kind: TriggerKind,
  request: TriggerOptions,
  terminal: Terminal,
): Promise<CommandResult> {
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const opened = await openTarget(
    request,
    {
      resources: ["bus", "table"],
      endpoints: { eventBridge: request.endpoint, dynamodb: request.tableEndpoint },
    },
    terminal,
  );
  if (opened.kind !== "opened") return opened;
  const { target } = opened;
  const event = await toEvent(kind, request, target);
  if (event.kind !== "built") return event;
  if (!isLocalStack(target) && request.yes !== true && !terminal.stdin.isTTY)
    return { kind: "misused", message: nobodyToAsk("publish") };
  const interrupted = "Interrupted: what was published stays published.";
  return runInterruptibly(interrupted, terminal, async (signal) => {
    const question = `Publish ${triggerKinds[kind]} of ${event.personId} in ${targetText(target)}?`;
    if (!isLocalStack(target) && request.yes !== true && !(await confirm(question, terminal, signal))) {
      terminal.stderr.write("Nothing was published.\n");
      return incomplete;
    }
    const startedAt = performance.now();
    const published = await publishOne(target, event.line, signal);
    if ("kind" in published) return { kind: "failed", message: published.message };
    if (published.status !== "accepted")
      return {
        kind: "failed",
        message: `the bus did not take the event: ${"reason" in published ? published.reason : published.status}`,
      };
    const told = { eventId: event.eventId, personId: event.personId, type: triggerKinds[kind] };
    if (request.wait !== true) {
      printTargeted(told, { ...request, target }, terminal.stdout, () => publishedLines(told));
      return done;
    }
    if (!request.json) printLines(publishedLines(told), terminal.stdout);
    const qualified = personQualifier(loaded.policy ?? {})({ personId: event.personId });
    return wait({ told, qualified, startedAt, signal }, request, target, terminal);
  });
}

interface Told {
  eventId: string;
  personId: string;
  type: string;
}

function publishedLines({ eventId, personId, type }: Told): string[] {
  return [`${type} of ${maskEmails(personId)} is published, as ${eventId}.`];
}

async function wait(
  {
    told,
    qualified,
    startedAt,
    signal,
  }: { told: Told; qualified: string; startedAt: number; signal: AbortSignal },
  request: TriggerOptions,
  target: Target,
  terminal: Terminal,
): Promise<CommandResult> {
  const following = await useLedger(target, {}, (ledger) =>
    followInSight(
      {
        eventIds: [told.eventId],
        personId: qualified,
        startedAt,
        patienceMilliseconds: request.timeout,
        typed: request.person === undefined ? [] : [request.person],
        signal,
        json: request.json,
      },
      ledger,
      terminal,
    ),
  );
  if (following.kind !== "used") return following;
  const report = following.value;
  const seconds = (performance.now() - startedAt) / 1000;
  const [decision = null] = report.events;
  printTargeted(
    { ...told, standing: report.standing, seconds: Math.round(seconds * 10) / 10, decision },
    { ...request, target },
    terminal.stdout,
    () => endLines(report, target, seconds),
  );
  return { kind: "done", exitCode: exitCodeOfReport(report) };
}

type BuiltOrNot = Extract<BuiltEvent, { kind: "built" }> | CommandFailure;

async function toEvent(
  kind: TriggerKind,
  { person, set: settings = [] }: TriggerOptions,
  target: Target,
): Promise<BuiltOrNot> {
  const local = localStackOf(target);
  const found = await findPerson(kind, person, { settings, local, target });
  if (found.kind !== "found") return found;
  const eventId = `trigger-${randomUUID()}`;
  const now = Date.now() + (local?.aheadMilliseconds ?? 0);
  const built = buildEvent({ kind, person: found.person, settings, eventId, now });
  return built.kind === "built"
    ? built
    : {
        kind: "misused",
        message: `the event is not valid: ${built.problems}. Name a field with --set, such as --set data.role=engineer`,
      };
}

function localStackOf(target: Target): LocalStack | undefined {
  if (!isLocalStack(target)) return undefined;
  const found = findLocalStack(resolve());
  return found.kind === "running" ? found.stack : undefined;
}

type FoundPerson =
  | { kind: "found"; person: { personId?: string | undefined; email?: string | undefined } }
  | CommandFailure;

/** An event names a person by id and address. The other of the two is looked up: in the local stack's people, or in the ledger. */
async function findPerson(
  kind: TriggerKind,
  who: string | undefined,
  {
    settings,
    local,
    target,
  }: { settings: readonly EventSetting[]; local: LocalStack | undefined; target: Target },
): Promise<FoundPerson> {
  const isSet = (path: string) => settings.some((setting) => setting.path === path);
  if (who === undefined) {
    if (isSet("data.personId") && isSet("data.email")) return { kind: "found", person: {} };
    if (local === undefined)
      return {
        kind: "misused",
        message: "expected --person with somebody's id, and perhaps --set data.email=…",
      };
    return { kind: "found", person: anybody(kind, local) };
  }
  const named = isAddress(who) ? { email: who } : { personId: who };
  if (isSet(isAddress(who) ? "data.personId" : "data.email")) return { kind: "found", person: named };
  const people = local === undefined ? {} : readLocalPeople(local);
  const sample = Object.entries(people).find(([id, email]) => id === who || email === who.toLowerCase());
  if (sample !== undefined) return { kind: "found", person: { personId: sample[0], email: sample[1] } };
  const reading = await useLedger(target, {}, ({ history }) => findPeople(history, who));
  if (reading.kind !== "used") return reading;
  const [one, ...others] = reading.value;
  const email = isAddress(who) ? who : one?.heads.find((head) => head.email !== undefined)?.email;
  if (one !== undefined && others.length === 0 && email !== undefined)
    return { kind: "found", person: { personId: one.personId, email } };
  const missing = isAddress(who)
    ? "the id in HR with --set data.personId=…"
    : "the address with --set data.email=…";
  return {
    kind: "misused",
    message: `the ledger knows ${others.length > 0 ? "several people" : "nobody"} called ${who} (${targetText(target)}): add ${missing}`,
  };
}

/** Somebody of the directories of `rollcall dev`, or for a hire somebody new. */
function anybody(kind: TriggerKind, local: LocalStack): { personId?: string; email?: string } {
  const all = Object.entries(readLocalPeople(local));
  const number = Math.floor(Math.random() * 9000 + 1000);
  if (kind === "hired") return { personId: `P-H${number}`, email: `new.hire${number}@example.com` };
  const [personId = "", email = ""] = all[number % Math.max(1, all.length)] ?? [];
  return { personId, email };
}
