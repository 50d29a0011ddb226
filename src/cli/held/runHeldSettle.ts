import { dynamoHeldDecisions } from "../../ledger/dynamo/dynamoHeldDecisions.ts";
import type { LedgerTable } from "../../ledger/dynamo/ledgerTable.ts";
import type { StoredHeldDecision } from "../../ledger/pendingStore.ts";
import { dynamoSafeguardStore } from "../../safeguard/dynamo/dynamoSafeguardStore.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { nobodyToAsk } from "../confirm.ts";
import { exitCodes } from "../exitCodes.ts";
import { catchInterruption } from "../interruption.ts";
import { changeLedger } from "../ledger/changeLedger.ts";
import type { ExplainFailure } from "../ledger/readLedger.ts";
import { unsigned } from "../signature.ts";
import { statusLine } from "../statusLine.ts";
import { paint, type Terminal } from "../terminal.ts";
import { chooseHeld, isUnfiltered } from "./chooseHeld.ts";
import { concludeHeld } from "./concludeHeld.ts";
import { confirmHeld } from "./confirmHeld.ts";
import type { HeldDeed } from "./heldDeeds.ts";
import type { SettleOptions } from "./heldOptions.ts";
import { settleAll } from "./settleAll.ts";

/** Says whom it means, asks, and releases or discards them, in the name of whoever does it. */
export async function runHeldSettle(
  deed: HeldDeed,
  request: SettleOptions,
  terminal: Terminal,
): Promise<CommandEnd> {
  const misuse = misuseOf(deed, request, terminal);
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nobody was ${deed.past}` };
  const interruption = catchInterruption(() => {
    terminal.stderr.write(
      `\n${paint(terminal.stderr, "yellow", "Interrupted: ending what is under way.")}\n`,
    );
  });
  try {
    const end = await changeLedger(request, deed.permissions, (table, explain) =>
      settle(deed, request, { table, explain, signal: interruption.signal, terminal }),
    );
    const exitCode = interruption.exitCode();
    return exitCode === undefined ? end : { kind: "done", exitCode };
  } finally {
    interruption.dispose();
  }
}

function misuseOf({ verb }: HeldDeed, request: SettleOptions, { stdin }: Terminal): string | undefined {
  const { all = false, yes = false, by } = request;
  if (all !== isUnfiltered(request)) {
    return all
      ? "--all is for everybody who is held, and goes with no filter"
      : "expected --person, --account, --older-than, or --all for everybody who is held";
  }
  if (by === undefined) return unsigned;
  return yes || stdin.isTTY ? undefined : nobodyToAsk(verb);
}

interface Settling {
  table: LedgerTable;
  explain: ExplainFailure;
  signal: AbortSignal;
  terminal: Terminal;
}

async function settle(deed: HeldDeed, request: SettleOptions, settling: Settling): Promise<CommandEnd> {
  const { table, terminal } = settling;
  const decisions = await chooseHeld(dynamoHeldDecisions(table), request, Date.now());
  const closed = await closedLatches(table, decisions);
  if (decisions.length > 0 && !request.yes && !(await confirmHeld(deed, decisions, request, settling))) {
    terminal.stderr.write(`Nobody was ${deed.past}.\n`);
    return { kind: "done", exitCode: exitCodes.incomplete };
  }
  const results = await settleInSight(deed, decisions, request, settling);
  return concludeHeld({ deed, results, closed, request }, terminal);
}

/** Settles them, with the progress on the terminal. */
async function settleInSight(
  deed: HeldDeed,
  decisions: readonly StoredHeldDecision[],
  { by = "", because: note }: SettleOptions,
  { table, terminal, signal, explain }: Settling,
) {
  const held = dynamoHeldDecisions(table);
  const approval = { by, note, now: Date.now() };
  const line = statusLine(terminal.stderr, Date.now);
  const total = decisions.length.toLocaleString("en");
  const onProgress = (count: number) =>
    line.show(`${deed.doing}: ${count.toLocaleString("en")} of ${total}. Ctrl-C stops; the rest stays held.`);
  const settleOne = (decision: StoredHeldDecision) => deed.settle(held, decision, approval);
  try {
    return await settleAll(decisions, settleOne, { signal, explain, onProgress });
  } finally {
    line.clear();
  }
}

/** The accounts of these decisions whose latch is closed. */
async function closedLatches(
  table: LedgerTable,
  decisions: readonly StoredHeldDecision[],
): Promise<string[]> {
  const concerned = new Set(decisions.map(({ accountId }) => accountId));
  const accounts = await dynamoSafeguardStore(table).list();
  return accounts
    .filter(({ accountId, state }) => concerned.has(accountId) && state.latch !== undefined)
    .map(({ accountId }) => accountId);
}
