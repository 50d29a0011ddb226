import { type Command, Option } from "commander";
import { regionOption } from "../aws/awsOptions.ts";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { busEndpointOption, busOption } from "../publish/busOptions.ts";
import { addRosterOptions, rosterHelp } from "../roster/rosterOptions.ts";
import { runSync, type SyncRequest } from "../roster/runSync.ts";

const examples = `${rosterHelp}
The events of one roster have the same ids each time: to sync it twice does no harm.
Exit code: 0 if the bus accepted every event or there was none, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall sync workers.csv --bus rollcall-prod            shows the plan, and asks
  rollcall sync workers.csv --bus rollcall-prod --yes      in a script`;

/** `rollcall sync ROSTER`: brings the directory to a roster, by events. */
export function addSyncCommand(program: Command, { terminal, finish }: CommandContext): void {
  const command = program.command("sync").description("Publish what brings the directory to a full roster.");
  addRosterOptions(command)
    .addOption(busOption())
    .addOption(busEndpointOption())
    .addOption(regionOption())
    .addOption(
      new Option("--rejected <file>", "where the events go that were not accepted; replaced if it exists"),
    )
    .option("--yes", "do not ask")
    .addHelpText("after", examples)
    .action(async (roster: string, options: Omit<SyncRequest, "roster">) => {
      finish(concludeCommand(await runSync({ ...options, roster }, terminal), terminal));
    });
}
