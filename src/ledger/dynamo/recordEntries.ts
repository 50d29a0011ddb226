import pMap from "p-map";
import type { JournalEntry } from "../journalEntry.ts";
import type { ConcludeAnswer } from "../ledger.ts";
import { type LedgerTable, requestsAtOnce } from "./ledgerTable.ts";
import { putEntry } from "./putEntry.ts";

/** One answer for each entry, in their order. */
export function recordEntries(
  table: LedgerTable,
  entries: readonly JournalEntry[],
): Promise<ConcludeAnswer[]> {
  return pMap(entries, (entry) => record(table, entry), { concurrency: requestsAtOnce });
}

async function record(table: LedgerTable, entry: JournalEntry): Promise<ConcludeAnswer> {
  try {
    await putEntry(table, entry);
    return { kind: "done" };
  } catch (error) {
    return { kind: "fault", reason: `the journal did not take the entry: ${String(error)}` };
  }
}
