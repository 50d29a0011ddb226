import type { Intent } from "../pipelineSettings.ts";
import { type AddressList, areOnePerson } from "./addresses.ts";
import {
  compareDecisions,
  decisionTimeOf,
  effectiveTimeOf,
  type OrderedDecision,
  type Tie,
  tieOf,
  versionAfter,
} from "./decisionOrder.ts";

/** Where a decision is ordered. `busTime`: 0 where nobody knows. */
export interface Order {
  version: string;
  busTime: number;
}

/** A decision that waits in a place of its own, as the head that its order depends on notes it. */
export interface WaitingNote {
  intent: Intent;
  eventId: string;
  version: string;
  busTime?: number;
  /** Lower-case: the current address, then the previous ones. */
  emails: AddressList;
  /** What a change of license asks for. */
  license?: string;
  /** How a leave is ordered that a newer return has left waiting: directly after that return. */
  orderedAs?: Order;
}

/** A decision that is compared with what waits. */
interface Compared extends OrderedDecision {
  eventId: string;
  intent: Intent;
  email: string;
  previousEmails?: AddressList;
  licenseType?: string | undefined;
}

/** The most notes of a head: more dated decisions of one person are no plan of HR's. What is not noted waits all the same. */
const mostNotes = 20;

/** What a head notes of a decision that this invocation has claimed, and that waits in a place of its own. */
export function noteOf(claim: Compared): WaitingNote {
  const { intent, eventId, version, busTime = 0, email, previousEmails = [] } = claim;
  const license = licenseAskedFor(claim);
  const told = { ...(busTime > 0 && { busTime }), ...(license !== undefined && { license }) };
  return { intent, eventId, version, emails: [email, ...previousEmails], ...told };
}

/** What a change of license asks for. A hire or a return may name a license, too: what it asks for is access. */
export function licenseAskedFor({
  intent,
  licenseType,
}: Pick<Compared, "intent" | "licenseType">): string | undefined {
  return intent === "relicense" ? licenseType : undefined;
}

/**
 * The notes with one more. The newest decisions stay; of two copies of one event with two times the newer one, however a return has ordered
 * the other.
 */
export function withNote(notes: readonly WaitingNote[] = [], note: WaitingNote): readonly WaitingNote[] {
  const isKnown = (other: WaitingNote) =>
    other.orderedAs?.version === note.version || compareDecisions(other, note) >= 0;
  if (notes.some((other) => isCopyOf(other, note) && isKnown(other))) return notes;
  return [...notes.filter((other) => !isCopyOf(other, note)), note].toSorted(compareNotes).slice(-mostNotes);
}

export function withoutNotes(
  notes: readonly WaitingNote[] = [],
  removed: readonly WaitingNote[],
): readonly WaitingNote[] {
  return notes.filter(({ version }) => removed.every((one) => one.version !== version));
}

export function compareNotes(a: WaitingNote, b: WaitingNote): number {
  return compareDecisions(inOrder(a), inOrder(b));
}

function inOrder({ version, busTime, orderedAs }: WaitingNote): OrderedDecision {
  return orderedAs ?? { version, busTime };
}

/** A decision as it is ordered: a leave that a return has left waiting comes directly after that return. */
export function ordered<Asked extends OrderedDecision>(
  notes: readonly WaitingNote[] | undefined,
  asked: Asked,
): Asked {
  const order = notes?.find(({ version }) => version === asked.version)?.orderedAs;
  return order === undefined ? asked : { ...asked, ...order };
}

/** The version of the latest of the older decisions that came with a claim, where a return has left it waiting, and it is ordered after the claim. */
export function orderedLater(
  notes: readonly WaitingNote[] | undefined,
  { older = [], ...claim }: OrderedDecision & { older?: readonly string[] },
): string | undefined {
  if (notes === undefined || older.length === 0) return undefined;
  return notes
    .filter((note) => note.orderedAs !== undefined && older.includes(note.version))
    .findLast((note) => compareDecisions(inOrder(note), claim) > 0)?.version;
}

/**
 * Whether a copy of the event waits that HR made later: a correction. Of copies made at one time nobody knows which corrects the other, and
 * the one that is in effect is carried out.
 */
export function hasNewerCopy(
  notes: readonly WaitingNote[] | undefined,
  claim: OrderedDecision & { eventId: string; intent: Intent },
): boolean {
  return (
    notes?.some(
      (note) =>
        isCopyOf(note, claim) && decisionTimeOf(inOrder(note).version) > decisionTimeOf(claim.version),
    ) === true
  );
}

/** One id is one event, but for a hire and a leave. */
function isCopyOf(note: WaitingNote, { eventId, intent }: { eventId: string; intent: Intent }): boolean {
  return note.eventId === eventId && note.intent === intent;
}

