import type { Stack } from "@rollcall/aws-local/stack";
import { eventBridgeBus, sleep } from "../../src/events/eventBridge/eventBridgeBus.ts";
import type { EventLine } from "../../src/events/eventLines.ts";
import { parseHrEvent } from "../../src/events/parseEvent.ts";
import { type PublishedLine, publishEvents } from "../../src/events/publishEvents.ts";
import type { Refusal } from "./dayReport.ts";

export interface PublishedDay {
  /** A key for each event that the bus accepted, duplicates included. */
  published: EventKey[];
  refusals: Refusal[];
}

/** Identifies an event: by its id, or by its content if it breaks the schema, because its id cannot be relied on then. */
export type EventKey = { kind: "event"; id: string } | { kind: "malformed"; content: string };

export interface PublishDayOptions {
  onPublished: (count: number) => void;
  signal: AbortSignal;
}

/**
 * Publishes events as another producer would. Events that break their schema are published too if a rule matches them,
 * because the service has to cope with them.
 */
export async function publishDay(
  lines: AsyncIterable<EventLine>,
  stack: Stack,
  { onPublished, signal }: PublishDayOptions,
): Promise<PublishedDay> {
  const [{ name } = { name: "default" }] = stack.model.buses;
  const bus = eventBridgeBus(stack.eventBridge, name);
  const published: EventKey[] = [];
  const refusals = new Map<string, Refusal>();
  const results = publishEvents(lines, { bus, sleep, random: Math.random, unchecked: true, signal });
  for await (const result of results) {
    if (result.status === "accepted") published.push(keyOf(result.line));
    else addRefusal(refusals, result);
    onPublished(published.length);
  }
  return { published, refusals: [...refusals.values()] };
}

function keyOf({ bytes }: EventLine): EventKey {
  const { "detail-type": type, detail } = JSON.parse(bytes.toString("utf8"));
  return toEventKey(type, detail);
}

function addRefusal(
  refusals: Map<string, Refusal>,
  result: Exclude<PublishedLine, { status: "accepted" }>,
): void {
  const { code, reason } = reasonOf(result);
  const known = refusals.get(`${code} ${reason}`);
  if (known !== undefined) known.count += 1;
  else refusals.set(`${code} ${reason}`, { code, reason, count: 1, firstLine: result.line.number });
}

function reasonOf(result: Exclude<PublishedLine, { status: "accepted" }>): { code: string; reason: string } {
  switch (result.status) {
    case "refused":
      return { code: result.code, reason: result.message };
    case "malformed":
      return { code: "Malformed", reason: "it breaks its schema" };
    case "unsent":
      throw new Error(`The events could not all be published: ${result.reason}`);
  }
}

/** @param detail parsed JSON, so that its text is the same before and after the queue */
export function toEventKey(type: unknown, detail: unknown): EventKey {
  const parsed = parseHrEvent(type, detail);
  return parsed.ok
    ? { kind: "event", id: parsed.event.metadata.id }
    : { kind: "malformed", content: JSON.stringify([type, detail]) };
}
