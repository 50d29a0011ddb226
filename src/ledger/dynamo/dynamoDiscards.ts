import { pipelines } from "../../pipelineSettings.ts";
import { decideDiscard } from "../headMarks.ts";
import type { JournalEntry } from "../ledger.ts";
import type { DiscardAnswer, Discards } from "../operatorDecisions.ts";
import { changeHead } from "./headItems.ts";
import { putEntries } from "./journalItems.ts";
import type { LedgerTable } from "./ledgerTable.ts";
import { serverClock } from "./serverClock.ts";

/**
 * The discarded events in DynamoDB: a set of versions on each head, which every claim looks at. Needs `dynamodb:BatchGetItem`,
 * `PartiQLInsert` and `PartiQLUpdate`.
 *
 * @param now milliseconds since the epoch; by default DynamoDB's own time
 */
export function dynamoDiscards(table: LedgerTable, now = serverClock(table.dynamo)): Discards {
  const answered = async (work: Promise<DiscardAnswer>): Promise<DiscardAnswer> => {
    try {
      return await work;
    } catch (error) {
      return { kind: "fault", reason: `the ledger did not take it: ${String(error)}; discard it again` };
    }
  };
  return {
    discard: (entry) => answered(discard(table, entry, now)),
    discardUnread: (entry) => answered(journalDiscard(table, entry)),
  };
}

/**
 * Marks the head first and writes the journal last: a process that dies in between leaves the dead letter where it is, to be
 * discarded again. The other way round the journal could say "discarded" of an event that a copy carries out all the same.
 */
async function discard(table: LedgerTable, entry: JournalEntry, now: () => number): Promise<DiscardAnswer> {
  const { personId, version, intent } = entry;
  const head = { personId, aspect: pipelines[intent].aspect };
  const answer = await changeHead(table, head, (state) => decideDiscard(state, version, now()));
  return answer.kind === "marked" ? journalDiscard(table, entry) : answer;
}

async function journalDiscard(table: LedgerTable, entry: JournalEntry): Promise<DiscardAnswer> {
  const [written] = await putEntries(table, [entry]);
  if (written?.kind !== "decided") throw written?.error;
  return written.answer === "written" ? { kind: "done" } : { kind: "settled" };
}
