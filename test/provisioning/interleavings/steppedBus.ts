import type { EventBus, EventEntry, PutAnswer } from "../../../src/events/eventBus.ts";
import type { Steps, Worker } from "./steps.ts";

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
        tell: ({ kind }) => kind,
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
