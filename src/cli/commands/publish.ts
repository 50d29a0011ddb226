import { type Command, Option } from "commander";
import { regionOption } from "../aws/awsOptions.ts";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { busEndpointOption, busOption } from "../publish/busOptions.ts";
import { type PublishRequest, runPublish } from "../publish/runPublish.ts";

const examples = `
Each line holds one event: {"detail-type": "EmployeeLeft", "detail": {"metadata": {…}, "data": {…}}}
Exit code: 0 if the bus accepted every event, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall publish events/sample-day.jsonl --dry-run      check a file and send nothing
  rollcall publish today.jsonl --bus rollcall-prod        send it
  hr-export | rollcall publish -                          send what another program writes
  rollcall publish today.jsonl.rejected.jsonl             send again what was rejected and mended`;

/** `rollcall publish FILE`: puts HR events on the bus. */
export function addPublishCommand(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command("publish")
    .description("Put HR events on the event bus, from a file of JSON lines.")
    .argument("<file>", "JSON lines to publish; - reads standard input")
    .addOption(busOption())
    .addOption(busEndpointOption())
    .addOption(regionOption())
    .addOption(
      new Option(
        "--rejected <file>",
        "where the lines go that were not accepted; replaced if it exists",
      ).conflicts("dryRun"),
    )
    .option("--unchecked", "send events that break their schema too")
    .option("--dry-run", "check the events and send nothing")
    .option("--json", "print the summary as one JSON object")
    .addHelpText("after", examples)
    .action(async (file: string, options: Omit<PublishRequest, "file">) => {
      finish(concludeCommand(await runPublish({ ...options, file }, terminal), terminal));
    });
}
