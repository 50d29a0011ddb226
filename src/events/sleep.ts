import { setTimeout } from "node:timers/promises";

/** Resolves after that time, or at once when the signal is aborted. Never rejects. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
