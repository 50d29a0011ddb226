import { compareDecisions, timesOf } from "../../ledger/decisionOrder.ts";
import type { JournalEntry } from "../../ledger/ledger.ts";
import type { Head, PersonHistory } from "../../ledger/personHistory.ts";
import { type Aspect, pipelines } from "../../pipelineSettings.ts";
import { followUpId, isFollowUp } from "../../provisioning/followUps.ts";
import {
  accessBefore,
  isAsSeenBefore,
  isSameState,
  licenseBefore,
  type Situation,
  type StateBefore,
  stateAfterIt,
  supersededBy,
  toldBefore,
} from "./stateBefore.ts";

/** `metadata.origin` of the events that undo others. */
export const undoOrigin = "undo";

/** Chooses the decisions that were wrong. All filters that are given must match; of several values of one filter, one. */
export interface UndoFilter {
  /** When their latest outcome was written: both moments included, in milliseconds since the epoch. */
  since: number;
  until: number;
  /** The systems that they came from. By default all but the undos themselves. */
  origin?: readonly string[];
  /** The rosters, by their ids, which are the correlation ids of their events. */
  roster?: readonly string[];
  account?: readonly string[];
  /** Ids of people. */
  people?: ReadonlySet<string>;
}

/** One aspect of a person that wrong decisions changed, and that is still as they left it. */
export interface WrongChange extends StateBefore {
  personId: string;
  aspect: Aspect;
  accountId: string;
  /** The wrong decisions that changed it one after the other, the oldest first. */
  events: readonly string[];
  /** The newest of the wrong decisions: it stands, and the undo has the place after it. */
  standing: JournalEntry;
  head: Head;
  /** The user did not exist before. */
  wasAbsent: boolean;
  /** Further accounts in which a user of the leaver was suspended: what was there before is not known. */
  alsoAt: readonly string[];
  /** Decisions that waited for their day, and that the wrong ones cancelled. */
  cancelled: readonly JournalEntry[];
  email: string;
  previousEmails: readonly string[];
}

/** Why nobody can tell what the opposite of a wrong change is. */
export type Unknowable =
  /** Nobody looked at the user, and no earlier decision tells. */
  | "unknownBefore"
  /** Only a further user of the leaver was suspended. */
  | "furtherUser"
  /** An older decision that a wrong one had superseded counts again, and the journal does not tell what it was, or which of several. */
  | "supersededUnknown"
  /** It changed nothing yet: it keeps out what waits for its day, and can be undone once that has come. */
  | "keepsOut"
  | "severalAccounts"
  | "noAddress";

export type Found =
  | { kind: "wrong"; change: WrongChange }
  | { kind: "unknowable"; why: Unknowable; personId: string; aspect: Aspect; standing: JournalEntry }
  /** `newer`: another decision stands since. `undone`: an undo made it as it was. `asBefore`: it is as it was before all the same. */
  | {
      kind: "kept";
      because: "newer" | "undone" | "asBefore";
      personId: string;
      aspect: Aspect;
      eventId: string;
      by?: string;
    };

/** Whether a decision is one of the wrong ones. Licenses that follow are chosen with what they follow from. */
export function isMeant(entry: JournalEntry, filter: UndoFilter): boolean {
  const { since, until, origin, roster, account, people } = filter;
  const settledAt = Date.parse(entry.settledAt);
  if (settledAt < since || settledAt > until || isFollowUp(entry)) return false;
  return (
    (origin === undefined ? entry.origin !== undoOrigin : origin.includes(entry.origin ?? "")) &&
    (roster === undefined || roster.includes(entry.correlationId ?? "")) &&
    (account === undefined || account.includes(entry.accountId ?? "")) &&
    (people === undefined || people.has(entry.personId))
  );
}

const aspects: readonly Aspect[] = ["access", "license"];

/**
 * Finds what wrong decisions changed of a person and still stands so, and how it was before. Pure.
 *
 * Decisions about one aspect stand one after the other, in their order. Those that stand at the end and are wrong without a right one
 * between them are undone together: then it is as it was before the first of them.
 *
 * @param now milliseconds since the epoch
 */
