import type { DirectoryUser, Operation } from "../directory/directory.ts";
import type { ClaimAnswer, JournalEntry, JournalOutcome, Ledger, UserBefore } from "../ledger/ledger.ts";
import type { Decision } from "./decision.ts";
import {
  ambiguousCode,
  ledgerUnavailable,
  type MessageOutcome,
  type Outcome,
  type Retry,
} from "./outcome.ts";

/**
 * Writes journal entries for the messages that were never claimed: superseded, excluded, observed or ambiguous. Duplicates have their
 * entry, and so has what waits; a record that cannot be parsed has no event to write about: the dead-letter queue keeps it. An entry that the
 * ledger did not take makes its message come again.
 *
 * @param unclaimed in record order
 */
export async function journalUnclaimed(
  outcomes: readonly MessageOutcome[],
  unclaimed: readonly (Decision | undefined)[],
  { ledger, clock }: { ledger: Pick<Ledger, "record">; clock: () => number },
): Promise<readonly MessageOutcome[]> {
  const settledAt = new Date(clock()).toISOString();
  const written: { index: number; entry: JournalEntry }[] = [];
  for (const { index, outcome } of outcomes) {
    const decision = unclaimed[index];
    if (decision !== undefined && isJournalled(outcome))
      written.push({ index, entry: toJournalEntry(decision, outcome, settledAt) });
  }
  if (written.length === 0) return outcomes;
  const answers = await ledger.record(written.map(({ entry }) => entry));
  const failed = new Map<number, Outcome>();
  for (const [position, { index }] of written.entries()) {
    const answer = answers[position];
    if (answer?.kind !== "done") failed.set(index, ledgerUnavailable(answer));
  }
  return outcomes.map(({ index, outcome }) => ({ index, outcome: failed.get(index) ?? outcome }));
}

function isJournalled(
  outcome: Outcome,
): outcome is Extract<Outcome, { kind: (typeof unclaimedKinds)[number] | "rejected" }> {
  if (outcome.kind === "rejected") return outcome.code === ambiguousCode;
  return unclaimedKinds.some((kind) => kind === outcome.kind);
}

const unclaimedKinds = ["superseded", "excluded", "observed"] as const;

type Granted = Extract<ClaimAnswer, { kind: "granted" }>;

/**
 * The audit trail's entry for a decision and its outcome.
 *
 * @param settledAt ISO 8601; one for a whole batch
 * @param grant who released a decision that was held, and why; what made it newer than one of the same time
 * @param userBefore the user as the directory had it before
 */
export function toJournalEntry(
  decision: Decision,
  outcome: Exclude<Outcome, Retry>,
  settledAt: string,
  { approvedBy, approvalNote, tie: wonBy }: Pick<Granted, "approvedBy" | "approvalNote" | "tie"> = {},
  userBefore?: UserBefore,
): JournalEntry {
  const { personId, eventId, intent, version, accountId, occurredAt, effectiveAt, receivedAt } = decision;
  const { receiveCount, origin, correlationId, licenseType, undoes } = decision;
  const { kind, code, requestId } = describeOutcome(outcome);
  const entry: JournalEntry = {
    personId,
    eventId,
    intent,
    version,
    outcome: kind,
    occurredAt: new Date(occurredAt).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    settledAt,
  };
  if (code !== undefined) entry.code = code;
  if (requestId !== undefined) entry.requestId = requestId;
  if (approvedBy !== undefined) entry.by = approvedBy;
  if (approvalNote !== undefined) entry.note = approvalNote;
  const tie = outcome.kind === "superseded" ? outcome.tie : wonBy;
  if (tie !== undefined) entry.tie = tie;
  if (accountId !== undefined) entry.accountId = accountId;
  if (receiveCount > 1) entry.receives = receiveCount;
  if (origin !== undefined) entry.origin = origin;
  if (correlationId !== undefined) entry.correlationId = correlationId;
  if (userBefore !== undefined) entry.userBefore = userBefore;
  if (intent === "relicense" && licenseType !== undefined) entry.license = licenseType;
  if (outcome.kind === "applied" && outcome.alsoAt !== undefined) entry.alsoAt = outcome.alsoAt;
  if (undoes !== undefined) {
    entry.undoes = undoes.eventId;
    entry.undoneAt = new Date(undoes.at).toISOString();
  }
  if (effectiveAt !== occurredAt) entry.effectiveAt = new Date(effectiveAt).toISOString();
  return entry;
}

function describeOutcome(outcome: Exclude<Outcome, Retry>): {
  kind: JournalOutcome;
  code?: string;
  requestId?: string | undefined;
} {
  const { kind } = outcome;
  switch (kind) {
    case "applied":
      return { kind, requestId: outcome.requestId };
    case "unchanged":
      return { kind, code: outcome.because };
    case "superseded":
      return { kind, code: outcome.by };
    case "deferred":
      return { kind, code: outcome.because };
    case "observed":
      return { kind, code: outcome.would };
    case "held":
    case "excluded":
      return { kind, code: outcome.rule };
    case "rejected":
      return { kind, code: outcome.code, requestId: outcome.requestId };
  }
}

// The journal keeps its words for 13 months, and people search it by them: they stay those of the first release.

/** What the journal calls a call that a trial would have made. */
export const wordOfOperation: Readonly<Record<Operation, string>> = {
  create: "invite",
  suspend: "suspend",
  unsuspend: "unsuspend",
  setLicense: "updateLicense",
  signOut: "signOut",
  resetPin: "resetPin",
};

/** What the journal calls the state of a user. */
export const wordOfState: Readonly<Record<DirectoryUser["state"], string>> = {
  active: "registered",
  invited: "invited",
  lapsed: "unregistered",
  suspended: "suspended",
};
