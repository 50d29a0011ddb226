import { parseEnvelope } from "../../events/parseEnvelope.ts";
import { parseHrEvent } from "../../events/parseHrEvent.ts";
import type { FoundDeadLetter } from "../stack/readDeadLetters.ts";
import type { PublishedDay } from "./publishDay.ts";

/**
 * Published events of which there is no trace: not in the journal, and not in a dead-letter queue. Those that break
 * their schema have no id; as many of them as were published must lie in the dead-letter queues.
 */
export function countLost(
  { eventIds, unreadable }: Pick<PublishedDay, "eventIds" | "unreadable">,
  journalled: ReadonlySet<string>,
  deadLetters: readonly Pick<FoundDeadLetter, "body">[],
): number {
  const deadIds = deadLetters.map(({ body }) => eventIdOf(body));
  const known = new Set([...journalled, ...deadIds]);
  const missing = [...eventIds].filter((id) => !known.has(id)).length;
  const deadUnreadable = deadIds.filter((id) => id === undefined).length;
  return missing + Math.max(0, unreadable - deadUnreadable);
}

function eventIdOf(body: string): string | undefined {
  const envelope = parseEnvelope(body);
  if (!envelope.ok) return undefined;
  const parsed = parseHrEvent(envelope.type, envelope.detail);
  return parsed.ok ? parsed.event.metadata.id : undefined;
}
