import { type Command, Option } from "commander";
import type {
  DeadLetterLists,
  DeadLetterPorts,
  DeadLetterResult,
} from "../../../operations/listDeadLetters.ts";
import { type DeadLetterSource, deadLetterSources } from "../../../queue/deadLetter.ts";
import {
  type CommandFailure,
  type CommandResult,
  incomplete,
  runInterruptibly,
} from "../../commandResult.ts";
import { withDeadLetterQueues } from "../../composition.ts";
import { readList } from "../../files.ts";
import { openTarget, type TargetNeeds } from "../../openTarget.ts";
import { ageOption, personOption, type TargetOptions } from "../../options.ts";
import { nameIn, type Target } from "../../target.ts";
import { type Terminal, writeWarning } from "../../terminal.ts";
import { missingText, warningText } from "./dlqLines.ts";

/** Where the dead-letter queues are, and how the answer is printed. */
export interface QueueOptions extends TargetOptions {
  /** SQS's. */
  endpoint?: string;
  /** DynamoDB's, of commands that write the journal. */
  tableEndpoint?: string;
  /** Only this queue. */
  pipeline?: DeadLetterSource;
  json?: boolean;
}

/** Files that list what is meant, or `-` for standard input. */
export interface ListOptions {
  idsFile?: string;
  people?: string;
}

/** All filters that are given must match. */
export function addFilterOptions(command: Command): Command {
  const idsFile = new Option("--ids <file>", "only those of a list: an event's or message's id in each line");
  idsFile.attributeName = () => "idsFile";
  return command
    .addOption(idsFile)
    .option("--people <file>", "only those of a list of people: an id or address in each line")
    .addOption(
      new Option("--pipeline <name>", "only this pipeline's, or those that came from Okta").choices(
        deadLetterSources,
      ),
    )
    .option("--code <code>", "only those with this code, such as UserNotFound")
    .option("--reason <text>", "only those whose reason contains this text")
    .addOption(personOption())
    .addOption(ageOption("--older-than", "only those that are older than that"))
    .addOption(ageOption("--newer-than", "only those that are newer than that"));
}

export type ReadLists = { kind: "read"; listed?: DeadLetterLists } | CommandFailure;

/** Reads the lists that the options name. */
export async function readLists({ idsFile, people }: ListOptions, { stdin }: Terminal): Promise<ReadLists> {
  if (idsFile === undefined && people === undefined) return { kind: "read" };
  if (idsFile === "-" && people === "-")
    return { kind: "misused", message: "--ids and --people cannot both be standard input" };
  const listed: DeadLetterLists = {};
  for (const [name, file] of [["ids", idsFile] as const, ["people", people] as const]) {
    if (file === undefined) continue;
    const list = await readList(file, stdin);
    if (list.kind === "unreadable") return { kind: "misused", message: list.message };
    listed[name] = list.entries;
  }
  return { kind: "read", listed };
}

const interrupted =
  "Interrupted: putting the dead letters back. Press Ctrl-C again to quit at once; they come back by themselves within 5 minutes then.";

/** Runs an operation on the dead-letter queues. An interruption ends it in good order: with every dead letter in a queue. */
export function withDeadLetters(
  request: QueueOptions,
  {
    resources,
    isRecorded = false,
    endpoints: others = {},
  }: Omit<TargetNeeds, "endpoints"> & Partial<TargetNeeds>,
  terminal: Terminal,
  use: (ports: DeadLetterPorts & { target: Target }) => Promise<CommandResult>,
): Promise<CommandResult> {
  const onWarning: DeadLetterPorts["onWarning"] = (warning) => writeWarning(terminal, warningText(warning));
  const endpoints = { ...others, sqs: request.endpoint, dynamodb: request.tableEndpoint };
  return runInterruptibly(interrupted, terminal, async (signal) => {
    const opened = await openTarget(request, { resources, isRecorded, endpoints }, terminal);
    if (opened.kind !== "opened") return opened;
    const { target } = opened;
    const stack = nameIn(target, "stack");
    return withDeadLetterQueues(target, request.pipeline, (queues) =>
      use({ queues, stack, target, signal, now: Date.now, onWarning }),
    );
  });
}

export function toResult<Report>(
  result: DeadLetterResult<Report>,
  target: Target,
  print: (report: Report) => CommandResult,
): CommandResult {
  switch (result.kind) {
    case "done":
      return print(result.report);
    case "missing":
      return { kind: "failed", message: missingText(result.ids, target) };
    case "declined":
    case "interrupted":
      return incomplete;
  }
}
