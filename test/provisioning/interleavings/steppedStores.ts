import type { EventBus, EventEntry, PutAnswer } from "../../../src/events/eventBus.ts";
import { noteDeferred } from "../../../src/ledger/headMarks.ts";
import type { IdentityCache } from "../../../src/ledger/ledger.ts";
import { changeHead, type MemoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache, memoryPendingStore } from "../../../src/ledger/memory/memoryPorts.ts";
import {
  type DeferAnswer,
  isNotedByStore,
  type PendingStore,
  type StoredDecision,
  type WaitingDecision,
} from "../../../src/ledger/pendingStore.ts";
import type { Mishap, Steps, Worker } from "./steps.ts";

/** One worker's view of the decisions that wait. Its requests are made in the order of the adapter for DynamoDB. */
export function steppedPendingStore(store: MemoryStore, steps: Steps, worker: Worker): PendingStore {
  const items = memoryPendingStore({ ...store, heads: new Map() });
  const write = <T>(text: string, effect: () => Promise<T>, fail: () => T, toText: (answer: T) => string) => {
    const mishaps: Mishap<T>[] = [
      { text: "throttled", effect: "none", answer: fail },
      { text: "done, its answer lost", effect: "done", answer: fail },
      { text: "slower than the client waits", effect: "underWay", answer: fail },
    ];
    return steps.request<T>({ worker, text, effect, mishaps, toText, late: "always" });
  };
  const read = <T>(text: string, effect: () => Promise<T>, toText: (answer: T) => string) => {
    const mishaps: Mishap<T>[] = [{ text: "throttled", effect: "none", answer: storeIsDown }];
    return steps.request<T>({ worker, text, effect, mishaps, toText });
  };

  async function defer(decision: WaitingDecision): Promise<DeferAnswer> {
    const { personId, aspect, intent, eventId } = decision;
    const [put] = await write(
      `puts off ${eventId} until ${untilWhen(decision)}`,
      () => items.defer([decision]),
      () => [fault],
      ([answer]) => answer?.kind ?? "nothing",
    );
    if (put?.kind !== "deferred" || !isNotedByStore(decision)) return put ?? fault;
    return write<DeferAnswer>(
      `notes on ${personId}'s ${aspect} that a kind of ${intent} waits`,
      async () => {
        changeHead(store, { personId, aspect }, (head) => noteDeferred(head, decision));
        return put;
      },
      () => fault,
      ({ kind }) => kind,
    );
  }

  return {
    defer: (decisions) => Promise.all(decisions.map(defer)),
    async *list(until) {
      const collect = async () => {
        const found: StoredDecision[] = [];
        for await (const decision of items.list(until)) found.push(decision);
        return found;
      };
      yield* await read("lists what is due", collect, (found) => `${found.length} found`);
    },
    stillWaiting: (decisions) =>
      read(
        "reads again what is due",
        () => items.stillWaiting(decisions),
        (found) => `${found.length} still wait`,
      ),
    remove: (decision) =>
      write(
        `removes ${decision.eventId} from what waits`,
        () => items.remove(decision),
        storeIsDown,
        () => "done",
      ),
  };
}

function untilWhen(decision: WaitingDecision): string {
  return decision.because === "held"
    ? "it is released"
    : new Date(decision.dueAt).toISOString().slice(11, 19);
}

const fault: DeferAnswer = { kind: "fault", reason: "the store was asked to fail" };

function storeIsDown(): never {
  throw new StoreDown("the store was asked to fail");
}

/** What the store throws where its port has no answer for a fault. */
export class StoreDown extends Error {
  override readonly name = "StoreDown";
}

/** One worker's view of the remembered ids. A fault reads as "not remembered". */
export function steppedIdentityCache(store: MemoryStore, steps: Steps, worker: Worker): IdentityCache {
  const cache = memoryIdentityCache(store);
  const write = (text: string, effect: () => Promise<void>) =>
    steps.request({
      worker,
      text,
      effect,
      mishaps: [{ text: "throttled", effect: "none", answer: () => {} }],
      toText: () => "done",
      late: "always",
    });
  return {
    recall: (accountId, people) =>
      steps.request({
        worker,
        text: "recalls user ids",
        effect: () => cache.recall(accountId, people),
        mishaps: [{ text: "throttled", effect: "none", answer: () => new Map<string, string>() }],
        toText: (found) => `${found.size} of ${people.length} known`,
      }),
    remember: (accountId, people) => write("remembers user ids", () => cache.remember(accountId, people)),
    forget: (accountId, emails) => write("forgets user ids", () => cache.forget(accountId, emails)),
  };
}

/** One publisher's view of the bus; `onAccepted` hears of each event that the bus takes. */
export function steppedBus(steps: Steps, worker: Worker, onAccepted: (entry: EventEntry) => void): EventBus {
  return {
    put(entries) {
      const accept = (): PutAnswer => {
        for (const entry of entries) onAccepted(entry);
        return { kind: "answered", entries: entries.map(() => accepted) };
      };
      return steps.request<PutAnswer>({
        worker,
        text: `publishes ${entries.length} due`,
        effect: accept,
        mishaps: [
          { text: "refused", effect: "none", answer: () => failed },
          { text: "done, its answer lost", effect: "done", answer: () => failed },
        ],
        toText: ({ kind }) => kind,
        late: "always",
      });
    },
  };
}

const accepted = { kind: "accepted", eventId: "of-the-bus" } as const;
const failed = {
  kind: "failed",
  failure: { class: "transient", code: "InternalFailure", message: "again, please" },
} as const;
