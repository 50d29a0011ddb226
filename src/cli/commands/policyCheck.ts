import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { type PolicyCheckRequest, runPolicyCheck } from "../policy/runPolicyCheck.ts";

const examples = `
Exit code: 0 if the policy is right, 1 if not, 2 if it cannot be read.

Examples:
  rollcall policy check
  rollcall policy check policy.prod.yml
  rollcall policy check --json | jq '.problems[]'`;

/** `rollcall policy check [FILE]`: is this policy right, and what does it come to? */
export function addPolicyCheckCommand(policy: Command, { terminal, finish }: CommandContext): void {
  policy
    .command("check")
    .description("Say what a policy comes to, or where it is wrong and what is expected there.")
    .argument("[file]", "the policy", "policy.yml")
    .option("--json", "print what is wrong as one JSON object")
    .addHelpText("after", examples)
    .action(async (file: string, options: Omit<PolicyCheckRequest, "file">) => {
      finish(concludeCommand(await runPolicyCheck({ ...options, file }, terminal), terminal));
    });
}
