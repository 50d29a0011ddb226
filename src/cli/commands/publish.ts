import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../createProgram.ts";
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
  const publish = program
    .command("publish")
    .description("Put HR events on the event bus, from a file of JSON lines.")
    .argument("<file>", "JSON lines to publish; - reads standard input")
    .addOption(
      new Option("--bus <name>", "event bus, by name or ARN").env("ROLLCALL_BUS").default("rollcall"),
    )
    .addOption(
      new Option("--endpoint <url>", "another EventBridge endpoint, such as a local stack's")
        .env("AWS_ENDPOINT_URL_EVENTBRIDGE")
        .argParser(parseEndpoint),
    )
    .option("--region <name>", "AWS region (default: as the AWS configuration says)")
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
      const end = await runPublish({ ...options, file }, terminal);
      if (end.kind === "misused") publish.error(`error: ${end.message}`);
      else finish(end.exitCode);
    });
}

function parseEndpoint(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("Expected a URL such as http://127.0.0.1:4010.");
}
