import type { Command } from "commander";
import type { CommandContext } from "../createProgram.ts";
import { addPolicyCheckCommand } from "./policyCheck.ts";

/** `rollcall policy`: the policy before it is deployed. */
export function addPolicyCommand(program: Command, context: CommandContext): void {
  const policy = program
    .command("policy")
    .description("Check the policy: whose access is managed, and how.")
    .usage("COMMAND [options]");
  addPolicyCheckCommand(policy, context);
}
