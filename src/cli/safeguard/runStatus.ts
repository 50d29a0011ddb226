import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import { readLedger } from "../ledger/readLedger.ts";
import { shownText } from "../ledger/shownText.ts";
import { type Screen, screenOf } from "../screen.ts";
import type { Terminal } from "../terminal.ts";
import { loadPolicy } from "./loadPolicy.ts";
import { readAccounts } from "./readAccounts.ts";
import { safeguardLines } from "./safeguardLines.ts";
import type { SafeguardOptions } from "./safeguardOptions.ts";
import { type SafeguardReport, toSafeguardReport } from "./toSafeguardReport.ts";
import { unknownAccount } from "./unknownAccount.ts";

/** The options of `rollcall safeguard status`. */
export interface StatusRequest extends SafeguardOptions {
  account?: string;
}

/** Prints what the safeguard does about each account, or about one. That a latch is closed is no failure. */
export async function runStatus(request: StatusRequest, { stdout }: Terminal): Promise<CommandEnd> {
  const { json = false, account, table } = request;
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const reading = await readLedger(request, (ledger) => readAccounts(ledger, loaded.policy));
  if (reading.kind !== "read") return reading;
  const known = reading.value.map(({ accountId }) => accountId);
  if (account !== undefined && !known.includes(account))
    return { kind: "failed", message: unknownAccount(account, { table, known }) };
  const now = Date.now();
  const show = shownText({ typed: undefined, forTerminal: !json });
  const reports = reading.value
    .filter(({ accountId }) => account === undefined || accountId === account)
    .map((each) => toSafeguardReport(each, show, now));
  if (json) stdout.write(`${JSON.stringify({ table, accounts: reports })}\n`);
  else for (const line of statusLines(reports, screenOf(stdout), now)) stdout.write(`${line}\n`);
  return { kind: "done", exitCode: exitCodes.done };
}

function statusLines(reports: readonly SafeguardReport[], screen: Screen, now: number): string[] {
  if (reports.length === 0)
    return ["The safeguard remembers no account, and there is no policy here: name it with --policy."];
  return [
    ...reports.flatMap((report, index) => [
      ...(index > 0 ? [""] : []),
      ...safeguardLines(report, screen, now),
    ]),
    ...nextSteps(reports),
  ];
}

/** Until the feed is right again, a reset would let the next wrong suspensions pass up to the limit. */
function nextSteps(reports: readonly SafeguardReport[]): string[] {
  const closed = reports.find(({ latch }) => latch.state === "closed");
  const concerned = closed ?? reports.find(({ held }) => held.people > 0);
  if (concerned === undefined) return [];
  const { accountId, held } = concerned;
  return [
    "",
    "What to do: look at the feed first, and mend it where it is wrong. Then:",
    ...(held.people > 0
      ? [
          `  rollcall held list --account ${accountId}`,
          `  rollcall held release --account ${accountId} --because "HR confirms it"   or held discard`,
        ]
      : []),
    ...(closed === undefined
      ? []
      : [`  rollcall safeguard reset --account ${accountId} --because "the feed is right again"`]),
  ];
}
