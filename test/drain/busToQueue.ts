import type { QueueRecord } from "../../src/drain/queueRecord.ts";
import type { EventBus } from "../../src/events/eventBus.ts";
import { aBody } from "./records.ts";

/** A bus whose rule sends everything to one queue, which is emptied whenever it is read. */
export function busToQueue(): EventBus & { take: () => QueueRecord[] } {
  const queue: QueueRecord[] = [];
  return {
    take: () => queue.splice(0),
    async put(entries) {
      for (const { source, detailType, detail } of entries)
        queue.push(aBody(JSON.stringify({ source, "detail-type": detailType, detail: JSON.parse(detail) })));
      return { kind: "answered", entries: entries.map(() => ({ kind: "accepted", eventId: "e" })) };
    },
  };
}
