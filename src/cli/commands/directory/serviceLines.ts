import type { AccountDetails } from "../../../directory/administration.ts";
import type {
  DirectoryService,
  OperationInput,
  ServiceOperation,
} from "../../../directory/serviceOperation.ts";
import { isJsonObject } from "../../../events/boundedJson.ts";
import type {
  ServiceChangeReport,
  ServiceReport,
  TargetReport,
} from "../../../operations/directory/callService.ts";
import type { AccountCounts, CloseAccountReport } from "../../../operations/directory/closeAccount.ts";
import { countOf, countPeople } from "../../../operations/words/plainWords.ts";
import { type Target, targetText } from "../../target.ts";
import type { Screen, TextStyle } from "../../terminal.ts";
import { tableLines, wrapWords } from "../../textLayout.ts";

type Described = Pick<DirectoryService<never>, "name" | "title">;

const helpWidth = 88;
const wrapped = (text: string) => wrapWords(text, helpWidth).join("\n");

/** The IAM action of an operation. */
function permissionOf({ name }: Described, operation: string): string {
  return `${name}:${operation}`;
}

/** So many of a batch are named before the question. */
const targetsShown = 10;

/** The texts of the help, and those before a question. */
export const serviceHelp = {
  ofService: ({ name, title }: Described) => `
${wrapped(`Every operation of ${title}'s user administration, by the names of its API too. A call that changes something passes the order of HR's decisions and the safeguard. So it asks, needs --because, and is on record before it is made; where an event does the same, the help of the operation says which.`)}

Examples:
  rollcall ${name} list-users --account team-0001 --type SharedDevice
  rollcall ${name} get-account-settings --account team-0001
  rollcall ${name} close-account --account team-0001 --because "the site closed"`,

  ofOperation: (service: Described, operation: ServiceOperation) => {
    const { name, command, notes, changes, batch, byEvent, aboutPeople, examples } = operation;
    const because = changes ? ' --because "a ticket"' : "";
    const paragraphs = [
      ...notes,
      ...(batch === undefined
        ? []
        : [
            `A call takes ${batch.most} at most: a longer list is cut into calls, and each target has a result.`,
          ]),
      ...(aboutPeople ? ["A shared device is never taken for a person: it is left out and told."] : []),
      ...(byEvent === undefined
        ? []
        : [`In HR's order, and in the journal of the person, an event does it: ${byEvent}.`]),
      changes
        ? `Needs ${permissionOf(service, name)}${aboutPeople ? ` and ${permissionOf(service, "ListUsers")}` : ""}, and dynamodb:Query, GetItem and PutItem on the table.`
        : `Needs ${permissionOf(service, name)}.`,
      "Exit code: 0 if it is done, 1 if not or not for all, 2 if the command was called wrongly.",
    ];
    return `\n${paragraphs.map(wrapped).join("\n")}\n\nExamples:\n${examples
      .map((each) => `  rollcall ${service.name} ${command} ${each}${because}`)
      .join("\n")}`;
  },

  ofClosing: (service: Described) => `
${wrapped(`Everybody is suspended, shared devices included, past the safeguard: the account's name is asked for in place of it. Who fails in a way that may pass is tried again for some minutes. Nothing is deleted while anybody is left, and who is left is told. A deleted account can be restored for 90 days, by the service's support alone.`)}
${wrapped("Take the account out of policy.yml and deploy first, or pause it: the next event about somebody would let that person in again.")}
Needs the permissions to read the account and its users, to suspend and to delete, and
dynamodb:Query, GetItem and PutItem on the table.
Exit code: 0 if the account is deleted, 1 if not, 2 if the command was called wrongly, 130
if it was interrupted.

Examples:
  rollcall ${service.name} close-account --account team-0001 --because "the site closed"
  rollcall ${service.name} close-account --account team-0001 --name "The team" --because "the site closed"`,

  /** What is about to be called. */
  beforeChange(
    { name, batch, byEvent }: ServiceOperation,
    input: OperationInput,
    { targets, calls, devices }: { targets: readonly string[]; calls: number; devices: number },
  ): string[] {
    const fields = Object.entries(input).map(([key, value]) => [key, String(value)] as const);
    const width = Math.max(0, ...fields.map(([key]) => key.length));
    const values = fields.map(([key, value]) => `  ${key.padEnd(width)}  ${value}`);
    const shown = batch === undefined ? [] : targets.slice(0, targetsShown);
    const others = targets.length - shown.length;
    return [
      batch === undefined
        ? `${name}:`
        : `${name} for ${targets.length.toLocaleString("en")}, in ${countOf(calls, "call")}:`,
      ...values,
      ...shown.map((target) => `  ${target}`),
      ...(batch === undefined || others === 0 ? [] : [`  and ${others.toLocaleString("en")} more`]),
      ...(devices === 0 ? [] : [`  ${countOf(devices, "shared device")} left out`]),
      ...(byEvent === undefined ? [] : [`In HR's order an event does it: ${byEvent}.`]),
    ];
  },
};

