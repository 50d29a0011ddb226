import type { Intent } from "../pipelines.ts";

/** What makes one decision newer than another. Times in milliseconds since the epoch. */
export interface Version {
  occurredAt: number;
  effectiveAt: number;
  intent: Intent;
  eventId: string;
}

/**
 * A text whose order is the order of decisions about one person and aspect, here and in the ledger's conditions alike.
 *
 * When HR decided comes first. Of decisions made at the same time the one with the later effect is the newer: a leave
 * and the return from it may be entered together. Of those with the same effect the more restrictive stands, because a
 * wrong suspension is noticed and mended, and a missing one is not. The event's id only makes the order total.
 */
export function versionKey({ occurredAt, effectiveAt, intent, eventId }: Version): string {
  const restrictiveness = intent === "offboard" ? "|1|" : "|0|";
  const decided = sortable(occurredAt);
  const effective = effectiveAt === occurredAt ? decided : sortable(effectiveAt);
  return `${decided}|${effective}${restrictiveness}${asciiOf(eventId)}`;
}

/** Years 1 to 9999 as positive numbers of one width. */
function sortable(milliseconds: number): string {
  return String(milliseconds + 100_000_000_000_000).padStart(15, "0");
}

/** The table compares bytes and JavaScript UTF-16 units; over ASCII the two agree. */
function asciiOf(text: string): string {
  if (plain.test(text)) return text;
  return text.replaceAll(
    /[^\x20-\x24\x26-\x7e]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Nearly every id. */
const plain = /^[\x20-\x24\x26-\x7e]*$/;
