import type { HrDecision } from "../../../../dev/chaos/oracle/decisionHistory.ts";
import type { JournalRecord } from "../../../../dev/chaos/oracle/observations.ts";
import type { DirectoryChange } from "../../../../dev/directories/simulatedDirectory.ts";

/** A decision about Ada, made at that minute; by default that she leaves. */
export function decision(
  id: string,
  minute: number,
  wants = "out",
  more: Partial<HrDecision> = {},
): HrDecision {
  const isLicense = wants !== "in" && wants !== "out";
  const ofAccess = wants === "out" ? "suspend" : "letIn";
  return {
    id,
    personId: "ada",
    aspect: isLicense ? "license" : "access",
    wants,
    change: isLicense ? "license" : ofAccess,
    occurredAt: minute,
    effectiveAt: minute,
    ...more,
  };
}

/** Marks a license as following from the decision with this id. */
export function follows(
  id: string,
  { isNeedless = false, mayBeGone = false } = {},
): Pick<HrDecision, "follows"> {
  return { follows: { id, isNeedless, mayBeGone } };
}

/** The journal entry of an event, with the time of the outcome, and the call if it was applied. */
export function entry(outcome: string, recordedAt: number, requestId?: string): JournalRecord {
  return { outcome, code: undefined, requestId, recordedAt };
}

export function journal(entries: Readonly<Record<string, JournalRecord>>): Map<string, JournalRecord> {
  return new Map(Object.entries(entries));
}

/** An effect on Ada at that time by that call. */
export function effect(result: string, at: number, requestId: string, isMail = false): DirectoryChange {
  const aspect = result === "in" || result === "out" ? "access" : "license";
  return { accountId: "team", address: "ada@example.com", aspect, result, isMail, requestId, at };
}

export const mail = (at: number, requestId: string): DirectoryChange => effect("in", at, requestId, true);