/** What a decision is superseded by although nothing newer stands. */
export interface Successor {
  by: string;
  tie?: Tie;
  /** The two are about different people, as far as their addresses tell. */
  ambiguous?: true;
  /** Until then something may come that stands between the two. Milliseconds since the epoch. */
  doubtfulUntil?: number;
}

/**
 * So long after the bus had a later leave, an earlier one does not give way to it: a return between the two, entered with both of them,
 * comes through a queue of its own.
 */
const plansComeWithinMilliseconds = 120_000;

/**
 * The waiting decision that supersedes a claim: a newer one that asks for the same on a later day, with nothing between them that asks for
 * the opposite. Then HR has put it off. A leave in June, a return in September and a leave in December are three spans, and each
 * comes on its day. What is due decides for itself.
 *
 * @param settled the decision that stands: what is older will not come
 * @param now milliseconds since the epoch
 */
export function successorOf(
  notes: readonly WaitingNote[] | undefined,
  settled: OrderedDecision | undefined,
  claim: Compared,
  now: number,
): Successor | undefined {
  if (notes === undefined) return undefined;
  const coming = notes.filter(
    (note) => settled === undefined || compareDecisions(inOrder(note), settled) > 0,
  );
  const from = effectiveTimeOf(claim.version);
  const successor = coming.find((note) => {
    const day = effectiveTimeOf(note.version);
    if (day <= now || day <= from || !asksForTheSame(note, claim) || isCopyOf(note, claim)) return false;
    return compareDecisions(inOrder(note), claim) > 0 && !isInterruptedBetween(coming, claim, from, day);
  });
  if (successor === undefined) return undefined;
  const tie = tieOf(inOrder(successor), claim);
  const { busTime = 0 } = successor;
  // A sender may tell any moment, and one far ahead is not waited for.
  const isDoubtful = asksToLeave(claim) && Math.abs(now - busTime) < plansComeWithinMilliseconds;
  return {
    by: successor.eventId,
    ...(tie !== undefined && { tie }),
    ...(!isOnePerson(successor, claim) && { ambiguous: true }),
    ...(isDoubtful && { doubtfulUntil: busTime + plansComeWithinMilliseconds }),
  };
}

function isInterruptedBetween(
  notes: readonly WaitingNote[],
  claim: Compared,
  from: number,
  to: number,
): boolean {
  return notes.some((other) => {
    const day = effectiveTimeOf(other.version);
    return !asksForTheSame(other, claim) && day > from && day <= to;
  });
}

/**
 * The waiting decisions that wait no longer once a claim stands: the older ones about its person, itself among them. A leave of a day that is
 * to come goes on waiting: whether it comes is decided then, because until then somebody may tell of another leave that the return has ended.
 *
 * @param endsLeave whether the claim is a return that ends another leave: then it leaves those of a later day waiting, due or not
 * @param now milliseconds since the epoch
 */
export function replacedBy(
  notes: readonly WaitingNote[] | undefined,
  claim: Compared,
  endsLeave: boolean,
  now: number,
): WaitingNote[] {
  return (notes ?? []).filter((note) => {
    const isToCome = effectiveTimeOf(note.version) > now || endsLeave;
    const staysWaiting = isToCome && isLeaveAfter(note, claim.version);
    return compareDecisions(inOrder(note), claim) <= 0 && !staysWaiting && isOnePerson(note, claim);
  });
}

/** The notes once it is known that the return which stands has ended a leave: older leaves of a later day come after it. */
export function orderedAfter(
  notes: readonly WaitingNote[] | undefined,
  standing: OrderedDecision,
): readonly WaitingNote[] | undefined {
  const { version, busTime = 0 } = standing;
  return notes?.map((note) => {
    const isLeftWaiting = isLeaveAfter(note, version) && compareDecisions(inOrder(note), standing) < 0;
    return isLeftWaiting
      ? { ...note, orderedAs: { version: versionAfter(version, note.version), busTime } }
      : note;
  });
}

function isLeaveAfter(note: WaitingNote, version: string): boolean {
  return asksToLeave(note) && effectiveTimeOf(note.version) > effectiveTimeOf(version);
}

function isOnePerson({ emails }: WaitingNote, { email, previousEmails = [] }: Compared): boolean {
  return areOnePerson(emails, [[email, ...previousEmails]]);
}

function asksForTheSame(note: WaitingNote, claim: Compared): boolean {
  return asksToLeave(note) === asksToLeave(claim) && note.license === licenseAskedFor(claim);
}

function asksToLeave({ intent }: { intent: Intent }): boolean {
  return intent === "offboard";
}
