import type { LoggedCall } from "@rollcall/chime-simulator/callLog";
import type { Fault } from "@rollcall/chime-simulator/scriptedFault";
import type { Kill } from "../faults/processKiller.ts";
import type { DecisionHistory } from "./decisionHistory.ts";
import type { Effect, JournalRecord } from "./observations.ts";

/**
 * The outcomes of a decision that no older one may override. Even after a rejected one only a newer one may follow.
 */
const standingOutcomes: readonly string[] = ["applied", "unchanged", "rejected"];

/**
 * Finds effects of a decision that came after a newer one about the same person and aspect was final; returns a
 * sentence for each.
 *
 * The call log names no decision. If the journal links the call's request id to one, that decision is the cause.
 * Otherwise, for calls whose answer or worker was lost, the effect is an error only if every decision that could have
 * caused it is older than the final one. So nothing correct is reported, and an old decision's effect is missed only
 * if a newer decision wants the same.
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

/** What Chime always refuses for one person. */
export interface Refusals {
  /** The code by which it refuses an operation on the person. */
  permanentCode: (operation: string) => string | undefined;
  /** The exception by which it refuses every call that carries the person. */
  poison: string | undefined;
}

/** The exceptions that refuse a whole call because of one entry. */
const exceptionsOfPoison: readonly (string | undefined)[] = [
  "BadRequestException",
  "UnprocessableEntityException",
];

/**
 * Finds journal entries that cannot be true; returns a sentence for each. A decision that Chime always refuses cannot
 * be applied, even if the directory happens to show its result. A person whom Chime does not refuse cannot have
 * caused a call's refusal.
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

/** The outcomes of a leave that is finished. */
const doneOutcomes: readonly string[] = ["applied", "unchanged"];

/**
 * Finds leaves that the journal calls finished before the person's session was ended; returns a sentence for each.
 *
 * @param suspensions effects on the person's access
 * @param endings effects on the person's session
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
    // If the journal names no call, any end of the session counts: an earlier attempt may have suspended the person.
    const suspendedAt = suspensions.find(({ requestId }) => requestId === entry.requestId)?.at ?? 0;
    const isEnded = endings.some(({ at }) => suspendedAt <= at && at <= entry.settledAt);
    return isEnded
      ? []
      : [`${personId}: the journal says that ${id} was done, and the session was not ended`];
  });
}

/**
 * Counts a person's invitations beyond one for each decision that gives access.
 *
 * A mail whose call the journal names belongs to that decision. A mail whose answer or worker was lost has no journal
 * entry. It is assigned to a decision that was unfinished when the mail was sent and has no other mail; without such
 * a decision it is a duplicate.
 *
 * @param mails invitations of the history's own person
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

/**
 * Counts the mails that can each be assigned to a decision that was finished after them. Both lists are in order of
 * time.
 */
function matched(mails: readonly number[], settlements: readonly number[]): number {
  let count = 0;
  for (const settledAt of settlements)
    if ((mails[count] ?? Number.POSITIVE_INFINITY) <= settledAt) count += 1;
  return count;
}

/**
 * Finds calls that mailed invitations whose caller may not know it: the answer was lost or unreadable, or a worker
 * was killed that may have made them, and not all mails are in the journal. Each may have caused a second mail.
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

/** Says whether the answer tells its caller nothing. */
function isSilent(fault: Fault["call"]): boolean {
  return fault?.kind === "reset" || fault?.kind === "body";
}
