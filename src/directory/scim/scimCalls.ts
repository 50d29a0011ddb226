import {
  type CallAnswer,
  type CallBudget,
  type DirectoryCall,
  DirectoryError,
  type TargetResult,
} from "../directory.ts";
import { performBulk } from "./scimBulk.ts";
import { type CallContext, type CallUnderWay, failed, performAlone } from "./scimUserCalls.ts";
import { refuseNewUser } from "./scimUsers.ts";

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
  const call: CallUnderWay = { ...context, operation, deadline, requestId: undefined, repeated: false };
  const results = new Map<string, TargetResult>();
  try {
    await performEntries(entries, call, results);
  } catch (error) {
    if (!(error instanceof DirectoryError) || results.size === 0) throw error;
    for (const { target } of entries) if (!results.has(target)) results.set(target, failed(error.failure));
  }
  const { requestId, repeated } = call;
  return { requestId, results: inOrderOf(entries, results), ...(repeated && { repeated }) };
}

function inOrderOf(entries: DirectoryCall["entries"], results: ReadonlyMap<string, TargetResult>) {
  return new Map(
    entries.flatMap(({ target }): [string, TargetResult][] => {
      const result = results.get(target);
      return result === undefined ? [] : [[target, result]];
    }),
  );
}

async function performEntries(
  entries: DirectoryCall["entries"],
  call: CallUnderWay,
  results: Map<string, TargetResult>,
): Promise<void> {
  let left = entries.filter((entry) => {
    const refusal = call.operation === "create" ? refuseNewUser(entry, call.profile) : undefined;
    if (refusal !== undefined) results.set(entry.target, failed(refusal));
    return refusal === undefined;
  });
  while (left.length > 0) {
    const part = left.slice(0, call.trust.bulkOperations());
    const [alone] = part;
    if (alone !== undefined && part.length === 1) results.set(alone.target, await performAlone(alone, call));
    else {
      const made = await performBulk(part, call);
      if (made === "again") continue;
      for (const [target, result] of made) results.set(target, result);
    }
    left = left.slice(part.length);
  }
}
