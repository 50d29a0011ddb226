import { userInfo } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod";
import { allKinds } from "../directory/kinds/directoryKinds.ts";
import { dayMilliseconds } from "../events/eventTime.ts";
import { withoutInvisible } from "../events/lookAlikes.ts";
import { type ResourceName, stagePattern } from "./targetNames.ts";

/** Which target a command works on, as the command line names it. The environment and a file may name it too. */
export interface TargetOptions {
  stage?: string;
  table?: string;
  stack?: string;
  bus?: string;
  region?: string;
  /** The account that it has to be; another is refused. */
  awsAccount?: string;
  stsEndpoint?: string;
}

const resourceOptions: Record<ResourceName, { flag: string; description: string }> = {
  table: { flag: "--table <name>", description: "another ledger than the stage's (env: ROLLCALL_TABLE)" },
  stack: { flag: "--stack <name>", description: "another stack than the stage's (env: ROLLCALL_STACK)" },
  bus: {
    flag: "--bus <name>",
    description: "another event bus than the stage's, by name or ARN (env: ROLLCALL_BUS)",
  },
};

/**
 * The options that name the target of a command. The environment is no part of them: a stage on the command line beats a table
 * in the environment.
 */
export function addTargetOptions(command: Command, resources: readonly ResourceName[]): Command {
  command.addOption(
    new Option(
      "--stage <name>",
      "the stage whose resources are meant (env: ROLLCALL_STAGE; default: dev)",
    ).argParser(parseStage),
  );
  for (const resource of resources) {
    const { flag, description } = resourceOptions[resource];
    command.addOption(new Option(flag, description));
  }
  return command
    .addOption(regionOption())
    .addOption(
      new Option("--aws-account <id>", "refuse any other AWS account (env: ROLLCALL_AWS_ACCOUNT)").argParser(
        parseAccount,
      ),
    )
    .addOption(stsEndpointOption());
}

function regionOption(): Option {
  return new Option("--region <name>", "AWS region (default: as the AWS configuration says)").argParser(
    parseRegion,
  );
}

/** Not the variable of all services: an emulator of the others need not know who calls. */
function stsEndpointOption(): Option {
  return new Option("--sts-endpoint <url>", "another STS endpoint")
    .env("AWS_ENDPOINT_URL_STS")
    .argParser(parseEndpoint)
    .hideHelp();
}

function parseStage(text: string): string {
  if (stagePattern.test(text)) return text;
  throw new InvalidArgumentError("Expected letters, digits and hyphens, such as prod.");
}

function parseAccount(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected the 12 digits of an AWS account.");
}

/**
 * An endpoint of one AWS service, by `--endpoint` or another flag; `variable` is the AWS SDK's own for it. The SDK's variable
 * for all services counts too.
 */
export function endpointOption(service: string, variable: string, flag = "--endpoint"): Option {
  const ofAll = process.env.AWS_ENDPOINT_URL;
  return new Option(`${flag} <url>`, `another ${service} endpoint, such as a local stack's`)
    .env(variable)
    .default(ofAll !== undefined && isEndpoint(ofAll) ? ofAll : undefined, "AWS_ENDPOINT_URL")
    .argParser(parseEndpoint);
}

