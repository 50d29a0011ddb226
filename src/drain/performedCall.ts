import type { CallAnswer, TargetResult } from "../directory/directory.ts";
import type { Failure } from "../directory/failure.ts";
import type { PlannedCall } from "./coalesce.ts";

/** A call that was made, or could not be: one result for each of its targets, always. */
export interface PerformedCall extends CallAnswer {
  call: PlannedCall;
  /** False if the time left did not allow the call to start, or if the account had refused one like it. */
  started: boolean;
  /** Why the call failed as a whole. */
  failure?: Failure;
  /** Refused as a whole and made again in halves, whose results are the ones that count. */
  halved?: true;
}

/** A call that failed as a whole. */
export function failedCall(call: PlannedCall, failure: Failure, started: boolean): PerformedCall {
  const failed: TargetResult = { kind: "failed", failure };
  const results = new Map(call.entries.map(({ target }) => [target, failed]));
  return { call, started, failure, requestId: failure.requestId, results };
}

/** The service refused the call as a whole: one of its entries may be poisonous. */
export function isRefused(
  made: PerformedCall,
): made is PerformedCall & Required<Pick<PerformedCall, "failure">> {
  return made.failure?.class === "invalidCall";
}
