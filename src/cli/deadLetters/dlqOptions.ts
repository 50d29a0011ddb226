import { type Command, Option } from "commander";
import { letterSources } from "../../queue/letterSource.ts";
import { ageOption } from "../ageOption.ts";
import { endpointOption, regionOption } from "../aws/awsOptions.ts";
import type { Endpoint } from "../aws/clientSettings.ts";
import { personOption } from "../personOption.ts";
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
    .addOption(
      new Option("--pipeline <name>", "only this pipeline's, or those that came from Okta").choices(
        letterSources,
      ),
    )
    .option("--code <code>", "only those with this code, such as UserNotFound")
    .option("--reason <text>", "only those whose reason holds this text")
    .addOption(personOption())
    .addOption(ageOption("--older-than", "only those dead for longer than that"))
    .addOption(ageOption("--newer-than", "only those dead for shorter than that"));
}
