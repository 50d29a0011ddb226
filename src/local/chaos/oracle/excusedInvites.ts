import type { LoggedCall } from "../../chime/callLog.ts";
import type { Fault } from "../../chime/fault.ts";
import type { Kill } from "../faults/killer.ts";
import type { TrailEntry } from "./readTrail.ts";

/**
 * Calls that mailed invitations and of which the caller may not have learnt: their answer was lost or made no sense, or a
 * worker was killed that may have made them, and not all of their mails are in the journal. Each of them may have cost a second mail.
 *
 * @param kills of workers that send invitations
 */
export function excusedInvites(
  calls: readonly LoggedCall[],
  faults: ReadonlyMap<number, { fault: Fault }>,
  kills: readonly Kill[],
  journal: ReadonlyMap<string, TrailEntry>,
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
