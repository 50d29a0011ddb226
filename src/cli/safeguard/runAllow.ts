import { allowSuspensions } from "../../safeguard/safeguard.ts";
import type { Allowance } from "../../safeguard/safeguardState.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import { shownText } from "../ledger/shownText.ts";
import { timeText } from "../ledger/timeText.ts";
import { countOf, type Terminal } from "../terminal.ts";
import { type AccountRequest, changeAccount } from "./changeAccount.ts";
import { restText } from "./restText.ts";

/** The options of `rollcall safeguard allow`. */
export interface AllowRequest extends AccountRequest {
  count: number;
  /** Milliseconds since the epoch. */
  until: number;
}

/** Allows so many suspensions of an account in advance, in the operator's name. */
export function runAllow(request: AllowRequest, { stdout }: Terminal): Promise<CommandEnd> {
  return changeAccount(request, async ({ store, state, signed }) => {
    const { account, count: people, until, table, json = false } = request;
    const now = Date.now();
    await allowSuspensions(store, account, { people, until, ...signed }, now);
    const replaced = leftOf(state.allowance, now);
    const facts = { people, until: timeText(until), by: signed.by, replaced };
    if (json) stdout.write(`${JSON.stringify({ table, accountId: account, ...facts })}\n`);
    else for (const line of linesOf(request, replaced, now)) stdout.write(`${line}\n`);
    return { kind: "done", exitCode: exitCodes.done };
  });
}

/** What ends with the new allowance. */
interface Replaced {
  people: number;
  until: string;
  by: string;
}

function leftOf(allowance: Allowance | undefined, now: number): Replaced | null {
  if (allowance === undefined || allowance.people === 0 || allowance.until <= now) return null;
  return { people: allowance.people, until: timeText(allowance.until), by: allowance.by };
}

function linesOf({ account, count, until }: AllowRequest, replaced: Replaced | null, now: number): string[] {
  const show = shownText({ typed: undefined, forTerminal: true });
  const rest = restText(until, now);
  return [
    `${countOf(count, "suspension")} of ${account} may pass until ${timeText(until)} (in ${rest}), whatever the limit and the latch say.`,
    ...(replaced === null
      ? []
      : [
          `This takes the place of ${replaced.people.toLocaleString("en")} that ${show(replaced.by)} had allowed until ${replaced.until}.`,
        ]),
    `Whoever is held already stays held: rollcall held list --account ${account}`,
  ];
}
