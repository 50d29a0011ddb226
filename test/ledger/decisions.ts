import type { Claim, ClaimResult, JournalEntry, JournalOutcome, Lease } from "../../src/ledger/ledger.ts";
import type { HeldDecision, PendingDecision, WaitingKind } from "../../src/ledger/pendingStore.ts";
import { type Intent, pipelines } from "../../src/pipelineSettings.ts";
import { versionKey } from "../../src/provisioning/decision.ts";

/** Where the tests' time begins. */
export const start = Date.parse("2026-05-14T08:00:00Z");
export const leaseMilliseconds = 120_000;

/** A decision about a person, made at that minute. The event's id is its name in the tests. */
export interface TestDecision {
  eventId: string;
  minute: number;
  personId?: string;
  intent?: Intent;
}

/** A lease that runs for two minutes from so many milliseconds after the start. */
export function leaseOf(owner: string, after = 0): Lease {
  return { owner, now: start + after, until: start + after + leaseMilliseconds };
}

/** The first moment at which a lease taken at the start is over. */
export const leaseOver = leaseMilliseconds + 1;

export function claimOf({ eventId, minute, personId = "ada", intent = "offboard" }: TestDecision): Claim {
  const { aspect } = pipelines[intent];
  return {
    personId,
    aspect,
    intent,
    eventId,
    version: versionOf({ eventId, minute, intent }),
    email: emailOf(personId),
  };
}

export function entryOf(decision: TestDecision, outcome: JournalOutcome): JournalEntry {
  const { eventId, minute, personId = "ada", intent = "offboard" } = decision;
  const occurredAt = new Date(timeOf(minute)).toISOString();
  const times = { occurredAt, receivedAt: occurredAt, settledAt: "2026-05-14T09:00:00.000Z" };
  return { personId, eventId, intent, version: versionOf(decision), outcome, ...times };
}

/** The result that lets the decision stand, carried out unless it is rejected. */
export function stand(
  decision: TestDecision,
  as: "applied" | "rejected" = "applied",
  pending: readonly WaitingKind[] = [],
): Extract<ClaimResult, { kind: "stand" }> {
  const entry = entryOf(decision, as);
  const isDone = as === "applied" && { carriedOut: true as const };
  return { kind: "stand", claim: claimOf(decision), as, entry, pending, ...isDone };
}

/** The decision, waiting for a day that is so many minutes after the start. */
export function waitingFor(
  decision: TestDecision,
  dueMinute: number,
  event = decision.eventId,
): PendingDecision {
  const { personId, aspect, eventId, version } = claimOf(decision);
  const { intent = "offboard" } = decision;
  return {
    personId,
    aspect,
    intent,
    eventId,
    version,
    because: "effectiveLater",
    dueAt: timeOf(dueMinute),
    event,
  };
}

/** The decision, held by the safeguard so many minutes after the start. */
export function heldFor(decision: TestDecision, minute: number): HeldDecision {
  const { dueAt: _, ...waiting } = waitingFor(decision, 0);
  const held = {
    because: "held",
    accountId: "team",
    rule: "SuspensionLimit",
    heldAt: timeOf(minute),
  } as const;
  return { ...waiting, ...held };
}

export function timeOf(minute: number): number {
  return start + minute * 60_000;
}

function versionOf({ eventId, minute, intent = "offboard" }: TestDecision): string {
  return versionKey({ occurredAt: timeOf(minute), effectiveAt: timeOf(minute), intent, eventId });
}

function emailOf(personId: string): string {
  return `${personId.toLowerCase()}@example.com`;
}
