import { isLastingRefusal } from "../events/eventEntry.ts";
import { codeOfProblems, describeProblems } from "../events/problems.ts";
import { type PublishedLine, type PublishOptions, publishEvents } from "../events/publishEvents.ts";
import { type InboundEvent, toEventLine } from "./inboundEvent.ts";

/**
 * - `accepted`: the bus has the event.
 * - `invalid`: it breaks its schema; a retry would end the same.
 * - `failed`: the bus did not take it; a retry may succeed.
 *
 * `why` may quote the bus: mask it before it is logged.
 */
export type InboundEventResult =
  | { kind: "accepted"; id: string }
  | { kind: "invalid"; id: string; code: string; why: string }
  | { kind: "failed"; id: string; why: string };

export interface PublishContext extends Pick<PublishOptions, "bus" | "sleep" | "random"> {
  /** Ends the retries. */
  signal: AbortSignal;
}

/** Publishes the events of a source, and gives one result for each, in their order. */
export async function publishInboundEvents(
  events: readonly InboundEvent[],
  { bus, sleep, random, signal }: PublishContext,
): Promise<InboundEventResult[]> {
  const lines = events.map((event, index) => ({
    number: index + 1,
    bytes: Buffer.from(toEventLine(event)),
  }));
  const results: InboundEventResult[] = [];
  for await (const published of publishEvents(lines, { bus, sleep, random, signal }))
    results.push(toResult(events[published.line.number - 1]?.id ?? "", published));
  return results;
}

function toResult(id: string, published: PublishedLine): InboundEventResult {
  switch (published.status) {
    case "accepted":
      return { kind: "accepted", id };
    case "malformed":
      return {
        kind: "invalid",
        id,
        code: codeOfProblems(published.problems),
        why: describeProblems(published.problems),
      };
    case "refused": {
      const { code, message } = published;
      const why = `${code}: ${message}`;
      return isLastingRefusal(code) ? { kind: "invalid", id, code, why } : { kind: "failed", id, why };
    }
    case "unsent":
      return { kind: "failed", id, why: published.reason };
  }
}
