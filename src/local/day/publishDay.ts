import { createReadStream } from "node:fs";
import { eventBridgeBus } from "../../events/eventBridgeBus.ts";
import { parseHrEvent } from "../../events/parseHrEvent.ts";
import { publishEvents } from "../../events/publishEvents.ts";
import { type EventLine, readLines } from "../../events/readLines.ts";
import { sleep } from "../../events/sleep.ts";
import type { Stack } from "../stack/stack.ts";

export interface PublishedDay {
  published: number;
  malformed: number;
  refused: number;
  /** The ids of the published events that keep their schema. */
  eventIds: Set<string>;
  /** How many published events break it: they have no id to rely on. */
  unreadable: number;
}

/**
 * Publishes a file of events as another producer would: what breaks its schema goes on the bus too, if a rule would
 * match it, because the consumer has to cope.
 */
export async function publishDay(
  file: string,
  stack: Stack,
  onPublished: (count: number) => void,
): Promise<PublishedDay> {
  const [{ name } = { name: "default" }] = stack.model.buses;
  const day: PublishedDay = { published: 0, malformed: 0, refused: 0, eventIds: new Set(), unreadable: 0 };
  const bus = eventBridgeBus(stack.eventBridge, name);
  const results = publishEvents(readLines(createReadStream(file)), {
    bus,
    sleep,
    random: Math.random,
    unchecked: true,
  });
  for await (const { line, status } of results) {
    const eventId = eventIdOf(line);
    if (eventId === undefined) day.malformed += 1;
    if (status !== "accepted") {
      day.refused += 1;
      continue;
    }
    day.published += 1;
    if (eventId === undefined) day.unreadable += 1;
    else day.eventIds.add(eventId);
    onPublished(day.published);
  }
  return day;
}

function eventIdOf({ bytes }: EventLine): string | undefined {
  try {
    const { "detail-type": type, detail } = JSON.parse(bytes.toString("utf8"));
    const parsed = parseHrEvent(type, detail);
    return parsed.ok ? parsed.event.metadata.id : undefined;
  } catch {
    return undefined; // No JSON: one of the malformed.
  }
}
