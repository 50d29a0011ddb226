/** A decision as far as its order goes. */
export interface OrderedDecision {
  /** The times of the decision, how restrictive it is, and its event's id (`versionKey`). */
  version: string;
  /** When the bus first received the event, in milliseconds since the epoch; left out where nobody told. */
  busTime?: number | undefined;
}

/** What decided between two decisions that HR made at one time, and that take effect at one time. */
export type Tie = (typeof ties)[number];
export const ties = ["receivedLater", "moreRestrictive", "greaterId"] as const;

/**
 * Orders the decisions about one person and aspect: -1 if `a` is the older one, 1 if it is the newer one, 0 if they are the same.
 *
 * When HR decided comes first, then when that takes effect. A system that knows days only makes many decisions at one time: of
 * those the one that the bus received later stands, because a correction comes after what it corrects. One of which nobody
 * knows that time came before this was kept. Of those received at one time the more restrictive stands: a wrong suspension is
 * noticed and undone, and a missing one is not. At last the id decides, by its numbers, so that hr-10 comes after hr-9.
 *
 * A decision that undoes another one has the place directly after it: compared with any third one it is what it undoes. So has a leave
 * that a return has left waiting (`versionAfter`).
 */
export function compareDecisions(a: OrderedDecision, b: OrderedDecision): number {
  if (a.version === b.version) return 0;
  const partsOfA = partsOf(a.version);
  const partsOfB = partsOf(b.version);
  if (partsOfA === undefined || partsOfB === undefined || partsOfA.times !== partsOfB.times)
    return compareTexts(a.version, b.version);
  return Math.sign(
    (a.busTime ?? 0) - (b.busTime ?? 0) ||
      compareTexts(partsOfA.restrictiveness, partsOfB.restrictiveness) ||
      compareIds(partsOfA.id, partsOfB.id) ||
      partsOfA.nth - partsOfB.nth ||
      compareTexts(partsOfA.after, partsOfB.after),
  );
}

/** What makes a decision newer than another one that HR made at the same time; `undefined` if the times tell them apart. */
export function tieOf(newer: OrderedDecision, older: OrderedDecision): Tie | undefined {
  const ofNewer = partsOf(newer.version);
  const ofOlder = partsOf(older.version);
  if (newer.version === older.version || ofNewer === undefined || ofNewer.times !== ofOlder?.times)
    return undefined;
  const isPlacedByOther =
    (ofNewer.nth !== ofOlder.nth || ofNewer.after !== ofOlder.after) && ofNewer.id === ofOlder.id;
  if (isPlacedByOther && ofNewer.restrictiveness === ofOlder.restrictiveness) return undefined;
  if ((newer.busTime ?? 0) !== (older.busTime ?? 0)) return "receivedLater";
  return ofNewer.restrictiveness === ofOlder.restrictiveness ? "greaterId" : "moreRestrictive";
}

/** When a decision takes effect, in milliseconds since the epoch; `NaN` for a text that is no version. */
export function effectiveTimeOf(version: string): number {
  const { times, after } = partsOf(version) ?? { times: "", after: "" };
  return fromSortable(after === "" ? times.slice(16, 31) : after.slice(0, timeLength));
}

/**
 * The version of a leave that has the place directly after a return which stands: compared with any third decision it is that return. It
 * ends with the leave's own day and id.
 */
export function versionAfter(standing: string, leave: string): string {
  const place = partsOf(standing);
  const [, times, , id] = layout.exec(standing) ?? [];
  const [, ofLeave = "", , idOfLeave = ""] = layout.exec(leave) ?? [];
  if (place === undefined || times === undefined || id === undefined) return leave;
  const own = `${ofLeave.slice(timeLength + 1, -1)}|${idOfLeave}`;
  return `${times}1|${id}%after:${place.restrictiveness}:${own}`;
}

/** When a decision was made, as its version has it, in milliseconds since the epoch. */
export function decisionTimeOf(version: string): number {
  return fromSortable(version.slice(0, timeLength));
}

/** A version begins with the time of the decision, as a number of so many figures (`versionKey`). */
const timeLength = 15;

