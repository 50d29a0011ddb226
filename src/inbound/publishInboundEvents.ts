import { sleep } from "../events/eventBridge/eventBridgeBus.ts";
import type { EventBus } from "../events/eventBus.ts";
import { describeProblems } from "../events/problems.ts";
import { publishEvents } from "../events/publishEvents.ts";
import { type InboundEvent, toEventLine } from "./inboundEvent.ts";

/**
 * - `accepted`: the bus has it.
 * - `unusable`: it breaks its schema; the same again would end the same.
 * - `failed`: the bus did not take it; it may later.
 */
export type InboundEventResult =
  | { kind: "accepted"; id: string }
  | { kind: "unusable"; id: string; why: string }
  | { kind: "failed"; id: string; why: string };

export interface PublishContext {
  bus: EventBus;
  random: () => number;
  /** Ends the trying. */
  signal: AbortSignal;
}

/** Publishes what sources told; one end for each event, in their order. What `why` says may quote the bus: it is to be masked. */
export async function publishInboundEvents(
  events: readonly InboundEvent[],
  { bus, random, signal }: PublishContext,
): Promise<InboundEventResult[]> {
  const lines = events.map((event, index) => ({
    number: index + 1,
    bytes: Buffer.from(toEventLine(event)),
  }));
  const ends: InboundEventResult[] = [];
  for await (const result of publishEvents(lines, { bus, sleep, random, signal })) {
    const id = events[result.line.number - 1]?.id ?? "";
    switch (result.status) {
      case "accepted":
        ends.push({ kind: "accepted", id });
        break;
      case "malformed":
        ends.push({ kind: "unusable", id, why: describeProblems(result.problems) });
        break;
      case "refused":
        ends.push({ kind: "failed", id, why: `${result.code}: ${result.message}` });
        break;
      case "unsent":
        ends.push({ kind: "failed", id, why: result.reason });
        break;
    }
  }
  return ends;
}
