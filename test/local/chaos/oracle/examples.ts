import type { Decision } from "../../../../src/local/chaos/oracle/decision.ts";
import type { Effect } from "../../../../src/local/chaos/oracle/effects.ts";
import type { TrailEntry } from "../../../../src/local/chaos/oracle/readTrail.ts";

/** A decision about Ada, made at that minute; by default that she leaves. */
export function decision(id: string, minute: number, wants = "out", more: Partial<Decision> = {}): Decision {
  const isLicense = wants !== "in" && wants !== "out";
  const ofAccess = wants === "out" ? "BatchSuspendUser" : "InviteUsers";
  return {
    id,
    personId: "ada",
    aspect: isLicense ? "license" : "access",
    wants,
    operation: isLicense ? "BatchUpdateUser" : ofAccess,
    occurredAt: minute,
    effectiveAt: minute,
    ...more,
  };
}

/** What makes a decision follow from the one with this id. */
export function follows(id: string, isNeedless = false): Pick<Decision, "follows"> {
  return { follows: { id, isNeedless } };
}

/** What the journal says of an event: settled at that time, by that call if it was applied. */
export function entry(outcome: string, settledAt: number, requestId?: string): TrailEntry {
  return { outcome, code: undefined, requestId, settledAt };
}

export function journal(entries: Readonly<Record<string, TrailEntry>>): Map<string, TrailEntry> {
  return new Map(Object.entries(entries));
}

/** What happened to Ada at that time by that call. */
export function effect(result: string, at: number, requestId: string, isMail = false): Effect {
  const aspect = result === "in" || result === "out" ? "access" : "license";
  return { accountId: "team", address: "ada@example.com", aspect, result, isMail, requestId, at };
}

export const mail = (at: number, requestId: string): Effect => effect("in", at, requestId, true);
