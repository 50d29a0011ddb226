import { resetLatch } from "../../safeguard/safeguard.ts";
import type { Latch } from "../../safeguard/safeguardState.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { confirm, nobodyToAsk } from "../confirm.ts";
import { exitCodes } from "../exitCodes.ts";
import { timeText } from "../ledger/timeText.ts";
import type { Terminal } from "../terminal.ts";
import { crossingText } from "./actText.ts";
import { type AccountRequest, changeAccount } from "./changeAccount.ts";

/** The options of `rollcall safeguard reset`. */
export interface ResetRequest extends AccountRequest {
  yes?: boolean;
}

/** Asks, and opens an account's latch in the operator's name. One that is open already is left alone. */
export async function runReset(request: ResetRequest, terminal: Terminal): Promise<CommandEnd> {
  const { account, table, yes = false, json = false } = request;
  const { stdin, stdout, stderr } = terminal;
  if (!yes && !stdin.isTTY)
    return { kind: "misused", message: `${nobodyToAsk("reset the latch")}; nothing was changed` };
  return changeAccount(request, async ({ store, state: { latch }, signed }) => {
    if (latch !== undefined) {
      if (!yes && !(await isMeant(account, latch, terminal))) {
        stderr.write("The latch stays closed.\n");
        return { kind: "done", exitCode: exitCodes.incomplete };
      }
      await resetLatch(store, account, signed, Date.now());
    }
    const closedAt = latch === undefined ? null : new Date(latch.closedAt).toISOString();
    if (json) stdout.write(`${JSON.stringify({ table, accountId: account, latch: "open", closedAt })}\n`);
    else
      stdout.write(
        `${latch === undefined ? `The latch of ${account} was open already.` : opened(account)}\n`,
      );
    return { kind: "done", exitCode: exitCodes.done };
  });
}

function isMeant(account: string, latch: Latch, terminal: Terminal): Promise<boolean> {
  const why = `The latch of ${account} is closed since ${timeText(latch.closedAt)}: ${crossingText(latch)}.`;
  terminal.stderr.write(`${why}\nOnce it is open, suspensions pass again, up to the limit.\n`);
  return confirm(`Open the latch of ${account}?`, terminal, new AbortController().signal);
}

function opened(account: string): string {
  return `The latch of ${account} is open: suspensions pass again, up to the limit.\nWhoever is held stays held: rollcall held list --account ${account}`;
}
