import { undoEntry } from "../../journal.ts";
import type { Undos } from "../../operatorDecisions.ts";
import { changeEntries } from "../journalItems.ts";
import type { LedgerTable } from "../ledgerTable.ts";

/** The undos on record in DynamoDB. Needs `dynamodb:BatchGetItem` and `PartiQLUpdate`. */
export function dynamoUndos(table: LedgerTable): Undos {
  return {
    async record(undone, approval) {
      const changes = undone.map(({ by, ...key }) => ({
        ...key,
        change: (entry: Parameters<typeof undoEntry>[0]) => undoEntry(entry, by, approval),
      }));
      const changed = await changeEntries(table, changes);
      return changed.map((one) => {
        if (one.kind === "unknown")
          return { kind: "fault", reason: `the journal did not take it: ${String(one.error)}` };
        return one.answer
          ? { kind: "done" }
          : { kind: "fault", reason: "the journal does not know it any more" };
      });
    },
  };
}
