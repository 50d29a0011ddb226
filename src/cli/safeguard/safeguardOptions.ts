import { type Command, Option } from "commander";
import { addLedgerOptions, type LedgerOptions } from "../ledger/ledgerOptions.ts";

/** Where the safeguard's state is, and the policy that its limits come from. */
export interface SafeguardOptions extends LedgerOptions {
  /** Left out: `policy.yml` in the current folder, if there is one. */
  policy?: string;
}

export function addSafeguardOptions(command: Command): Command {
  return addLedgerOptions(command).addOption(
    new Option("--policy <file>", "the policy with the limits (default: policy.yml, if it is here)"),
  );
}
