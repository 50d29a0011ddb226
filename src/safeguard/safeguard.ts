import type { FindLimits, SuspensionLimits } from "../policy/suspensionLimits.ts";
import {
  type AdmissionRequest,
  type AdmissionVerdict,
  decideAdmission,
  type Receipt,
} from "./decideAdmission.ts";
import { returnUnused } from "./returnUnused.ts";
import type { SafeguardStore } from "./safeguardStore.ts";

/** The brake on mass suspensions, as the drain has it. */
export interface Safeguard {
  store: SafeguardStore;
  /** `undefined` for an account whose suspensions are not counted. */
  limitsOf: FindLimits;
  /** Told when people could not be taken off the count again. */
  onFault: (error: unknown) => void;
}

/** Asks to suspend people of one account. A fault of the store is an answer: nobody may be suspended on a guess. */
export async function admit(
  { store }: Safeguard,
  accountId: string,
  request: AdmissionRequest,
  limits: SuspensionLimits,
  now: number,
): Promise<AdmissionVerdict | { kind: "fault"; reason: string }> {
  try {
    return await store.update(accountId, (state) => decideAdmission(state, request, limits, now));
  } catch (error) {
    return { kind: "fault", reason: `the safeguard could not count the suspensions: ${String(error)}` };
  }
}

/**
 * Takes off the count again who was admitted and not suspended. If it fails they stay counted, as they do when a worker
 * dies: the limit is reached too early then, and never too late.
 */
export async function giveBack(
  { store, onFault }: Safeguard,
  accountId: string,
  receipt: Receipt,
  unused: number,
): Promise<void> {
  if (unused === 0) return;
  try {
    await store.update(accountId, (state) => ({
      state: returnUnused(state, receipt, unused),
      answer: undefined,
    }));
  } catch (error) {
    onFault(error);
  }
}
