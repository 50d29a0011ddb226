import type { EntryAnswer, EventBus, EventEntry, PutAnswer, PutFailure } from "../../src/events/eventBus.ts";

export interface RecordingBus extends EventBus {
  /** The `metadata.id`s of each call's entries. */
  readonly calls: string[][];
  readonly mostCallsAtOnce: () => number;
}

/** What goes wrong: the whole call, single entries by id, or nothing. */
export type Fault = { call: PutFailure } | { entries: Record<string, PutFailure> } | undefined;

/** A bus that takes everything but what the script says, and remembers every call. */
export function recordingBus(
  faultOf: (call: number, ids: string[]) => Fault = () => undefined,
): RecordingBus {
  const calls: string[][] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  return {
    calls,
    mostCallsAtOnce: () => mostAtOnce,
    async put(entries) {
      const ids = entries.map(idOf);
      const fault = faultOf(calls.push(ids) - 1, ids);
      mostAtOnce = Math.max(mostAtOnce, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return toAnswer(ids, fault);
    },
  };
}

export const throttled: PutFailure = {
  class: "transient",
  code: "ThrottlingException",
  message: "slow down",
};
export const denied: PutFailure = { class: "bus", code: "AccessDeniedException", message: "no permission" };
export const invalid: PutFailure = { class: "entry", code: "InvalidArgument", message: "not like this" };

function toAnswer(ids: string[], fault: Fault): PutAnswer {
  if (fault !== undefined && "call" in fault) return { kind: "failed", failure: fault.call };
  const entries = ids.map((id): EntryAnswer => {
    const failure = fault?.entries[id];
    return failure === undefined ? { kind: "accepted", eventId: `event-${id}` } : { kind: "failed", failure };
  });
  return { kind: "answered", entries };
}

function idOf({ detail }: EventEntry): string {
  const { metadata } = JSON.parse(detail) as { metadata: { id: string } };
  return metadata.id;
}
