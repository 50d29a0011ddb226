import { type Command, Option } from "commander";
import { endpointOption, regionOption } from "../aws/awsOptions.ts";
import type { Endpoint } from "../aws/clientSettings.ts";

/** Where the ledger is, and how its answer is printed. */
export interface LedgerOptions extends Endpoint {
  table: string;
  json?: boolean;
}

/** The options of every command that reads the ledger. */
export function addLedgerOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--table <name>", "the ledger's table; a stage's is called rollcall-STAGE-ledger")
        .env("ROLLCALL_TABLE")
        .default("rollcall-dev-ledger"),
    )
    .addOption(endpointOption("DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB"))
    .addOption(regionOption())
    .option("--json", "print everything as one JSON object");
}
