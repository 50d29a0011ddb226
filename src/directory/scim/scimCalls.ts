import {
  type CallAnswer,
  type CallBudget,
  type CallEntry,
  type DirectoryCall,
  DirectoryError,
  type TargetResult,
} from "../directory.ts";
import { type BulkClaim, performBulk, proveClaims } from "./scimBulk.ts";
import { type CallContext, type CallUnderWay, failed, performAlone } from "./scimUserCalls.ts";
import { refuseNewUser } from "./scimUsers.ts";

/** So many bulk requests of one call are judged by one read-back, and have to fit into the time of a call. */
const requestsPerCall = 10;
/** Of one call. The target is paced all the same, where it is known to be slow. */
const requestsAtOnce = 4;

/** @param operations how many changes a bulk request may carry; 1 without bulk */
export function peoplePerCall(operations: number): number {
  return operations === 1 ? 1 : operations * requestsPerCall;
}

/**
 * Makes a call of the port: in bulk requests where the target takes them, and else user by user. Whoever is not reached, because the
 * target refuses the token or the time is over, fails like the one before.
 *
 * Throws `DirectoryError` if nobody was reached.
 */
export async function performScimCall(
  { operation, entries }: DirectoryCall,
  budget: CallBudget,
  context: CallContext,
): Promise<CallAnswer> {
  if (operation === "signOut" || operation === "resetPin")
    throw new RangeError(`${operation}: SCIM has no such call; ask for none`);
  const deadline = context.client.deadline(budget);
  const changesUntil = { until: deadline.until - context.client.readBackMilliseconds(budget) };
  const work: CallWork = {
    call: { ...context, operation, deadline, changesUntil, requestId: undefined, repeated: false },
    left: [...entries],
    results: new Map(),
    claims: [],
    isReached: false,
    error: undefined,
    isOver: false,
  };
  refuseUnnamed(work);
  const wanted = Math.ceil(work.left.length / context.trust.bulkOperations());
  const atOnce = Array.from({ length: Math.min(requestsAtOnce, wanted) }, () => performParts(work));
  // A defect is thrown only once nothing of the call is under way any more.
  for (const ended of await Promise.allSettled(atOnce)) if (ended.status === "rejected") throw ended.reason;
  for (const [target, result] of await proveClaims(work.claims, work.call)) work.results.set(target, result);
  const { results, error } = work;
  if (error !== undefined) {
    if (!work.isReached) throw error;
    // Nothing was sent for them.
    const { mayStillHappen: _, ...unsent } = error.failure;
    for (const { target } of work.left) results.set(target, failed(unsent));
  }
  const { requestId, repeated } = work.call;
  return { requestId, results: inOrderOf(entries, results), ...(repeated && { repeated }) };
}

/** A call under way, which several requests at once carry out. */
interface CallWork {
  call: CallUnderWay;
  /** Whose change has not been sent yet. */
  left: CallEntry[];
  results: Map<string, TargetResult>;
  claims: BulkClaim[];
  /** There is somebody of whom the target has said something. */
  isReached: boolean;
  /** One that was about nobody in particular: the first that leaves somebody in doubt, or else the first. */
  error: DirectoryError | undefined;
  /** It would be alike for all others. */
  isOver: boolean;
}

function refuseUnnamed(work: CallWork): void {
  if (work.call.operation !== "create") return;
  work.left = work.left.filter((entry) => {
    const refusal = refuseNewUser(entry, work.call.profile);
    if (refusal === undefined) return true;
    work.results.set(entry.target, failed(refusal));
    work.isReached = true;
    return false;
  });
}

/** Takes one part after the other of those who are left. */
async function performParts(work: CallWork): Promise<void> {
  while (work.left.length > 0 && !work.isOver) {
    const part = work.left.splice(0, work.call.trust.bulkOperations());
    try {
      await performPart(part, work);
    } catch (error) {
      if (!(error instanceof DirectoryError)) {
        work.isOver = true;
        throw error;
      }
      const { failure } = error;
      if (failure.mayStillHappen && !work.error?.failure.mayStillHappen) work.error = error;
      work.error ??= error;
      for (const { target } of part) work.results.set(target, failed(failure));
      // One bulk request may be lost, and the others pass. Users one by one are many, and each would be tried several times.
      work.isOver ||= part.length === 1 || failure.class === "configuration" || failure.class === "throttled";
    }
  }
}

async function performPart(part: readonly CallEntry[], work: CallWork): Promise<void> {
  const { call, results, claims } = work;
  const [alone] = part;
  if (alone !== undefined && part.length === 1) results.set(alone.target, await performAlone(alone, call));
  else {
    const made = await performBulk(part, call);
    if (made === "again") {
      work.left.unshift(...part);
      return;
    }
    for (const [target, result] of made.results) results.set(target, result);
    claims.push(...made.claims);
  }
  work.isReached = true;
}

function inOrderOf(entries: DirectoryCall["entries"], results: ReadonlyMap<string, TargetResult>) {
  return new Map(
    entries.flatMap(({ target }): [string, TargetResult][] => {
      const result = results.get(target);
      return result === undefined ? [] : [[target, result]];
    }),
  );
}
