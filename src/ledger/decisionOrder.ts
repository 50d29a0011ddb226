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
      compareIds(partsOfA.id, partsOfB.id),
  );
}

/** What makes a decision newer than another one that HR made at the same time; `undefined` if the times tell them apart. */
export function tieOf(newer: OrderedDecision, older: OrderedDecision): Tie | undefined {
  const ofNewer = partsOf(newer.version);
  const ofOlder = partsOf(older.version);
  if (newer.version === older.version || ofNewer === undefined || ofNewer.times !== ofOlder?.times)
    return undefined;
  if ((newer.busTime ?? 0) !== (older.busTime ?? 0)) return "receivedLater";
  return ofNewer.restrictiveness === ofOlder.restrictiveness ? "greaterId" : "moreRestrictive";
}

/** The beginning that only versions of decisions with the same times have; `undefined` for a text that is no version. */
export function timesOf(version: string): string | undefined {
  return partsOf(version)?.times;
}

function partsOf(version: string): { times: string; restrictiveness: string; id: string } | undefined {
  const [, times, restrictiveness, id] = layout.exec(version) ?? [];
  if (times === undefined || restrictiveness === undefined || id === undefined) return undefined;
  return { times, restrictiveness, id };
}

const layout = /^(\d{15}\|\d{15}\|)([01])\|(.*)$/s;

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
