import pMap from "p-map";
import type { Directory } from "../directory/directory.ts";
import type { Failure } from "../directory/failure.ts";
import { attempt, type Budget, outOfTime } from "./attempt.ts";
import type { PlannedCall } from "./coalesce.ts";
import { findCulprits } from "./findCulprits.ts";
import { failedCall, isRefused, type PerformedCall } from "./performedCall.ts";

export interface PerformOptions {
  directory: Directory;
  budget: Budget;
  /** Calls under way at once. */
  concurrency: number;
}

/**
 * Makes the calls, in their order. A call that fails as a whole fails each of its users, and no other call. Two
 * exceptions: one that the service refuses is halved until the poisonous entries stand alone, though none more like it
 * once that found nobody whom it takes; and once an account refuses the credentials or is not there, no more calls like
 * it are made, because every one would fail alike.
 */
export async function perform(
  calls: readonly PlannedCall[],
  { directory, budget, concurrency }: PerformOptions,
): Promise<PerformedCall[]> {
  const refusals = new Map<string, Failure>();
  const make = async (call: PlannedCall): Promise<PerformedCall> => {
    const alike = `${call.operation} ${call.accountId}`;
    const refusal = refusals.get(alike);
    if (refusal !== undefined) return failedCall(call, refusal, false);
    const answer = await attempt(budget, (time) => directory.perform(call, time));
    if (answer.kind === "found") return { call, started: true, ...answer.value };
    if (answer.failure.class === "configuration") refusals.set(alike, answer.failure);
    return failedCall(call, answer.failure, answer.failure !== outOfTime);
  };
  const inVain = new Set<string>();
  const performHalving = async (call: PlannedCall) => {
    const alike = `${call.operation} ${call.accountId}`;
    if (inVain.has(alike)) return [await make(call)];
    const performed = await findCulprits(call, make);
    if (performed.length > 1 && performed.every(isRefused)) inVain.add(alike);
    return performed;
  };
  const performed = await pMap(calls, performHalving, { concurrency });
  return performed.flat();
}
