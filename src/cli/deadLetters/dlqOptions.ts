import { type Command, InvalidArgumentError, Option } from "commander";
import { pipelineNames } from "../../pipelines.ts";
import { endpointOption, regionOption } from "../aws/awsOptions.ts";
import type { Endpoint } from "../aws/clientSettings.ts";
import { parseDuration } from "../parseDuration.ts";
import type { LetterFilter } from "./chooseLetters.ts";

/** Where the dead-letter queues are, which of their letters are meant, and how the answer is printed. */
export interface DlqOptions extends Endpoint, LetterFilter {
  stack: string;
  json?: boolean;
}

/** The options of every command about dead letters. */
export function addQueueOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--stack <name>", "the stack whose queues are meant; a stage's is called rollcall-STAGE")
        .env("ROLLCALL_STACK")
        .default("rollcall-dev"),
    )
    .addOption(endpointOption("SQS", "AWS_ENDPOINT_URL_SQS"))
    .addOption(regionOption())
    .option("--json", "print everything as one JSON object");
}

/** The options that narrow down which letters are meant. All that are given must hold. */
export function addFilterOptions(command: Command): Command {
  return command
    .addOption(new Option("--pipeline <name>", "only this pipeline's").choices(pipelineNames))
    .option("--code <code>", "only those with this code, such as UserNotFound")
    .option("--reason <text>", "only those whose reason holds this text")
    .option("--person <person>", "only this person's, by id or e-mail address")
    .addOption(ageOption("--older-than", "longer"))
    .addOption(ageOption("--newer-than", "shorter"));
}

function ageOption(flag: string, comparison: string): Option {
  return new Option(
    `${flag} <age>`,
    `only those dead for ${comparison} than that, such as 90m, 36h or 7d`,
  ).argParser(toMilliseconds);
}

function toMilliseconds(text: string): number {
  const length = parseDuration(text);
  if (length !== undefined) return length;
  throw new InvalidArgumentError("Expected a length of time such as 90m, 36h, 7d or 2w.");
}
