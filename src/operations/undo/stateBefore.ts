import { compareDecisions, timesOf } from "../../ledger/decisionOrder.ts";
import type { JournalEntry } from "../../ledger/ledger.ts";
import type { Head, PersonHistory } from "../../ledger/personHistory.ts";

// How an aspect of a person was before wrong decisions changed it, as the person's history tells.

/** What a person may do. A person who is invited counts as active, because the invitation may be accepted at any time. */
type AccessState = "active" | "suspended";

export interface StateBefore {
  /** How it was before the wrong decisions; of access with the license of then, where it is known. */
  before: { kind: "access"; state: AccessState; license?: string } | { kind: "license"; license: string };
  /**
   * Who tells that: the directory or a roster that looked at the user, a decision before, or an older decision that a wrong one had
   * superseded.
   */
  knownBy: { kind: "directory" } | { kind: "decision" | "superseded"; eventId: string };
}

/** What is known of an aspect that wrong decisions changed. */
export interface Situation {
  history: PersonHistory;
  /** All entries about the aspect. */
  own: readonly JournalEntry[];
  isChosen: (entry: JournalEntry) => boolean;
  head: Head;
  standing: JournalEntry;
  /** The wrong decisions that stood, and those of them that changed something. */
  run: readonly JournalEntry[];
  changes: readonly JournalEntry[];
  /** The last of the wrong decisions that the directory is as; absent where they were all refused. */
  last: JournalEntry | undefined;
  /** The decision that stood before them. */
  previous: JournalEntry | undefined;
}

/** What somebody saw of the user before the first change: nothing had changed until then. */
export function toldBefore({ run, changes: [first], previous }: Situation): JournalEntry["userBefore"] {
  const until = first === undefined ? run : run.slice(0, run.indexOf(first) + 1);
  // Before the decision that stood then somebody may have seen another state.
  const isOfThen = ({ seenAt }: Sight) => seenAt === undefined || seenAt > (previous?.settledAt ?? "");
  return until.find(({ userBefore }) => userBefore !== undefined && isOfThen(userBefore))?.userBefore;
}

/**
 * The newest right decision that a wrong one superseded, and that would stand without it; `tied` where the journal does not tell which
 * that is.
 */
export function supersededBy(
  { own, isChosen, run, previous }: Situation,
  now: number,
): JournalEntry | "tied" | undefined {
  // One may have been superseded by a wrong one that was superseded by another wrong one itself.
  const ids = new Set(run.map(({ eventId }) => eventId));
  const superseded = own.filter(({ outcome }) => outcome === "superseded");
  for (const _ of superseded)
    for (const entry of superseded) if (isChosen(entry) && ids.has(entry.code ?? "")) ids.add(entry.eventId);
  const candidates = superseded.filter(
    (entry) =>
      ids.has(entry.code ?? "") &&
      !isChosen(entry) &&
      Date.parse(entry.effectiveAt ?? entry.occurredAt) <= now,
  );
  const newest = candidates.toSorted(compareDecisions).at(-1);
  if (newest === undefined) return undefined;
  const rivals = [...candidates, ...(previous === undefined ? [] : [previous])];
  if (rivals.some((other) => other !== newest && timesOf(other.version) === timesOf(newest.version)))
    return "tied";
  return previous !== undefined && compareDecisions(previous, newest) > 0 ? undefined : newest;
}

export function accessBefore(
  situation: Situation,
  superseded: JournalEntry | undefined,
  told: JournalEntry["userBefore"],
): StateBefore | undefined {
  const license = told?.license === undefined ? {} : { license: told.license };
  const as = (state: AccessState, knownBy: StateBefore["knownBy"]): StateBefore => ({
    before: { kind: "access", state, ...license },
    knownBy,
  });
  if (superseded !== undefined)
    return as(stateAfter(superseded), { kind: "superseded", eventId: superseded.eventId });
  if (told !== undefined) return as(stateOf(told), { kind: "directory" });
  const seen = lastSight(situation, {
    tells: () => true,
    isNew: (user, change) => stateOf(user) === stateAfter(change),
  });
  if (seen?.userBefore !== undefined)
    return as(stateOf(seen.userBefore), { kind: "decision", eventId: seen.eventId });
  const { previous } = situation;
  return previous && as(stateAfter(previous), { kind: "decision", eventId: previous.eventId });
}

