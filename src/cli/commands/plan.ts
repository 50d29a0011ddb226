import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { addRosterOptions, rosterHelp } from "../roster/rosterOptions.ts";
import { type PlanRequest, runPlan } from "../roster/runPlan.ts";

const examples = `${rosterHelp}
Exit code: 0 if the plan was made, 1 if the roster or the directory stopped it, 2 if the command was called
wrongly; with --exit-code 3 if there is something to do.

Examples:
  rollcall plan workers.csv
  rollcall plan report.json --column email=Work_Email --all
  hr-export | rollcall plan - --json | jq '.calls'`;

/** `rollcall plan ROSTER`: what a roster would change, and by which calls. */
export function addPlanCommand(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("plan")
    .description("Show what a full roster would change, and change nothing.");
  addRosterOptions(command)
    .option("--exit-code", "end with 3 if there is something to do")
    .addHelpText("after", examples)
    .action(async (roster: string, options: Omit<PlanRequest, "roster">) => {
      finish(concludeCommand(await runPlan({ ...options, roster }, terminal), terminal));
    });
}
