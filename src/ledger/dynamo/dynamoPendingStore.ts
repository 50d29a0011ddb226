import type { DeferAnswer, PendingStore, StoredDecision, WaitingDecision } from "../pendingStore.ts";
import { decideDefer, noteOf } from "../waiting.ts";
import { changeItems } from "./changeItems.ts";
import { changeHeads } from "./headItems.ts";
import type { Item, LedgerTable } from "./ledgerTable.ts";
import {
  duePartition,
  fromPendingItem,
  fromWaitingItem,
  guardedOfPending,
  keyOf,
  listWaiting,
  placeOf,
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
): Promise<ReadonlySet<StoredDecision>> {
  const answers = await readItems(table, decisions.map(keyOf));
  return new Set(
    decisions.filter((decision, index) => {
      const answer = answers[index];
      if (answer?.kind !== "read") throw answer?.error;
      return answer.item?.token?.S === decision.token;
    }),
  );
}

/**
 * Stores the decisions, then notes them on the heads that have to know. If the process dies in between, a decision is published
 * when it is due all the same; only, others do not know of it before.
 */
async function deferAll(table: LedgerTable, decisions: readonly WaitingDecision[]): Promise<DeferAnswer[]> {
  const answers = await store(table, decisions);
  const toNote = decisions.flatMap((decision, index) => {
    const decide = answers[index]?.kind === "deferred" ? noteOf(decision) : undefined;
    return decide === undefined ? [] : [{ head: decision, decide, index }];
  });
  const noted = await changeHeads(table, toNote);
  for (const [position, { index }] of toNote.entries()) {
    const one = noted[position];
    if (one?.kind !== "decided") answers[index] = faultOf(one?.error);
  }
  return answers;
}

async function store(table: LedgerTable, decisions: readonly WaitingDecision[]): Promise<DeferAnswer[]> {
  const displaced = new Map<WaitingDecision, Item>();
  const answers = await storeOrDisplace(table, decisions, displaced);
  if (displaced.size === 0) return answers;
  const isMoved = await giveOwnPlaces(table, [...displaced.values()]);
  if (!isMoved) return answers;
  const again = decisions.filter((decision) => displaced.has(decision));
  const second = await storeOrDisplace(table, again, displaced);
  const answered = new Map(again.map((decision, position) => [decision, second[position]]));
  return decisions.map((decision, index) => answered.get(decision) ?? answers[index] ?? faultOf("no answer"));
}

/** @param displaced those that were displaced; a decision of an earlier release that is found in the way is added to them */
async function storeOrDisplace(
  table: LedgerTable,
  decisions: readonly WaitingDecision[],
  displaced: Map<WaitingDecision, Item>,
): Promise<DeferAnswer[]> {
  const stored = await changeItems(
    table,
    decisions.map((decision) => ({
      key: placeOf(decision),
      expected: null,
      decide: (item) => {
        const { answer, isStored, displaces } = decideDefer(item && fromWaitingItem(item), decision);
        if (displaces && item !== undefined && displaced.get(decision)?.token?.S !== item.token?.S) {
          displaced.set(decision, item);
          return { answer: faultOf("an older decision lies in its place") };
        }
        return isStored ? { answer, next: toPendingItem(decision) } : { answer };
      },
    })),
    guardedOfPending,
  );
  return stored.map((one): DeferAnswer => (one.kind === "decided" ? one.answer : faultOf(one.error)));
}

/** Gives decisions that an earlier release stored by their kind a place of their own. What lies there already stays. */
async function giveOwnPlaces(table: LedgerTable, items: readonly Item[]): Promise<boolean> {
  const moved = await changeItems(
    table,
    items.map((item) => ({
      key: placeOf(fromPendingItem(item)),
      expected: null,
      decide: (lying) => ({
        answer: true,
        ...(lying === undefined && { next: { ...item, ...placeOf(fromPendingItem(item)) } }),
      }),
    })),
    guardedOfPending,
  );
  return moved.every(({ kind }) => kind === "decided");
}

function faultOf(error: unknown): Extract<DeferAnswer, { kind: "fault" }> {
  return { kind: "fault", reason: `the decision could not be stored: ${error}` };
}