function parseRegion(text: string): string {
  if (/^[a-z\d-]{1,63}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected a region such as eu-central-1.");
}

function parseEndpoint(text: string): string {
  if (isEndpoint(text)) return text;
  throw new InvalidArgumentError("Expected a URL such as http://127.0.0.1:4010.");
}

function isEndpoint(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

/** Where the ledger is, and how the answer is printed. */
export interface LedgerOptions extends TargetOptions {
  /** DynamoDB's. */
  endpoint?: string;
  json?: boolean;
}

/** The options of every command that reads the ledger. */
export function addLedgerOptions(command: Command): Command {
  return addTargetOptions(command, ["table"])
    .addOption(endpointOption("DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB"))
    .option("--json", "print everything as one JSON object");
}

/** DynamoDB's endpoint, of commands whose `--endpoint` is that of another service. */
export function tableEndpointOption(): Option {
  return endpointOption("DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB", "--table-endpoint");
}

/** Where the directories and their secrets are. */
export interface DirectoryOptions {
  directoryEndpoint?: string;
  /** Of the parameters that hold the secrets. */
  ssmEndpoint?: string;
  region?: string;
}

/** The options of commands that ask the directories and nothing else of AWS. */
export function addDirectoryOptions(command: Command): Command {
  for (const option of directoryEndpointOptions()) command.addOption(option);
  return command
    .addOption(
      new Option(
        "--stage <name>",
        "local: the directories of rollcall dev (env: ROLLCALL_STAGE); others say nothing here",
      ).argParser(parseStage),
    )
    .addOption(regionOption());
}

/** The endpoints of the directories, as `directoryEndpoint`, and that of their secrets. */
export function directoryEndpointOptions(): Option[] {
  const ofKinds = allKinds.flatMap(({ endpoint }) => {
    if (endpoint === undefined) return [];
    const option = endpointOption(endpoint.service, endpoint.variable, endpoint.flag);
    option.attributeName = () => "directoryEndpoint";
    return [option];
  });
  return [...ofKinds, endpointOption("SSM", "AWS_ENDPOINT_URL_SSM", "--ssm-endpoint")];
}

/** Where events are published. */
export interface BusOptions extends TargetOptions {
  /** EventBridge's. */
  endpoint?: string;
  /** A file for the lines that are not accepted. */
  rejected?: string;
}

export function busEndpointOption(): Option {
  return endpointOption("EventBridge", "AWS_ENDPOINT_URL_EVENTBRIDGE");
}

/** Names the operator and the reason, which the journal keeps. */
export interface AuditOptions {
  because: string;
  /** Left out only by a process whose user has no name. */
  by?: string;
}

/** The options of every command that the journal keeps. */
export function addAuditOptions(command: Command): Command {
  return addOperatorOption(command.addOption(noteOption().makeOptionMandatory()));
}

/** Why something is done. */
export function noteOption(): Option {
  return new Option("--because <text>", `why, for the record; at most ${longestNote} characters`).argParser(
    parseNote,
  );
}

/** Who does it. The journal keeps the caller that AWS knows beside it. */
export function addOperatorOption(command: Command): Command {
  return command.addOption(
    new Option("--by <name>", "who, for the record, beside the AWS caller")
      .argParser(parseNote)
      .default(userName(), "the user of this computer"),
  );
}

/** The message where the operator is not named. */
export const operatorUnknown = "the user of this process has no name: say with --by who you are";

/** `undefined` for a process whose user has no name, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

const longestNote = 500;

function parseNote(text: string): string {
  const note = text.trim();
  if (note !== "" && note.length <= longestNote) return note;
  throw new InvalidArgumentError(`Expected 1 to ${longestNote} characters; got ${note.length}.`);
}

/** An id or an address, which may be pasted with characters that nobody sees. */
export function parsePerson(text: string): string {
  const person = withoutInvisible(text);
  if (person !== "") return person;
  throw new InvalidArgumentError("Expected a person's id, such as P-T0042, or an e-mail address.");
}

/** Narrows a list down to one person. */
export function personOption(): Option {
  return new Option("--person <person>", "only this person's, by id or e-mail address").argParser(
    parsePerson,
  );
}

/** An option such as `--older-than 36h`, in milliseconds. */
export function ageOption(flag: string, description: string): Option {
  return new Option(`${flag} <age>`, `${description}, such as 90m, 36h or 7d`).argParser((text) => {
    const length = parseDuration(text);
    if (length !== undefined) return length;
    throw new InvalidArgumentError("Expected a length of time such as 90m, 36h, 7d or 2w.");
  });
}

const millisecondsOf: Partial<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: dayMilliseconds,
  w: 7 * dayMilliseconds,
};

/** A length of time such as `90m`, `36h` or `7d`, in milliseconds; `undefined` for anything else. */
function parseDuration(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,9})\s*([smhdw])$/.exec(text) ?? [];
  const length = millisecondsOf[unit];
  return length === undefined ? undefined : Number(count) * length;
}

const lastMoment = 8_640_000_000_000_000;

/**
 * The moment that an operator means, in milliseconds since the epoch: a date (to the end of that day in UTC), a time
 * with an offset, or a length of time from `now`. `undefined` for anything else.
 */
export function parseUntil(text: string, now: number): number | undefined {
  const length = parseDuration(text);
  if (length !== undefined) return Math.min(now + length, lastMoment);
  const lastOfDay = isDate(text) ? dayMilliseconds - 1 : 0;
  const moment = parseMoment(text);
  return moment === undefined ? undefined : moment + lastOfDay;
}

/** As `parseUntil`, of what lies behind: a date means its beginning, and a length of time is one before `now`. */
export function parseSince(text: string, now: number): number | undefined {
  const length = parseDuration(text);
  return length === undefined ? parseMoment(text) : Math.max(0, now - length);
}

/** A date means its beginning in UTC. */
function parseMoment(text: string): number | undefined {
  return isDate(text) || z.iso.datetime({ offset: true }).safeParse(text).success
    ? Date.parse(text)
    : undefined;
}

function isDate(text: string): boolean {
  return z.iso.date().safeParse(text).success;
}

/** The beginning of a period that lies behind, in milliseconds since the epoch. */
export function sinceOption(description: string): Option {
  return new Option("--since <when>", description).argParser(toMoment(parseSince));
}

/** The end of a period that lies behind, in milliseconds since the epoch. */
export function untilOption(): Option {
  const text = "to then: a date (that day included), or a time (default: now)";
  return new Option("--until <when>", text).argParser(toMoment(parseUntil));
}

function toMoment(parse: (text: string, now: number) => number | undefined): (text: string) => number {
  return (text) => {
    const moment = parse(text, Date.now());
    if (moment !== undefined) return moment;
    throw new InvalidArgumentError(
      "Expected a date such as 2026-06-30, a time such as 2026-06-30T12:00:00Z, or 30d.",
    );
  };
}

/** The message for a period that ends before it begins. */
export const emptyPeriod = "expected --since to be before --until, or before now if --until is left out";

/** @param what the policy is read for, as in `with the limits` */
export function policyOption(what = ""): Option {
  return new Option(
    "--policy <file>",
    `the policy${what && ` ${what}`} (default: policy.yml, if it is here)`,
  );
}

/** The options of commands about the dead-letter queues of a stack; with the ledger's, where `resources` has the table. */
export function addQueueOptions(command: Command, resources: readonly ResourceName[] = ["stack"]): Command {
  addTargetOptions(command, resources).addOption(endpointOption("SQS", "AWS_ENDPOINT_URL_SQS"));
  if (resources.includes("table")) command.addOption(tableEndpointOption());
  return command.option("--json", "print everything as one JSON object");
}