export function licenseBefore(
  situation: Situation,
  superseded: JournalEntry | undefined,
  told: JournalEntry["userBefore"],
): StateBefore | undefined {
  const as = (license: string | undefined, knownBy: StateBefore["knownBy"]): StateBefore | undefined =>
    license === undefined ? undefined : { before: { kind: "license", license }, knownBy };
  if (superseded !== undefined)
    return as(superseded.license, { kind: "superseded", eventId: superseded.eventId });
  if (told?.license !== undefined) return as(told.license, { kind: "directory" });
  const seen = lastSight(situation, {
    tells: ({ license }) => license !== undefined,
    isNew: ({ license }, change) => license === change.license,
  });
  if (seen !== undefined) return as(seen.userBefore?.license, { kind: "decision", eventId: seen.eventId });
  const { previous } = situation;
  return previous && as(previous.license, { kind: "decision", eventId: previous.eventId });
}

type Sight = NonNullable<JournalEntry["userBefore"]>;

/**
 * The latest decision about the other aspect for which somebody looked at the user, after the previous one about this aspect and before
 * the first change. Two functions may act on a person at once: of what was seen meanwhile only that counts which the change did not make.
 */
function lastSight(
  { history, own, previous, changes: [first] }: Situation,
  {
    tells,
    isNew,
  }: { tells: (seen: Sight) => boolean; isNew: (seen: Sight, change: JournalEntry) => boolean },
): JournalEntry | undefined {
  if (first === undefined) return undefined;
  const isBeforeChange = ({ settledAt, userBefore }: JournalEntry) =>
    settledAt < first.receivedAt ||
    (settledAt <= first.settledAt && userBefore !== undefined && !isNew(userBefore, first));
  return history.entries
    .filter(
      (entry) =>
        entry.userBefore !== undefined &&
        entry.userBefore.seenAt === undefined &&
        tells(entry.userBefore) &&
        !own.includes(entry) &&
        entry.receivedAt > (previous?.settledAt ?? "") &&
        isBeforeChange(entry),
    )
    .toSorted((a, b) => (a.settledAt < b.settledAt ? -1 : 1))
    .at(-1);
}

function stateOf({ status }: Sight): AccessState {
  return statusesOfActive.has(status) ? "active" : "suspended";
}

/** The journal's words for users who have access, or may take it up at any time. */
const statusesOfActive: ReadonlySet<string> = new Set(["registered", "invited"]);

/** How an aspect is once a decision about it was carried out; a license that nobody kept is another one than all others. */
export function stateAfterIt(entry: JournalEntry): Partial<StateBefore["before"]> {
  if (entry.intent === "relicense") {
    const { license } = entry;
    return { kind: "license", ...(license !== undefined && { license }) };
  }
  return { kind: "access", state: stateAfter(entry) };
}

/** Whether the user was as the decision wants before it was acted on, as far as somebody saw that. */
export function isAsSeenBefore(entry: JournalEntry): boolean {
  const { intent, userBefore, license } = entry;
  if (userBefore === undefined) return false;
  return intent === "relicense" ? userBefore.license === license : stateOf(userBefore) === stateAfter(entry);
}

export function isSameState(
  one: StateBefore["before"],
  other: Partial<StateBefore["before"]> | undefined,
): boolean {
  if (one.kind === "access") return other?.kind === "access" && one.state === other.state;
  return other?.kind === "license" && one.license === other.license;
}

function stateAfter({ intent }: JournalEntry): AccessState {
  return intent === "offboard" ? "suspended" : "active";
}