export function findWrongChanges(history: PersonHistory, filter: UndoFilter, now: number): Found[] {
  const chosen = chooseWrong(history.entries, filter);
  return aspects.flatMap((aspect) => findInAspect(aspect, history, chosen, now));
}

/**
 * The ids of the wrong decisions: with the licenses that follow from them, and with earlier undos of them. So whoever undoes once more
 * starts from how it was before the first of all, and a decision of HR's that came late and was superseded by an undo counts.
 */
function chooseWrong(entries: readonly JournalEntry[], filter: UndoFilter): ReadonlySet<string> {
  const chosen = new Set<string>();
  let added = entries.filter((entry) => isMeant(entry, filter));
  while (added.length > 0) {
    for (const { eventId, occurredAt } of added) {
      chosen.add(eventId);
      chosen.add(followUpId({ eventId, occurredAt: Date.parse(occurredAt) }));
    }
    added = entries.filter(
      ({ eventId, undoes }) => undoes !== undefined && chosen.has(undoes) && !chosen.has(eventId),
    );
  }
  return chosen;
}

function findInAspect(
  aspect: Aspect,
  history: PersonHistory,
  chosen: ReadonlySet<string>,
  now: number,
): Found[] {
  const { personId, heads } = history;
  const head = heads.find((each) => each.aspect === aspect);
  const own = history.entries.filter(({ intent }) => pipelines[intent].aspect === aspect);
  const isChosen = ({ eventId }: JournalEntry) => chosen.has(eventId);
  const wasChanged = (entry: JournalEntry) => isCarriedOut(entry, head);
  const stood = own.filter((entry) => hasStood(entry)).toSorted(byStanding);
  const newest = stood.findLast(isChosen);
  if (newest === undefined) return [];
  const standing = own.find(({ eventId }) => eventId === head?.settled?.eventId);
  if (head === undefined || standing === undefined || !isChosen(standing)) {
    if (!stood.some((entry) => isChosen(entry) && wasChanged(entry))) return [];
    const kept = { kind: "kept", because: "newer", personId, aspect, eventId: newest.eventId } as const;
    const by = head?.settled?.eventId;
    return [by === undefined ? kept : { ...kept, by }];
  }
  const end = stood.indexOf(standing);
  const start = stood.findLastIndex((entry, index) => index < end && !isChosen(entry)) + 1;
  const isInForce = (entry: JournalEntry) => entry.outcome === "unchanged" || wasChanged(entry);
  const run = stood.slice(start, end + 1);
  const previous = stood.slice(0, start).findLast(isInForce);
  const changes = run.filter(wasChanged);
  const last = run.findLast(isInForce);
  return describeRun({ history, own, isChosen, head, standing, run, changes, last, previous }, aspect, now);
}

function describeRun(situation: Situation, aspect: Aspect, now: number): Found[] {
  const { history, head, standing, changes, last, run } = situation;
  const { personId } = history;
  const about = { personId, aspect };
  const because = (why: Unknowable): Found[] => [{ kind: "unknowable", why, ...about, standing }];
  const superseded = supersededBy(situation, now);
  if (superseded === "tied") return because("supersededUnknown");
  if (superseded === undefined && changes.length === 0)
    return keepsOut(situation, now) ? because("keepsOut") : [];
  const alsoAt = changes.flatMap((entry) => entry.alsoAt ?? []);
  const told = toldBefore(situation);
  const stateBefore = aspect === "access" ? accessBefore : licenseBefore;
  const wanted = stateBefore(situation, superseded, told);
  if (wanted === undefined) return because(superseded === undefined ? "unknownBefore" : "supersededUnknown");
  // Wrong decisions that were refused left it as it was before them.
  const current = last === undefined ? stateBefore(situation, undefined, told)?.before : stateAfterIt(last);
  if (isSameState(wanted.before, current)) {
    if (alsoAt.length > 0) return because("furtherUser");
    const isUndone = standing.undoes !== undefined;
    const by = superseded?.eventId ?? (isUndone ? standing.eventId : undefined);
    const kept = { kind: "kept", ...about, eventId: standing.eventId } as const;
    return [{ ...kept, because: isUndone ? "undone" : "asBefore", ...(by !== undefined && { by }) }];
  }
  const accounts = new Set((changes.length > 0 ? changes : run).flatMap(({ accountId }) => accountId ?? []));
  const [accountId] = accounts;
  if (accountId === undefined || accounts.size > 1) return because("severalAccounts");
  const addresses = [...new Set([...history.heads.flatMap(({ addresses: known = [] }) => known)])];
  const email = head.email ?? history.heads.find((each) => each.email !== undefined)?.email;
  if (email === undefined) return because("noAddress");
  const change: WrongChange = {
    ...about,
    accountId,
    events: (changes.length > 0 ? changes : run).map(({ eventId }) => eventId),
    standing,
    head,
    ...wanted,
    wasAbsent: told?.status === "absent",
    alsoAt,
    cancelled: cancelledBy(situation, now),
    email,
    previousEmails: addresses.filter((address) => address !== email).slice(0, mostPreviousEmails),
  };
  return [{ kind: "wrong", change }];
}

