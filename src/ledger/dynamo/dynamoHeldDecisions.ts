import { randomUUID } from "node:crypto";
import { decideApproval, decideDiscard } from "../headMarks.ts";
import { discardEntry, isDiscardable, signEntry } from "../journal.ts";
import { isFinalOutcome } from "../ledger.ts";
import type { Approval, DecidingClock, HeldAnswer, HeldDecisions } from "../operatorDecisions.ts";
import type { StoredHeldDecision } from "../pendingStore.ts";
import { changeItem } from "./changeItems.ts";
import { changeHead } from "./headItems.ts";
import { changeEntry } from "./journalItems.ts";
import { dueIndex, type Item, type LedgerTable } from "./ledgerTable.ts";
import {
  duePartition,
  fromHeldItem,
  guardedOfPending,
  heldPartition,
  listWaiting,
  placeKey,
  removeWaiting,
} from "./pendingItems.ts";
import { serverClock } from "./serverClock.ts";

/**
 * The held decisions in DynamoDB. Needs `dynamodb:Query` on the index `due`, and `BatchGetItem`, `PartiQLInsert`,
 * `PartiQLUpdate` and `DeleteItem` on the table.
 *
 * @param clock by default DynamoDB's own
 */
export function dynamoHeldDecisions(
  table: LedgerTable,
  clock: DecidingClock = serverClock(table.dynamo),
): HeldDecisions {
  return {
    list: () => list(table),
    release: (decision, approval) => release(table, decision, approval, clock),
    discard: (decision, approval) => discard(table, decision, approval, clock),
  };
}

async function* list(table: LedgerTable): AsyncGenerator<StoredHeldDecision> {
  for await (const item of listWaiting(table, heldPartition)) yield fromHeldItem(item);
}

/**
 * Writes the journal first, so that it names the operator whatever happens then; the approval second; and the due date last,
 * because a decision that is published without its approval would be held again.
 */
async function release(
  table: LedgerTable,
  decision: StoredHeldDecision,
  approval: Approval,
  clock: DecidingClock,
): Promise<HeldAnswer<"released">> {
  let isFinal = false;
  const isSigned = await changeEntry(table, decision, (entry) => {
    isFinal = isFinalOutcome(entry.outcome);
    return isFinal ? undefined : signEntry(entry, approval);
  });
  if (!isSigned) return isFinal ? removeOver(table, decision) : changed;
  const { kind } = await changeHead(table, decision, (head) => decideApproval(head, decision, approval));
  if (kind === "over") return removeOver(table, decision);
  if (kind === "changed") return changed;
  const isDue = await rewrite(table, decision, randomUUID(), {
    because: { S: "released" },
    [dueIndex.partition]: { S: duePartition },
    [dueIndex.sort]: { N: String(clock(approval)) },
  });
  return isDue ? { kind: "released" } : changed;
}

/** Removes a decision that a fault has left held although it is over: nothing else would. One that was held anew stays. */
async function removeOver(
  table: LedgerTable,
  decision: StoredHeldDecision,
): Promise<Extract<HeldAnswer<never>, { kind: "changed" }>> {
  await removeWaiting(table, decision);
  return changed;
}

/**
 * Discards a held decision in five steps. A process that dies between them leaves it held, to be discarded again.
 *
 * 1. The item gets a new token, so that another operator's release has either come first or comes too late.
 * 2. An event without a journal entry stays: its worker died before it wrote one, and its message comes again.
 * 3. The head is marked, so that no copy of the event is claimed. An invocation that acts on a copy forbids it.
 * 4. The journal says "discarded", which is true from now on.
 * 5. The item is removed.
 */
async function discard(
  table: LedgerTable,
  decision: StoredHeldDecision,
  approval: Approval,
  clock: DecidingClock,
): Promise<HeldAnswer<"discarded">> {
  const token = randomUUID();
  const { version } = decision;
  if (!(await rewrite(table, decision, token))) return changed;
  const taken = { ...decision, token };
  let isFinal = false;
  const isOpen = await changeEntry(table, decision, (entry) => {
    isFinal = !isDiscardable(entry);
    return isFinal ? undefined : entry;
  });
  if (!isOpen) return isFinal ? removeOver(table, taken) : changed;
  const answer = await changeHead(table, decision, (head) => decideDiscard(head, version, clock(approval)));
  if (answer.kind === "settled") return removeOver(table, taken);
  if (answer.kind === "busy") return answer;
  const isWritten = await changeEntry(table, decision, (entry) =>
    isDiscardable(entry) ? discardEntry(entry, approval) : undefined,
  );
  if (!isWritten) return removeOver(table, taken);
  return (await removeWaiting(table, taken)) ? { kind: "discarded" } : changed;
}

/** Writes the waiting decision with a new token; false if somebody has written it since it was read. */
function rewrite(
  table: LedgerTable,
  decision: StoredHeldDecision,
  token: string,
  set: Item = {},
): Promise<boolean> {
  const { token: before } = decision;
  const key = placeKey(decision);
  const decide = (item: Item | undefined) =>
    item?.token?.S === before
      ? { answer: true, next: { ...item, ...set, token: { S: token } } }
      : { answer: false };
  return changeItem(table, { key, decide }, guardedOfPending);
}

const changed = { kind: "changed" } as const;
