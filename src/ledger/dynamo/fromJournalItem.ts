import * as z from "zod";
import { pipelineNames } from "../../pipelines.ts";
import type { JournalEntry, JournalOutcome } from "../journalEntry.ts";
import type { Item } from "./ledgerTable.ts";
import { readItem, textAttribute } from "./readItem.ts";

/** As an object, so that the compiler asks for a new outcome here too. */
const outcomes = {
  applied: "applied",
  unchanged: "unchanged",
  superseded: "superseded",
  excluded: "excluded",
  rejected: "rejected",
  discarded: "discarded",
  deferred: "deferred",
  held: "held",
} as const satisfies { [Outcome in JournalOutcome]: Outcome };

const schema = z.object({
  personId: textAttribute,
  eventId: textAttribute,
  intent: textAttribute.pipe(z.enum(pipelineNames)),
  version: textAttribute,
  outcome: textAttribute.pipe(z.enum(outcomes)),
  code: textAttribute.exactOptional(),
  requestId: textAttribute.exactOptional(),
  accountId: textAttribute.exactOptional(),
  occurredAt: textAttribute,
  effectiveAt: textAttribute.exactOptional(),
  receivedAt: textAttribute,
  settledAt: textAttribute,
  by: textAttribute.exactOptional(),
  note: textAttribute.exactOptional(),
});

/** The way back from `toJournalItem`. Throws for an item that this program did not write. */
export function fromJournalItem(item: Item): JournalEntry {
  return readItem(schema, item);
}