/** An event takes no more. */
const mostPreviousEmails = 20;

/** Codes of dead letters whose decision was carried out all the same: only something that belongs to it was not. */
const codesOfCarriedOut: ReadonlySet<string> = new Set([
  "NotSignedOut",
  "PinNotReset",
  "LicenseNotKept",
  "LeftElsewhere",
]);

function isCarriedOut(entry: JournalEntry, head: Head | undefined): boolean {
  const { outcome, code = "", version } = entry;
  switch (outcome) {
    case "applied":
      return true;
    case "rejected":
      return head?.left === version || codesOfCarriedOut.has(code);
    case "unchanged":
      // Its own first try may have made it so.
      return entry.interrupted === true && !isAsSeenBefore(entry);
    default:
      return false;
  }
}

function hasStood({ outcome, code }: JournalEntry): boolean {
  return outcome === "applied" || outcome === "rejected" || (outcome === "unchanged" && code === "alreadySo");
}

/** Of decisions with the same times the journal does not tell the order, but which stood first. */
function byStanding(a: JournalEntry, b: JournalEntry): number {
  if (timesOf(a.version) !== timesOf(b.version)) return compareDecisions(a, b);
  return a.settledAt < b.settledAt ? -1 : a.settledAt > b.settledAt ? 1 : compareDecisions(a, b);
}

/** What waited for its day, would come without the wrong decisions, and waits no more. */
function cancelledBy(situation: Situation, now: number): readonly JournalEntry[] {
  const { own, history } = situation;
  const waiting = new Set([...history.waiting, ...history.held].map(({ eventId }) => eventId));
  return own.filter((entry) => {
    const isGone =
      (entry.outcome === "deferred" && entry.code === "effectiveLater" && !waiting.has(entry.eventId)) ||
      (entry.outcome === "superseded" && isToCome(entry, now));
    return isGone && isBetween(situation, entry);
  });
}

/** Whether something still to come asks for the opposite, and will not come because of the wrong decisions. */
function keepsOut(situation: Situation, now: number): boolean {
  const { own, head, standing, run } = situation;
  const ids = run.map(({ eventId }) => eventId);
  const isLeftWaiting = ({ eventId }: JournalEntry) =>
    head.waiting?.some((note) => note.eventId === eventId && note.orderedAs !== undefined) === true;
  return own.some((entry) => {
    const isKeptOut =
      (entry.outcome === "deferred" && !isLeftWaiting(entry)) ||
      (entry.outcome === "superseded" && ids.includes(entry.code ?? ""));
    const isOpposite =
      entry.license !== standing.license ||
      (entry.intent === "offboard") !== (standing.intent === "offboard");
    return isKeptOut && isOpposite && isToCome(entry, now) && isBetween(situation, entry);
  });
}

function isToCome({ effectiveAt, occurredAt }: JournalEntry, now: number): boolean {
  return Date.parse(effectiveAt ?? occurredAt) > now;
}

/** Whether a right decision would count without the wrong ones: newer than what stood before them, and older than what stands. */
function isBetween({ isChosen, previous, standing }: Situation, entry: JournalEntry): boolean {
  if (isChosen(entry) || compareDecisions(entry, standing) > 0) return false;
  return previous === undefined || compareDecisions(entry, previous) > 0;
}
