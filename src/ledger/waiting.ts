import type { Decided, HeadState } from "./head.ts";
import { notePending, noteWaiting } from "./headMarks.ts";
import type { Claim, CommitAnswer } from "./ledger.ts";
import {
  type DeferAnswer,
  type HeldDecision,
  type PendingDecision,
  type WaitingDecision,
  waitingKind,
} from "./pendingStore.ts";
import { findNewer } from "./timeline.ts";
import { compareByDecision, compareByEffect, isSameEvent } from "./version.ts";

type Waiting = PendingDecision | HeldDecision;

/**
 * Whether a person may have several such decisions waiting. HR's own wait side by side for their days or for their user, and which
 * of them stands is decided when they are due. Of follow-ups and of held decisions there is one of a kind, the newest.
 */
export function waitsBesideOthers({ because, followUp }: Pick<Waiting, "because" | "followUp">): boolean {
  return followUp === undefined && because !== "held" && because !== "released";
}

/** Whether it waits for a moment that HR has named. */
function isDated({ because }: Pick<Waiting, "because">): boolean {
  return because === "effectiveLater" || because === "fromTheFuture";
}

/** Whether a decision that stands now removes one that waits. One that waits for a day of its own is left for that day. */
export function isCancelled(waiting: Waiting, claim: Claim): boolean {
  if (waiting.followUp === undefined && isDated(waiting)) return false;
  return isSameEvent(waiting.version, claim.version) || findNewer(waiting, [claim]) !== undefined;
}

/**
 * Decides whether a decision is stored in its place, where another one may lie. A newer one stays. So does the released one: a copy
 * of its event must not hold it again. `displaces`: a decision
 * lies there that an earlier release stored by its kind, and needs a place of its own first.
 */
export function decideDefer(
  lying: Waiting | undefined,
  decision: WaitingDecision,
): { answer: DeferAnswer; isStored: boolean; displaces?: true } {
  const deferred: DeferAnswer = { kind: "deferred" };
  if (lying === undefined) return { answer: deferred, isStored: true };
  if (waitsBesideOthers(decision))
    return { answer: deferred, isStored: compareByDecision(lying, decision) <= 0 };
  if (waitsBesideOthers(lying) && !isSameEvent(lying.version, decision.version))
    return { answer: deferred, isStored: true, displaces: true };
  if (!isSameEvent(lying.version, decision.version) && compareByEffect(lying, decision) > 0)
    return { answer: { kind: "superseded", by: lying.eventId }, isStored: false };
  const isReleased = lying.because === "released" && isSameEvent(lying.version, decision.version);
  return { answer: deferred, isStored: !(isReleased && decision.because === "held") };
}

/** How a head notes that a decision waits; `undefined` where it need not know, or its claim notes it. */
export function noteOf(decision: WaitingDecision): ((head: HeadState) => Decided<CommitAnswer>) | undefined {
  if (decision.isClaimed) return undefined;
  if (!waitsBesideOthers(decision)) return (head) => notePending(head, waitingKind(decision));
  const { aspect, because, version, busTime, intent } = decision;
  if (aspect !== "access" || because !== "effectiveLater") return undefined;
  const known = { version, ...(busTime !== undefined && { busTime }), waitsAs: intent };
  return (head) => noteWaiting(head, known);
}