/** The beginning that only versions of decisions with the same times have; `undefined` for a text that is no version. */
export function timesOf(version: string): string | undefined {
  return partsOf(version)?.times;
}

/**
 * The place of a decision: of one that undoes another, that of the decision at the beginning, and which one after it; of a leave that was
 * left waiting, that of the return, and its own day and id. Empty for all others.
 */
interface Place {
  times: string;
  restrictiveness: string;
  id: string;
  nth: number;
  after: string;
}

function partsOf(version: string): Place | undefined {
  const [, times, own, text] = layout.exec(version) ?? [];
  if (times === undefined || own === undefined || text === undefined) return undefined;
  const [, ofReturn, restrictiveness = own, after = ""] = leftWaiting.exec(text) ?? [];
  const id = ofReturn ?? text;
  const [suffix, nth, ofFirst] = undoing.exec(id) ?? [];
  if (suffix === undefined || ofFirst === undefined) return { times, restrictiveness, id, nth: 0, after };
  return { times, restrictiveness: ofFirst, id: id.slice(0, -suffix.length), nth: Number(nth), after };
}

const layout = /^(\d{15}\|\d{15}\|)([01])\|(.*)$/s;

/** No id has this: a per cent sign in one is written as `%0025`. */
const leftWaiting = /^(.*)%after:([01]):(\d{15}\|.*)$/s;

/** No id ends like this: a per cent sign in one is written as `%0025`. */
const undoing = /%undo:(\d{1,4}):([01])$/;

/**
 * What the version of a decision ends with that undoes another one: the how manieth it is, and whether the decision at the beginning is a
 * leave. Before it stands the id of that one.
 */
export function undoSuffix(nth: number, isFirstLeave: boolean): string {
  return `%undo:${nth}:${isFirstLeave ? 1 : 0}`;
}

/** The decision at the beginning of those that undo each other, as a version tells of it. Times in milliseconds since the epoch. */
export interface UndoPlace {
  occurredAt: number;
  effectiveAt: number;
  eventId: string;
  isLeave: boolean;
  /** 0: it is that decision itself. */
  nth: number;
}

/** The place of a decision, from which that of one follows which undoes it; `undefined` for a text that is no version. */
export function undoPlaceOf(version: string): UndoPlace | undefined {
  const place = partsOf(version);
  if (place === undefined) return undefined;
  const [occurredAt = 0, effectiveAt = 0] = place.times.split("|").map(fromSortable);
  const { restrictiveness, id, nth } = place;
  return { occurredAt, effectiveAt, eventId: fromAscii(id), isLeave: restrictiveness === "1", nth };
}

const fromSortable = (text: string) => Number(text) - 100_000_000_000_000;

/** Ids stand in a version with escapes, so that it is ASCII (`versionKey`). */
function fromAscii(text: string): string {
  return text.replaceAll(/%([\da-f]{4})/g, (_, unit: string) =>
    String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

/** Numbers within ids count as numbers. Ids that differ in leading zeros only are told apart by their text. */
function compareIds(a: string, b: string): number {
  const partsOfA = a.match(runs) ?? [];
  const partsOfB = b.match(runs) ?? [];
  for (const [index, part] of partsOfA.entries()) {
    const order = compareParts(part, partsOfB[index]);
    if (order !== 0) return order;
  }
  return partsOfA.length - partsOfB.length || compareTexts(a, b);
}

/** An id has 128 characters at most, so this takes no time to speak of. */
const runs = /\d+|\D+/g;

function compareParts(a: string, b: string | undefined): number {
  if (b === undefined) return 1;
  if (!(startsWithDigit.test(a) && startsWithDigit.test(b))) return compareTexts(a, b);
  const numberA = a.replace(leadingZeros, "");
  const numberB = b.replace(leadingZeros, "");
  return numberA.length - numberB.length || compareTexts(numberA, numberB);
}

const startsWithDigit = /^\d/;
const leadingZeros = /^0+/;

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The bus times of the decisions that a head names, by version. */
export type BusTimes = Readonly<Record<string, number>>;

/** A decision that a head names, with its bus time. */
export function withBusTime(version: string, busTimes: BusTimes | undefined): OrderedDecision {
  return { version, busTime: busTimes?.[version] };
}
