import type { Intent } from "../../pipelineSettings.ts";
import { findPause, type Pause, type PauseWatch } from "../../safeguard/pauses.ts";
import type { ScopedDecision } from "../decision.ts";
import { ledgerUnavailable, type MessageOutcome, type Retry } from "../outcome.ts";

export interface PauseContext {
  pauses: Pick<PauseWatch, "read">;
  pipeline: { intent: Intent };
}

/**
 * Sets aside the decisions that an operator has paused, before anything is claimed or asked for them. If nobody knows what is
 * paused, all of them are: the brake must not depend on luck.
 */
export async function setAsidePaused(
  decisions: readonly ScopedDecision[],
  { pauses, pipeline }: PauseContext,
): Promise<{ decisions: readonly ScopedDecision[]; outcomes: MessageOutcome[] }> {
  if (decisions.length === 0) return { decisions, outcomes: [] };
  let inForce: readonly Pause[];
  try {
    inForce = await pauses.read();
  } catch (error) {
    const outcome = ledgerUnavailable({ reason: `the pauses could not be read: ${error}` });
    return { decisions: [], outcomes: decisions.map(({ index }) => ({ index, outcome })) };
  }
  if (inForce.length === 0) return { decisions, outcomes: [] };
  const passing: ScopedDecision[] = [];
  const outcomes: MessageOutcome[] = [];
  for (const decision of decisions) {
    const scope = { pipeline: pipeline.intent, account: decision.accountId };
    const pause = findPause(inForce, scope);
    if (pause === undefined) passing.push(decision);
    else outcomes.push({ index: decision.index, outcome: waitForResume(pause) });
  }
  return { decisions: passing, outcomes };
}

/** Long enough to cost little, short enough that a leaver need not wait for long once an operator resumes. */
const pausedSeconds = 120;
const spreadSeconds = 60;

function waitForResume(pause: Pause): Retry {
  return {
    kind: "retry",
    code: "Paused",
    reason: pausedText(pause),
    atLeastSeconds: pausedSeconds,
    atMostSeconds: spreadSeconds,
    renewEachTime: true,
  };
}

/** Names neither the operator nor the note, because it goes to the log. */
export function pausedText({ since }: Pause): string {
  return `paused by an operator since ${new Date(since).toISOString()}; \`rollcall status\` says by whom and why, \`rollcall resume\` ends it`;
}
