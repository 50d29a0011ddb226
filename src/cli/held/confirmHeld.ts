import type { StoredHeldDecision } from "../../ledger/pendingStore.ts";
import { confirm } from "../confirm.ts";
import { shownText } from "../ledger/shownText.ts";
import { screenOf } from "../screen.ts";
import { countPeople, type Terminal } from "../terminal.ts";
import { countHeld, peopleIn } from "./countHeld.ts";
import type { HeldDeed } from "./heldDeeds.ts";
import { countLines } from "./heldLines.ts";
import type { SettleOptions } from "./heldOptions.ts";

/** Shows how many people of which accounts are meant, and what it means for them, and asks. Not among the results. */
export function confirmHeld(
  { ask, warning }: HeldDeed,
  decisions: readonly StoredHeldDecision[],
  { person }: SettleOptions,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<boolean> {
  const counts = countHeld(decisions, shownText({ typed: person, forTerminal: true }));
  const people = countPeople(peopleIn(counts));
  const lines = countLines(counts, screenOf(terminal.stderr), Date.now());
  terminal.stderr.write(`${[`${people} held:`, ...lines, "", warning].join("\n")}\n`);
  return confirm(`${ask} ${people}?`, terminal, signal);
}