/** A service's answer: a list as a table, everything else as JSON. */
export function readLines(
  { answer, nextPageToken }: ServiceReport,
  { pages }: ServiceOperation,
  target: Target,
  screen: Screen,
): string[] {
  const { list = "", columns = [] } = pages ?? {};
  const items = isJsonObject(answer) ? answer[list] : undefined;
  const more =
    nextPageToken === null
      ? []
      : [
          "",
          "There is a further page: --all-pages reads on, or one page alone",
          `  --next-token ${nextPageToken}`,
        ];
  if (!Array.isArray(items)) return [...JSON.stringify(answer, null, 2).split("\n"), ...more];
  if (items.length === 0) return [`None in ${targetText(target)}.`, ...more];
  return [
    ...itemLines(items, columns, screen),
    "",
    `${items.length.toLocaleString("en")} in ${targetText(target)}.`,
    ...more,
  ];
}

/** What tells the most stands in columns, and the rest of an item's fields follows. */
function itemLines(items: readonly unknown[], columns: readonly string[], screen: Screen): string[] {
  const rows = items.map((item) => {
    const fields = Object.entries(isJsonObject(item) ? item : { item }).map(([key, value]) => ({
      key,
      text: typeof value === "string" ? value : JSON.stringify(value),
    }));
    return {
      cells: columns.map((name) => fields.find(({ key }) => key === name)?.text ?? "-"),
      details: fields.flatMap(({ key, text }) => (columns.includes(key) ? [] : [`${key} ${text}`])),
    };
  });
  return tableLines(columns, rows, screen);
}

const resultStyles: Record<TargetReport["result"], TextStyle> = {
  done: "green",
  failed: "red",
  device: "yellow",
  untouched: "yellow",
};

const resultTexts: Record<TargetReport["result"], string> = {
  done: "done",
  failed: "failed",
  device: "left out, a shared device",
  untouched: "not reached",
};

/** A result for each target, and where the journal says so. */
export function changeLines(
  { targets, accountId, answer, journalFault, stoppedBy, counts }: ServiceChangeReport,
  { batch, name }: ServiceOperation,
  target: Target,
  screen: Screen,
): string[] {
  const rows = targets.map(({ target: who, result, code, failure }) => ({
    cells: [
      who,
      {
        text: code === undefined ? resultTexts[result] : `${resultTexts[result]}: ${code}`,
        style: resultStyles[result],
      },
    ],
    details: failure === undefined ? [] : [failure],
  }));
  const summary = Object.entries(counts).map(([result, count]) => `${count.toLocaleString("en")} ${result}`);
  const isTold = batch === undefined && isJsonObject(answer) && Object.keys(answer).length > 0;
  return [
    ...tableLines(["TARGET", "RESULT"], rows, screen),
    "",
    ...(isTold ? JSON.stringify(answer, null, 2).split("\n") : []),
    `${name}: ${summary.join(", ")}, in ${targetText(target)}.`,
    journalFault === undefined
      ? `On record with the account ${accountId ?? "that it is about"}.`
      : `The journal has only its beginning: ${journalFault}`,
    ...(stoppedBy === undefined ? [] : [`No further call was made: ${stoppedBy}`]),
  ];
}

/** What is about to be closed. */
export function closingText(
  { accountId, name, type }: AccountDetails,
  { people, devices, suspended }: AccountCounts,
  isInPolicy: boolean,
): string[] {
  return [
    `The account ${accountId}${name === undefined ? "" : ` "${name}"`} (${type}) has ${countPeople(people)} and ${countOf(devices, "shared device")} to suspend; ${suspended.toLocaleString("en")} suspended already.`,
    "They are suspended past the safeguard, and then the account is deleted.",
    ...(isInPolicy
      ? [
          "The policy still has it: take it out and deploy, or pause it, or the next event may let people in again.",
        ]
      : []),
  ];
}

/** What became of an account that was to be closed, and who is left. */
export function closedLines(
  { accountId, suspended, remaining, deleted, journalFault }: CloseAccountReport,
  target: Target,
  screen: Screen,
): string[] {
  const rows = remaining.map(({ userId, email, type, state, code, failure }) => ({
    cells: [userId, email, type, state, { text: code, style: "red" as const }],
    details: [failure],
  }));
  return [
    ...(remaining.length === 0
      ? []
      : [...tableLines(["USER", "ADDRESS", "TYPE", "STATUS", "WHY"], rows, screen), ""]),
    `${countOf(suspended, "user")} of ${accountId} suspended; ${remaining.length.toLocaleString("en")} left, in ${targetText(target)}.`,
    deleted
      ? screen.paint("green", `${accountId} is deleted.`)
      : screen.paint("red", `${accountId} is not deleted.`),
    ...(journalFault === undefined ? [] : [`The journal has only its beginning: ${journalFault}`]),
  ];
}
