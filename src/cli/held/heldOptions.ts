import type { Command } from "commander";
import { ageOption } from "../ageOption.ts";
import { addLedgerOptions, type LedgerOptions } from "../ledger/ledgerOptions.ts";
import { personOption } from "../personOption.ts";
import { addSignatureOptions, type Signature } from "../signature.ts";
import type { HeldFilter } from "./chooseHeld.ts";

/** Where the ledger is, which of the held suspensions are meant, and how the answer is printed. */
export type HeldOptions = LedgerOptions & HeldFilter;

/** The options of a command that decides about held suspensions. */
export interface SettleOptions extends HeldOptions, Signature {
  all?: boolean;
  yes?: boolean;
}

/** The options of every command about held suspensions. All filters that are given must hold. */
export function addHeldOptions(command: Command): Command {
  command
    .addOption(personOption())
    .option("--account <id>", "only this account's")
    .addOption(ageOption("--older-than", "only those held for longer than that"));
  return addLedgerOptions(command);
}

export function addSettleOptions(command: Command): Command {
  command.option("--all", "everybody who is held");
  addSignatureOptions(command).option("--yes", "do not ask");
  return addHeldOptions(command);
}
