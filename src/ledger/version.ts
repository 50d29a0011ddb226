import type { Intent } from "../pipelineSettings.ts";

/** The fields that order decisions. Times in milliseconds since the epoch. */
export interface Version {
  occurredAt: number;
  effectiveAt: number;
  intent: Intent;
  eventId: string;
}

/**
 * Writes the text by which the ledger knows a decision: when HR decided, when that takes effect, whether it takes access away,
 * and the event. It holds all that orders decisions but the time at which the bus received them (`Versioned`). Earlier releases
 * write the same text.
 */
export function versionKey({ occurredAt, effectiveAt, intent, eventId }: Version): string {
  const restrictiveness = intent === "offboard" ? "|1|" : "|0|";
  const decided = sortable(occurredAt);
  const effective = effectiveAt === occurredAt ? decided : sortable(effectiveAt);
  return `${decided}|${effective}${restrictiveness}${asciiOf(eventId)}`;
}

/** Years 1 to 9999 as positive numbers of one width. */
const sortableEpoch = 100_000_000_000_000;
const sortable = (milliseconds: number) => String(milliseconds + sortableEpoch).padStart(15, "0");

function asciiOf(text: string): string {
  if (printableAscii.test(text)) return text;
  return text.replaceAll(
    /[^\x20-\x24\x26-\x7e]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Nearly every id is one. */
const printableAscii = /^[\x20-\x24\x26-\x7e]*$/;

/** A decision as far as its order depends on it. */
export interface Versioned {
  version: string;
  /** When the bus first received the event, in milliseconds since the epoch. Unknown of what an earlier release wrote. */
  busTime?: number | undefined;
}

/** When a decision was made and takes effect, in milliseconds since the epoch. */
interface VersionParts {
  decided: number;
  effective: number;
  /** From when on it counts: nothing takes effect before it was decided. */
  from: number;
  isLeave: boolean;
  /** The event's id as the version has it. */
  id: string;
}

const format = /^(\d{15})\|(\d{15})\|([01])\|(.*)$/s;

/** Throws for a text that `versionKey` did not write. */
export function partsOf(version: string): VersionParts {
  const [, decidedText, effectiveText, restrictiveness, id] = format.exec(version) ?? [];
  if (decidedText === undefined || effectiveText === undefined || id === undefined)
    throw new Error(
      `expected a version as this release of Rollcall writes it, got "${version.slice(0, 40)}"; read it with the release that is deployed`,
    );
  const decided = Number(decidedText) - sortableEpoch;
  const effective = Number(effectiveText) - sortableEpoch;
  const from = Math.max(decided, effective);
  return { decided, effective, from, isLeave: restrictiveness === "1", id };
}

/** Whether two versions are of one event: an event that is sent again with another time is still that event. */
export function isSameEvent(one: string, other: string): boolean {
  return one === other || partsOf(one).id === partsOf(other).id;
}

/** The id of the event, as HR wrote it. */
export function eventIdOf(version: string): string {
  return partsOf(version).id.replaceAll(/%([0-9a-f]{4})/g, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** What tells two decisions apart that HR made at one time, for one time. */
export type TieBreak = (typeof tieBreaks)[number];
export const tieBreaks = ["receivedLater", "moreRestrictive", "greaterId"] as const;

/**
 * Compares by when decisions count: negative if `a` is the older one, 0 if they are the same. Of those that count from one moment
 * the one that HR made later is the newer.
 */
export function compareByEffect(a: Versioned, b: Versioned): number {
  if (a.version === b.version) return 0;
  return partsOf(a.version).from - partsOf(b.version).from || compareByDecision(a, b);
}

/**
 * Compares by when HR made decisions. Of those made at the same time the one with the later effect is the newer: a leave and the
 * return from it may be entered together. HR systems know days only, so many are made at one time: of these the one that the bus
 * received later is the newer, then the more restrictive one, because a wrong suspension is noticed and undone, and a missing one
 * is not. The event's id only makes the order total.
 */
export function compareByDecision(a: Versioned, b: Versioned): number {
  if (a.version === b.version) return 0;
  const [one, other] = [partsOf(a.version), partsOf(b.version)];
  return (
    one.decided - other.decided ||
    one.effective - other.effective ||
    (a.busTime ?? 0) - (b.busTime ?? 0) ||
    Number(one.isLeave) - Number(other.isLeave) ||
    compareIds(one.id, other.id)
  );
}

/** By what the order of two decisions was found that HR made at one time, for one time; `undefined` for all others. */
export function tieBreakOf(a: Versioned, b: Versioned): TieBreak | undefined {
  const [one, other] = [partsOf(a.version), partsOf(b.version)];
  if (one.decided !== other.decided || one.effective !== other.effective || one.id === other.id)
    return undefined;
  if ((a.busTime ?? 0) !== (b.busTime ?? 0)) return "receivedLater";
  return one.isLeave === other.isLeave ? "greaterId" : "moreRestrictive";
}

/** Numbers within ids count as numbers: `hr-10` comes after `hr-9`. */
export function compareIds(a: string, b: string): number {
  const [ones, others] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (const [index, one] of ones.entries()) {
    const other = others[index];
    if (other === undefined) return 1;
    const order = compareParts(one, other);
    if (order !== 0) return order;
  }
  if (ones.length < others.length) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareParts(one: string, other: string): number {
  const [n, m] = [one, other].map((part) => (/^\d/.test(part) ? part.replace(/^0+(?=\d)/, "") : undefined));
  if (n !== undefined && m !== undefined && n.length !== m.length) return n.length - m.length;
  const [x, y] = n !== undefined && m !== undefined ? [n, m] : [one, other];
  return x < y ? -1 : x > y ? 1 : 0;
}
