import pMap from "p-map";
import {
  attempt,
  type Budget,
  type CallAnswer,
  type Directory,
  type Failure,
  outOfTime,
  type TargetResult,
} from "../directory/directory.ts";
import { defect, guarded } from "./boundary.ts";
import { groupBy } from "./groupByPerson.ts";
import { defectCode, type Outcome, outcomeOfFailure, type PersonResult } from "./outcome.ts";
import type { PlannedCall } from "./planCalls.ts";

export interface PerformOptions {
  directory: Directory;
  budget: Budget;
  /** Calls under way at once. */
  concurrency: number;
}

/**
 * Makes the calls, in their order. A call that fails as a whole fails each of its users, and no other call, with two
 * exceptions. A call that the service refuses is made again in halves until the invalid entries stand alone, after all the others;
 * if halving served nobody, no more calls of that operation and account are halved. And once an account refuses the credentials or does not
 * exist, no more calls of that operation and account are made, because every one would fail alike.
 */
export async function performCalls(
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
  const made = await pMap(calls, make, { concurrency });
  const halved = await halveRefused(made, make, concurrency);
  return made.flatMap((one) => halved.get(one) ?? [one]);
}

/**
 * Makes refused calls again in halves: of one operation and account one after the other, because the first may show that the
 * fault is not one of their entries. That costs `2 n - 2` calls for n entries, and once is enough.
 */
async function halveRefused(
  made: readonly PerformedCall[],
  make: (call: PlannedCall) => Promise<PerformedCall>,
  concurrency: number,
): Promise<Map<PerformedCall, PerformedCall[]>> {
  const halved = new Map<PerformedCall, PerformedCall[]>();
  const refused = made.filter((one) => isRefused(one) && one.call.entries.length > 1);
  const alike = groupBy(refused, ({ call }) => `${call.operation} ${call.accountId}`);
  await pMap(
    alike.values(),
    async (calls) => {
      for (const one of calls) {
        const performed = await findInvalidEntries(one, make);
        halved.set(one, performed);
        if (performed.every(isRefused)) return;
      }
    },
    { concurrency },
  );
  return halved;
}

/**
 * Makes a call that the service has refused as a whole again in halves, until the invalid entries stand alone. Everybody else
 * is served at once. Of n entries that costs at most `2 * ceil(log2(n))` further calls for each invalid one.
 *
 * An entry that is refused alone while others of the call passed is invalid for ever. Where none passed, the fault may be
 * the call's, and everybody comes again. So does an entry that made the adapter throw: that is a defect, and not the service's
 * word.
 */
export async function findInvalidEntries(
  refused: PerformedCall,
  make: (call: PlannedCall) => Promise<PerformedCall>,
): Promise<PerformedCall[]> {
  const performed = await halve(refused, make);
  if (!performed.some(({ failure }) => failure === undefined)) return performed;
  return performed.map((made) =>
    isRefused(made) && !made.halved && made.failure.code !== defectCode
      ? failedCall(made.call, { ...made.failure, class: "permanent" }, made.started)
      : made,
  );
}

async function halve(
  made: PerformedCall,
  make: (call: PlannedCall) => Promise<PerformedCall>,
): Promise<PerformedCall[]> {
  const { call } = made;
  if (!isRefused(made) || call.entries.length < 2) return [made];
  const middle = Math.ceil(call.entries.length / 2);
  const first = await make({ ...call, entries: call.entries.slice(0, middle) });
  const ofFirst = await halve(first, make);
  const second = await make({ ...call, entries: call.entries.slice(middle) });
  return [{ ...made, halved: true }, ...ofFirst, ...(await halve(second, make))];
}

/** Combines the directory's results with those that needed no call: one result for each group. */
export function toPersonResults(
  performed: readonly PerformedCall[],
  withoutCall: readonly PersonResult[],
): PersonResult[] {
  const all: PersonResult[] = [];
  for (const { call, requestId, results, halved } of performed) {
    if (halved) continue;
    for (const { target, groups } of call.entries) {
      const result = results.get(target);
      for (const group of groups)
        all.push({
          group,
          outcome: guarded(() => toOutcome(result, requestId, group.newest.receiveCount), defect),
        });
    }
  }
  for (const result of withoutCall) all.push(result);
  return all;
}

/** Translates the directory's result for one user into the outcome of a message about that user. */
export function toOutcome(
  result: TargetResult | undefined,
  requestId: string | undefined,
  receiveCount: number,
): Outcome {
  if (result === undefined) {
    const message = "the call gave no result for the user";
    return outcomeOfFailure({ class: "unknown", code: "NoResult", message }, receiveCount);
  }
  return result.kind === "done"
    ? { kind: "applied", requestId: result.requestId ?? requestId }
    : outcomeOfFailure(result.failure, receiveCount);
}

/** A call that was made, or could not be. It always has one result for each of its targets. */
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

/** The service refused the call as a whole: one of its entries may be invalid. */
function isRefused(made: PerformedCall): made is PerformedCall & Required<Pick<PerformedCall, "failure">> {
  return made.failure?.class === "invalidCall";
}
