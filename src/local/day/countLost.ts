import { parseEnvelope } from "../../events/parseEnvelope.ts";
import type { FoundDeadLetter } from "../stack/readDeadLetters.ts";
import { type EventTrace, eventTrace } from "./eventTrace.ts";

/**
 * Published events of which there is no trace: not in the journal, and not in a dead-letter queue. An event that was
 * published twice is one event; what breaks its schema has no id, so each of its copies must be a dead letter.
 */
export function countLost(
  published: readonly EventTrace[],
  journalled: Iterable<string>,
  deadLetters: readonly Pick<FoundDeadLetter, "body">[],
): number {
  const dead = deadLetters.flatMap(({ body }) => traceOf(body));
  const known = new Set([...journalled, ...dead.flatMap(idOf)]);
  const missing = [...new Set(published.flatMap(idOf))].filter((id) => !known.has(id));
  return missing.length + countMissing(published.flatMap(contentOf), dead.flatMap(contentOf));
}

function traceOf(body: string): EventTrace[] {
  const envelope = parseEnvelope(body);
  return envelope.ok ? [eventTrace(envelope.type, envelope.detail)] : [];
}

function idOf(trace: EventTrace): string[] {
  return trace.kind === "event" ? [trace.id] : [];
}

function contentOf(trace: EventTrace): string[] {
  return trace.kind === "malformed" ? [trace.content] : [];
}

/** How many of the texts have no counterpart of their own among the others. */
function countMissing(texts: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const text of others) left.set(text, (left.get(text) ?? 0) + 1);
  return texts.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  }).length;
}
