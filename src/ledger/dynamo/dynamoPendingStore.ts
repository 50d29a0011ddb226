import { noteDeferred } from "../headMarks.ts";
import {
  type DeferAnswer,
  isNotedByStore,
  type PendingStore,
  type StoredDecision,
  supersededInPlace,
  type WaitingDecision,
} from "../pendingStore.ts";
import { changeItems } from "./changeItems.ts";
import { changeHeads } from "./headItems.ts";
import type { Item, LedgerTable } from "./ledgerTable.ts";
import {
  duePartition,
  fromPendingItem,
  guardedOfPending,
  listWaiting,
  orderOf,
  placeKey,
  removeWaiting,
  toPendingItem,
} from "./pendingItems.ts";
import { readItems } from "./readItems.ts";

/** An item among the waiting decisions that Rollcall did not write, or that somebody changed. */
export interface UnreadableItem {
  /** Its sort key: what kind of decision waits there. The partition key holds the person's id, which no log may have. */
  kind: string;
  error: unknown;
}

/**
 * The waiting decisions in DynamoDB.
 *
 * @param onUnreadable called with each item that is no decision, and the others are listed; without it the list throws
 */
export function dynamoPendingStore(
  table: LedgerTable,
  onUnreadable: (item: UnreadableItem) => void = rethrow,
): PendingStore {
  return {
    defer: (decisions) => deferAll(table, decisions),
    list: (until) => list(table, until, onUnreadable),
    stillWaiting: (decisions) => stillWaiting(table, decisions),
    remove: async (decision) => {
      // Otherwise it was deferred anew, or removed by a decision that cancels it: both are right.
      await removeWaiting(table, decision);
    },
  };
}

function rethrow({ error }: UnreadableItem): never {
  throw error;
}

async function* list(
  table: LedgerTable,
  until: number | undefined,
  onUnreadable: (item: UnreadableItem) => void,
): AsyncGenerator<StoredDecision> {
  for await (const item of listWaiting(table, duePartition, until)) {
    try {
      yield fromPendingItem(item);
    } catch (error) {
      onUnreadable({ kind: `${item.sk?.S}`, error });
    }
  }
}

async function stillWaiting(
  table: LedgerTable,
  decisions: readonly StoredDecision[],
): Promise<StoredDecision[]> {
  const keys = decisions.map(placeKey);
  const answers = await readItems(table, keys);
  return decisions.filter(({ token }, index) => {
    const answer = answers[index];
    if (answer?.kind !== "read") throw answer?.error;
    return answer.item?.token?.S === token;
  });
}

/**
 * Stores the decisions, then notes the kinds of those on the heads whose heads nobody has claimed for them. If the process dies in between, a decision is published when it is
 * due all the same; only, a newer decision cannot remove it early, and supersedes it then.
 */
async function deferAll(table: LedgerTable, decisions: readonly WaitingDecision[]): Promise<DeferAnswer[]> {
  const stored = await changeItems(
    table,
    decisions.map((decision) => ({
      key: placeKey(decision),
      expected: null,
      decide: (item) => decideDefer(item, decision),
    })),
    guardedOfPending,
  );
  const answers = stored.map(
    (one): DeferAnswer => (one.kind === "decided" ? one.answer : faultOf(one.error)),
  );
  const toNote = decisions.flatMap((decision, index) =>
    answers[index]?.kind === "deferred" && isNotedByStore(decision) ? [{ decision, index }] : [],
  );
  const noted = await changeHeads(
    table,
    toNote.map(({ decision }) => ({
      head: decision,
      decide: (head) => noteDeferred(head, decision),
    })),
  );
  for (const [position, { index }] of toNote.entries()) {
    const one = noted[position];
    if (one?.kind !== "decided") answers[index] = faultOf(one?.error);
  }
  return answers;
}

function faultOf(error: unknown): DeferAnswer {
  return { kind: "fault", reason: `the decision could not be stored: ${error}` };
}

/** A newer decision that waits stays. So does the released one: a copy of its event must not hold it again. */
function decideDefer(
  item: Item | undefined,
  decision: WaitingDecision,
): { answer: DeferAnswer; next?: Item } {
  const waiting = item && { ...orderOf(item), eventId: item.eventId?.S ?? "unknown" };
  const superseded = supersededInPlace(waiting, decision);
  if (superseded !== undefined) return { answer: superseded };
  const isReleased = waiting?.version === decision.version && item?.because?.S === "released";
  if (isReleased && decision.because === "held") return { answer: { kind: "deferred" } };
  return { answer: { kind: "deferred" }, next: toPendingItem(decision) };
}
