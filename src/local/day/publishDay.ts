import { eventBridgeBus } from "../../events/eventBridgeBus.ts";
import { type PublishedLine, publishEvents } from "../../events/publishEvents.ts";
import type { EventLine } from "../../events/readLines.ts";
import { sleep } from "../../events/sleep.ts";
import type { Stack } from "../stack/stack.ts";
import type { Refusal } from "./dayReport.ts";
import { type EventTrace, eventTrace } from "./eventTrace.ts";

export interface PublishedDay {
  /** One for each event that the bus accepted, copies included. */
  published: EventTrace[];
  refusals: Refusal[];
}

export interface PublishDayOptions {
  onPublished: (count: number) => void;
  signal: AbortSignal;
}

/**
 * Publishes lines of events as another producer would: what breaks its schema goes on the bus too, if a rule would
 * match it, because the consumer has to cope.
 */
export async function publishDay(
  lines: AsyncIterable<EventLine>,
  stack: Stack,
  { onPublished, signal }: PublishDayOptions,
): Promise<PublishedDay> {
  const [{ name } = { name: "default" }] = stack.model.buses;
  const bus = eventBridgeBus(stack.eventBridge, name);
  const published: EventTrace[] = [];
  const refusals = new Map<string, Refusal>();
  const results = publishEvents(lines, { bus, sleep, random: Math.random, unchecked: true, signal });
  for await (const result of results) {
    if (result.status === "accepted") published.push(traceOf(result.line));
    else addRefusal(refusals, result);
    onPublished(published.length);
  }
  return { published, refusals: [...refusals.values()] };
}

function traceOf({ bytes }: EventLine): EventTrace {
  const { "detail-type": type, detail } = JSON.parse(bytes.toString("utf8"));
  return eventTrace(type, detail);
}

function addRefusal(
  refusals: Map<string, Refusal>,
  result: Exclude<PublishedLine, { status: "accepted" }>,
): void {
  const { code, reason } = whyNot(result);
  const known = refusals.get(`${code} ${reason}`);
  if (known !== undefined) known.count += 1;
  else refusals.set(`${code} ${reason}`, { code, reason, count: 1, firstLine: result.line.number });
}

function whyNot(result: Exclude<PublishedLine, { status: "accepted" }>): { code: string; reason: string } {
  switch (result.status) {
    case "refused":
      return { code: result.code, reason: result.message };
    case "malformed":
      return { code: "Malformed", reason: "it breaks its schema" };
    case "unsent":
      throw new Error(`The events could not all be published: ${result.reason}`);
  }
}
