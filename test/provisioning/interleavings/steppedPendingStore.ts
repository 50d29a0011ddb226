import { headOf, type MemoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore } from "../../../src/ledger/memory/memoryPorts.ts";
import type {
  DeferAnswer,
  PendingStore,
  StoredDecision,
  WaitingDecision,
} from "../../../src/ledger/pendingStore.ts";
import type { Mishap, Steps, Worker } from "./steps.ts";

/** One worker's view of the decisions that wait. Its requests are made in the order of the adapter for DynamoDB. */
export function steppedPendingStore(store: MemoryStore, steps: Steps, worker: Worker): PendingStore {
  const items = memoryPendingStore({ ...store, heads: new Map() });
  const write = <T>(text: string, effect: () => Promise<T>, fail: () => T, tell: (answer: T) => string) => {
    const mishaps: Mishap<T>[] = [
      { text: "throttled", effect: "none", answer: fail },
      { text: "done, its answer lost", effect: "done", answer: fail },
      { text: "slower than the client waits", effect: "underWay", answer: fail },
    ];
    return steps.request<T>({ worker, text, effect, mishaps, tell, late: "always" });
  };
  const read = <T>(text: string, effect: () => Promise<T>, tell: (answer: T) => string) => {
    const mishaps: Mishap<T>[] = [{ text: "throttled", effect: "none", answer: storeIsDown }];
    return steps.request<T>({ worker, text, effect, mishaps, tell });
  };

  async function defer(decision: WaitingDecision): Promise<DeferAnswer> {
    const { personId, aspect, intent, eventId } = decision;
    const [put] = await write(
      `puts off ${eventId} until ${untilWhen(decision)}`,
      () => items.defer([decision]),
      () => [fault],
      ([answer]) => answer?.kind ?? "nothing",
    );
    if (put?.kind !== "deferred") return put ?? fault;
    return write<DeferAnswer>(
      `notes on ${personId}'s ${aspect} that a kind of ${intent} waits`,
      async () => {
        headOf(store, personId, aspect).pending.add(intent);
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
