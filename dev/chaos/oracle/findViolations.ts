import type { ChangeKind, DirectoryChange, InvitingCall } from "../../directories/simulatedDirectory.ts";
import type { Kill } from "../faults/processKiller.ts";
import { type DecisionHistory, type EndingAspect, isTied } from "./decisionHistory.ts";
import type { JournalRecord } from "./observations.ts";

/**
 * Finds effects of a decision that came after the journal had the outcome of a newer one; a sentence each.
 *
 * The call log names no decisions. If the journal has the call's request id, that entry is the cause. For a call whose
 * response or worker was lost the cause is unknown: the effect is a regression only if every decision that wants it is older
 * than the one that stood by then. So no correct effect is reported, and a wrong one is missed only if a newer decision wants
 * the same.
 *
 * @param effects those of the history's own person and aspect, in any order
 */
export function findRegressions(
  history: DecisionHistory,
  effects: readonly DirectoryChange[],
  journal: ReadonlyMap<string, JournalRecord>,
): string[] {
  return effects.flatMap((effect) => {
    const stood = history.findLastIndex(({ id }) => stoodBefore(journal.get(id), effect.at));
    const known = history.findIndex(({ id }) => journal.get(id)?.requestId === effect.requestId);
    const cause = known === -1 ? history.findLastIndex(({ wants }) => wants === effect.result) : known;
    const newer = history[stood];
    if (cause >= stood || isTied(history[cause], newer)) return [];
    return [
      `${history[0].personId}: "${effect.result}" of ${history[cause]?.id ?? "no decision"} took effect at ${new Date(effect.at).toISOString()}, after the newer ${newer?.id} ("${newer?.wants}") was journaled`,
    ];
  });
}

/** Outcomes by which a decision stands over all older ones. A rejected one does too: only a newer one may follow it. */
const standingOutcomes: readonly string[] = ["applied", "unchanged", "rejected"];

function stoodBefore(entry: JournalRecord | undefined, time: number): boolean {
  return entry !== undefined && standingOutcomes.includes(entry.outcome) && entry.recordedAt < time;
}

/** What the directory always refuses for one person. */
export interface Refusals {
  /** The code by which it refuses a change of the person. */
  refusalOf: (change: ChangeKind) => string | undefined;
  /** The code by which it refuses every call that carries the person. */
  poison: string | undefined;
  /** The codes by which it refuses whole calls because of one of their entries. */
  poisonCodes: readonly string[];
}

/**
 * Finds journal entries that cannot be true; a sentence each. A decision that the directory always refuses cannot have been
 * applied, even if it shows what the decision wants. And a person whom it does not refuse cannot be the culprit of a refused call.
 */
export function findImpossibleOutcomes(
  history: DecisionHistory,
  { refusalOf, poison, poisonCodes }: Refusals,
  journal: ReadonlyMap<string, JournalRecord>,
): string[] {
  return history.flatMap(({ id, personId, change }) => {
    const { outcome, code = "" } = journal.get(id) ?? {};
    const refusal = poison ?? refusalOf(change);
    if (outcome === "applied" && refusal !== undefined)
      return [
        `${personId}: the journal says that ${id} was applied, which the directory refuses (${refusal})`,
      ];
    if (outcome === "rejected" && poison === undefined && poisonCodes.includes(code))
      return [`${personId}: ${id} was rejected (${code}), though another person in its call was the culprit`];
    return [];
  });
}

/**
 * Finds leaves that the journal reports as done although the person's session had not been ended, or the PIN not replaced; a
 * sentence each.
 *
 * @param suspensions the effects on the person's access
 * @param endings the effects on the person's session, or on the PIN
 * @param hidesSuspended the account shows nobody whom it has suspended: a leave that found nobody has nobody to sign out
 */
export function findMissingEndings(
  history: DecisionHistory,
  aspect: EndingAspect,
  suspensions: readonly DirectoryChange[],
  endings: readonly DirectoryChange[],
  journal: ReadonlyMap<string, JournalRecord>,
  hidesSuspended: boolean,
): string[] {
  return history.flatMap(({ id, personId, endsToo = [] }) => {
    const entry = journal.get(id);
    if (hidesSuspended && entry?.outcome === "unchanged") return [];
    if (!endsToo.includes(aspect) || entry === undefined || !doneOutcomes.includes(entry.outcome)) return [];
    // If the journal names no call, any ending counts: an earlier try may have suspended the person.
    const suspendedAt = suspensions.find(({ requestId }) => requestId === entry.requestId)?.at ?? 0;
    const isEnded = endings.some(({ at }) => suspendedAt <= at && at <= entry.recordedAt);
    return isEnded
      ? []
      : [`${personId}: the journal says that ${id} was done, and the ${missingEnding[aspect]}`];
  });
}

const missingEnding: Record<EndingAspect, string> = {
  session: "session was not ended",
  pin: "PIN was not replaced",
};

/** The outcomes of a leave after which nothing is left to do. */
const doneOutcomes: readonly string[] = ["applied", "unchanged"];

/**
 * Counts the invitations that a person got beyond one for each decision to let them in.
 *
 * A mail belongs to the decision whose journal entry names its call. A mail whose response or worker was lost is in no entry.
 * It is assigned to a decision without a mail whose entry was written after it was sent; if there is none left, it is a
 * duplicate.
 *
 * @param mails invitations of the history's own person
 */
export function countDuplicateInvites(
  history: DecisionHistory,
  mails: readonly DirectoryChange[],
  journal: ReadonlyMap<string, JournalRecord>,
): number {
  const requestIds = new Set(mails.map(({ requestId }) => requestId));
  const entries = history.filter(({ wants }) => wants === "in").flatMap(({ id }) => journal.get(id) ?? []);
  const named = new Set(
    entries.flatMap(({ outcome, requestId }) =>
      outcome === "applied" && requestId !== undefined ? [requestId] : [],
    ),
  );
  const open = entries
    .filter(({ outcome, requestId }) => outcome !== "applied" || !requestIds.has(requestId ?? ""))
    .map(({ recordedAt }) => recordedAt)
    .sort((a, b) => a - b);
  const unnamed = mails
    .filter(({ requestId }) => !named.has(requestId))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  return unnamed.length - countMatches(unnamed, open);
}

/** Counts the mails that can each have an entry of their own that was written after them. Both lists are sorted by time. */
function countMatches(mails: readonly number[], entries: readonly number[]): number {
  let count = 0;
  for (const recordedAt of entries) if ((mails[count] ?? Number.POSITIVE_INFINITY) <= recordedAt) count += 1;
  return count;
}

/**
 * Finds calls that mailed invitations without a confirmation for their caller: the response was lost or unreadable, or a
 * worker was killed that may have made them, and not all of their mails are in the journal. Each may have led to a second mail.
 *
 * @param kills of workers that send invitations
 */
export function findUnconfirmedInvites(
  calls: readonly InvitingCall[],
  kills: readonly Kill[],
  journal: ReadonlyMap<string, JournalRecord>,
): InvitingCall[] {
  const named = new Map<string, number>();
  for (const { requestId = "", outcome } of journal.values())
    if (outcome === "applied") named.set(requestId, (named.get(requestId) ?? 0) + 1);
  return calls.filter(({ requestId, at, mails, isAnswered }) => {
    if ((named.get(requestId) ?? 0) >= mails) return false;
    return !isAnswered || kills.some(({ startedAt, killedAt }) => startedAt <= at && at <= killedAt);
  });
}
