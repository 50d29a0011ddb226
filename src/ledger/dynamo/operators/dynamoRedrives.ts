import { redriveEntry } from "../../journal.ts";
import type { Redrives } from "../../operatorDecisions.ts";
import { changeOrAddEntry } from "../journalItems.ts";
import type { LedgerTable } from "../ledgerTable.ts";

/** The redrives on record in DynamoDB. Needs `dynamodb:BatchGetItem`, `PartiQLInsert` and `PartiQLUpdate`. */
export function dynamoRedrives(table: LedgerTable): Redrives {
  return {
    async record(entry, approval) {
      try {
        await changeOrAddEntry(table, entry, (standing) => redriveEntry(standing, approval));
        return { kind: "done" };
      } catch (error) {
        return { kind: "fault", reason: `the journal did not take it: ${String(error)}` };
      }
    },
  };
}
