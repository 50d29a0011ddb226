import pMap from "p-map";
import type { CallAnswer, Directory, TargetResult } from "../directory/directory.ts";
import { attempt, type Budget, outOfTime } from "./attempt.ts";
import type { PlannedCall } from "./coalesce.ts";

/** A call that was made, or could not be: one result for each of its targets, always. */
export interface PerformedCall extends CallAnswer {
  call: PlannedCall;
  /** False if the time left did not allow the call to start. */
  started: boolean;
}

export interface PerformOptions {
  directory: Directory;
  budget: Budget;
  /** Calls under way at once. */
  concurrency: number;
}

/** Makes the calls, in their order. A call that fails as a whole fails each of its users, and no other call. */
export function perform(calls: readonly PlannedCall[], options: PerformOptions): Promise<PerformedCall[]> {
  return pMap(calls, (call) => performOne(call, options), { concurrency: options.concurrency });
}

async function performOne(call: PlannedCall, { directory, budget }: PerformOptions): Promise<PerformedCall> {
  const answer = await attempt(budget, (time) => directory.perform(call, time));
  if (answer.kind === "found") return { call, started: true, ...answer.value };
  const { failure } = answer;
  const failed: TargetResult = { kind: "failed", failure };
  return {
    call,
    started: failure !== outOfTime,
    requestId: failure.requestId,
    results: new Map(call.entries.map(({ target }) => [target, failed])),
  };
}
