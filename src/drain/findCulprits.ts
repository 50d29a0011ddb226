import type { PlannedCall } from "./coalesce.ts";
import { failedCall, isRefused, type PerformedCall } from "./performedCall.ts";

/**
 * Makes a call; if the service refuses it as a whole, makes it again in halves until the entries that it refuses stand
 * alone. Everybody else is served at once. Of n entries that costs at most `2 * ceil(log2(n))` further calls for each
 * culprit.
 *
 * An entry that is refused alone while others of the call passed is at fault, for ever. Where none passed, the fault may
 * be the call's, and everybody comes again.
 */
export async function findCulprits(
  call: PlannedCall,
  make: (call: PlannedCall) => Promise<PerformedCall>,
): Promise<PerformedCall[]> {
  const performed = await halve(call, make);
  if (!performed.some(({ failure }) => failure === undefined)) return performed;
  return performed.map((made) =>
    isRefused(made) && !made.halved
      ? failedCall(made.call, { ...made.failure, class: "permanent" }, made.started)
      : made,
  );
}

async function halve(
  call: PlannedCall,
  make: (call: PlannedCall) => Promise<PerformedCall>,
): Promise<PerformedCall[]> {
  const made = await make(call);
  if (!isRefused(made) || call.entries.length < 2) return [made];
  const middle = Math.ceil(call.entries.length / 2);
  const first = await halve({ ...call, entries: call.entries.slice(0, middle) }, make);
  const second = await halve({ ...call, entries: call.entries.slice(middle) }, make);
  return [{ ...made, halved: true }, ...first, ...second];
}
