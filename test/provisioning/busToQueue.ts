import type { EventBus } from "../../src/events/eventBus.ts";
import { type Intent, pipelines } from "../../src/pipelines.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import { aBody } from "./records.ts";

/** A bus with a queue for each pipeline, which is emptied whenever it is read. */
export function busToQueue(): EventBus & { take: (intent: Intent) => QueueRecord[] } {
  let waiting: { type: string; record: QueueRecord }[] = [];
  return {
    take(intent) {
      const types: readonly string[] = pipelines[intent].detailTypes;
      const taken = waiting.filter(({ type }) => types.includes(type));
      waiting = waiting.filter((each) => !taken.includes(each));
      return taken.map(({ record }) => record);
    },
    async put(entries) {
      for (const { source, detailType: type, detail } of entries) {
        const body = JSON.stringify({ source, "detail-type": type, detail: JSON.parse(detail) });
        waiting.push({ type, record: aBody(body) });
      }
      return { kind: "answered", entries: entries.map(() => ({ kind: "accepted", eventId: "e" })) };
    },
  };
}
