import { pipelines } from "../../pipelines.ts";
import type { DiscardAnswer, Discards } from "../discards.ts";
import type { JournalEntry } from "../journalEntry.ts";
import type { LedgerTable } from "./ledgerTable.ts";
import { markDiscarded } from "./markDiscarded.ts";
import { putEntry } from "./putEntry.ts";

/**
 * The discarded events in DynamoDB: a set of versions beside each head, which every claim looks at in its own condition.
 * `now` in milliseconds since the epoch. Needs `dynamodb:GetItem`, `UpdateItem` and `PutItem`.
 */
export function dynamoDiscards(table: LedgerTable, now: () => number): Discards {
  return {
    async discard(entry) {
      try {
        return await discard(table, entry, now());
      } catch (error) {
        return { kind: "fault", reason: `the ledger did not take it: ${String(error)}; discard it again` };
      }
    },
  };
}

/**
 * The head first, the journal last: whoever dies in between leaves the dead letter where it is, to be discarded again. The
 * other way round the journal could say "discarded" of an event that a copy brings about all the same.
 */
async function discard(table: LedgerTable, entry: JournalEntry, now: number): Promise<DiscardAnswer> {
  const { personId, version, intent } = entry;
  const answer = await markDiscarded(table, { personId, version, aspect: pipelines[intent].aspect }, now);
  if (answer.kind !== "marked") return answer;
  return (await putEntry(table, entry)) ? { kind: "done" } : { kind: "settled" };
}
