import type { LoggedCall } from "@rollcall/chime-simulator/callLog";
import type { Fault } from "@rollcall/chime-simulator/scriptedFault";
import type { Kill } from "../faults/processKiller.ts";
import type { DecisionHistory } from "./decisionHistory.ts";
import type { Effect, JournalRecord } from "./observations.ts";

/** Outcomes by which a decision stands over all older ones. A rejected one does too: only a newer one may follow it. */
const standingOutcomes: readonly string[] = ["applied", "unchanged", "rejected"];

/**
 * Effects of a decision that came after a newer one about the same person and aspect had been settled; a sentence each.
 *
 * The call log names no decision. Where the journal ties the call's request id to one, that is the cause. Elsewhere, for
 * calls whose answer or worker was lost, the cause is unknown: the effect is an error only if every decision that could
 * have wanted it is older than the one that stood by then. So nothing is reported that could be right, and the effect of
 * an older decision goes unnoticed only where a newer one wants the very same.
 *
 * @param effects those of the history's own person and aspect, in any order
 */
export function findRegressions(
  history: DecisionHistory,
  effects: readonly Effect[],
  journal: ReadonlyMap<string, JournalRecord>,
): string[] {
  return effects.flatMap((effect) => {
    const stood = history.findLastIndex(({ id }) => stoodBefore(journal.get(id), effect.at));
    const known = history.findIndex(({ id }) => journal.get(id)?.requestId === effect.requestId);
    const cause = known === -1 ? history.findLastIndex(({ wants }) => wants === effect.result) : known;
    if (cause >= stood) return [];
    const newer = history[stood];
    return [
      `${history[0].personId}: "${effect.result}" of ${history[cause]?.id ?? "no decision"} took effect at ${iso(effect.at)}, after the newer ${newer?.id} ("${newer?.wants}") was settled`,
    ];
  });
}

function stoodBefore(entry: JournalRecord | undefined, time: number): boolean {
  return entry !== undefined && standingOutcomes.includes(entry.outcome) && entry.settledAt < time;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** What Chime refuses about one person, whatever happens. */
export interface Refusals {
  /** The code by which it refuses an operation on them. */
  permanentCode: (operation: string) => string | undefined;
  /** The exception by which it refuses every call that carries them. */
  poison: string | undefined;
}

/** What a whole call is refused by because of one of its entries. */
const exceptionsOfPoison: readonly (string | undefined)[] = [
  "BadRequestException",
  "UnprocessableEntityException",
];

/**
 * Decisions of which the journal says what cannot be; a sentence each. Whom Chime refuses every time has not been served,
 * even where the directory happens to show what was decided; and whom it does not refuse has not spoilt a call.
 */
export function findImpossibleOutcomes(
  history: DecisionHistory,
  { permanentCode, poison }: Refusals,
  journal: ReadonlyMap<string, JournalRecord>,
): string[] {
  return history.flatMap(({ id, personId, operation }) => {
    const { outcome, code } = journal.get(id) ?? {};
    const refusal = poison ?? permanentCode(operation);
    if (outcome === "applied" && refusal !== undefined)
      return [`${personId}: the journal says that ${id} was applied, which Chime refuses (${refusal})`];
    if (outcome === "rejected" && poison === undefined && exceptionsOfPoison.includes(code))
      return [`${personId}: ${id} was rejected (${code}) for what somebody else in its call is to blame for`];
    return [];
  });
}

/** What the journal says of a leave of which nothing is left to do. */
const doneOutcomes: readonly string[] = ["applied", "unchanged"];

/**
 * Leaves that the journal calls done before the person's session was ended, as it had to be; a sentence each.
 *
 * @param suspensions what happened to the person's access
 * @param endings what happened to the person's session
 */
export function findOpenSessions(
  history: DecisionHistory,
  suspensions: readonly Effect[],
  endings: readonly Effect[],
  journal: ReadonlyMap<string, JournalRecord>,
): string[] {
  return history.flatMap(({ id, personId, endsSession }) => {
    const entry = journal.get(id);
    if (!endsSession || entry === undefined || !doneOutcomes.includes(entry.outcome)) return [];
    // Where the journal names no call, any ending may be the one: an earlier try may have suspended the person.
    const suspendedAt = suspensions.find(({ requestId }) => requestId === entry.requestId)?.at ?? 0;
    const isEnded = endings.some(({ at }) => suspendedAt <= at && at <= entry.settledAt);
    return isEnded
      ? []
      : [`${personId}: the journal says that ${id} was done, and the session was not ended`];
  });
}

/**
 * How many invitations a person got beyond one for each decision to let them in.
 *
 * A mail whose call the journal names belongs to that decision. One whose answer or worker was lost belongs to no entry:
 * it is taken for the one mail of a decision that was not settled yet when it was sent and has no mail in the journal,
 * and is a duplicate if there is no such decision left.
 *
 * @param mails invitations to the history's own person
 */
export function countDuplicateInvites(
  history: DecisionHistory,
  mails: readonly Effect[],
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
    .map(({ settledAt }) => settledAt)
    .sort((a, b) => a - b);
  const unnamed = mails
    .filter(({ requestId }) => !named.has(requestId))
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  return unnamed.length - matched(unnamed, open);
}

/** How many of the mails can each have a decision of its own that was settled only after them. Both in order of time. */
function matched(mails: readonly number[], settlements: readonly number[]): number {
  let count = 0;
  for (const settledAt of settlements)
    if ((mails[count] ?? Number.POSITIVE_INFINITY) <= settledAt) count += 1;
  return count;
}

/**
 * Calls that mailed invitations and of which the caller may not have learnt: their answer was lost or made no sense, or a
 * worker was killed that may have made them, and not all of their mails are in the journal. Each of them may have cost a second mail.
 *
 * @param kills of workers that send invitations
 */
export function findUnconfirmedInvites(
  calls: readonly LoggedCall[],
  faults: ReadonlyMap<number, { fault: Fault }>,
  kills: readonly Kill[],
  journal: ReadonlyMap<string, JournalRecord>,
): LoggedCall[] {
  const named = new Map<string, number>();
  for (const { requestId = "", outcome } of journal.values())
    if (outcome === "applied") named.set(requestId, (named.get(requestId) ?? 0) + 1);
  return calls.filter((call) => {
    if (call.operation !== "InviteUsers" || call.mailedTo.length === 0) return false;
    if ((named.get(call.requestId) ?? 0) >= call.mailedTo.length) return false;
    const isLost = isSilent(faults.get(call.sequence)?.fault.call) || !call.answered;
    return isLost || kills.some(({ startedAt, killedAt }) => startedAt <= call.at && call.at <= killedAt);
  });
}

/** Whether the answer tells its caller nothing. */
function isSilent(fault: Fault["call"]): boolean {
  return fault?.kind === "reset" || fault?.kind === "body";
}
