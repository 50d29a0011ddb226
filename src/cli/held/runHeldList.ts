import { dynamoHeldDecisions } from "../../ledger/dynamo/dynamoHeldDecisions.ts";
import type { StoredHeldDecision } from "../../ledger/pendingStore.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import { readLedger } from "../ledger/readLedger.ts";
import { shownJson } from "../ledger/shownJson.ts";
import { type ShowText, shownText } from "../ledger/shownText.ts";
import { type Screen, screenOf } from "../screen.ts";
import { countPeople, type Terminal } from "../terminal.ts";
import { chooseHeld, isUnfiltered } from "./chooseHeld.ts";
import { countHeld, peopleIn } from "./countHeld.ts";
import { countLines, heldLines } from "./heldLines.ts";
import type { HeldOptions } from "./heldOptions.ts";
import { toHeldReport } from "./toHeldReport.ts";

/** Prints whom the safeguard holds, and how many of each account. That it holds nobody is no failure. */
export async function runHeldList(request: HeldOptions, { stdout }: Terminal): Promise<CommandEnd> {
  const now = Date.now();
  const reading = await readLedger(request, (table) => chooseHeld(dynamoHeldDecisions(table), request, now));
  if (reading.kind !== "read") return reading;
  const { json = false, person } = request;
  const show = shownText({ typed: person, forTerminal: !json });
  if (json) stdout.write(`${JSON.stringify(toJson(reading.value, request, show, now))}\n`);
  else {
    for (const line of linesOf(reading.value, request, { show, now, screen: screenOf(stdout) }))
      stdout.write(`${line}\n`);
  }
  return { kind: "done", exitCode: exitCodes.done };
}

function toJson(
  decisions: readonly StoredHeldDecision[],
  { table }: HeldOptions,
  show: ShowText,
  now: number,
) {
  const held = decisions.map((decision) => ({
    ...toHeldReport(decision, show, now),
    event: shownJson(decision.event, show),
  }));
  return { table, count: held.length, counts: countHeld(decisions, show), held };
}

function linesOf(
  decisions: readonly StoredHeldDecision[],
  request: HeldOptions,
  { show, now, screen }: { show: ShowText; now: number; screen: Screen },
): string[] {
  const counts = countHeld(decisions, show);
  const [first] = counts;
  if (first === undefined)
    return [isUnfiltered(request) ? "Nobody is held." : "Nobody who is held is like that."];
  const { person } = request;
  const which = person === undefined ? `--account ${first.accountId}` : `--person ${person}`;
  return [
    ...heldLines(
      decisions.map((decision) => toHeldReport(decision, show, now)),
      screen,
    ),
    "",
    `${countPeople(peopleIn(counts))} held:`,
    ...countLines(counts, screen, now),
    "",
    "Look at the feed first. Then, for example:",
    `  rollcall held release ${which} --because "HR confirms it"    they are suspended`,
    `  rollcall held discard ${which} --because "a wrong feed"      they are not`,
  ];
}
