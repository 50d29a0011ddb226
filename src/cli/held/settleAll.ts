import pMap from "p-map";
import type { HeldAnswer } from "../../ledger/operatorDecisions.ts";
import type { StoredHeldDecision } from "../../ledger/pendingStore.ts";

/** What became of one held decision. */
export type HeldResult<Done extends string> = { decision: StoredHeldDecision } & (
  | HeldAnswer<Done>
  | { kind: "failed"; reason: string }
  /** It was not its turn any more, and it is held still. */
  | { kind: "untouched" }
);

export interface SettleContext {
  /** Once it is aborted, nothing new is begun. */
  signal: AbortSignal;
  /** Why it failed, in words. Whatever it rethrows ends everything. */
  explain: (error: unknown) => string;
  /** Told how many are through. */
  onProgress: (count: number) => void;
}

/**
 * So many at once: each is three or four writes in a row, and all of them touch the same partition of the index, which takes
 * about 1,000 writes a second.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const atOnce = 16;

/** After so many failures in a row the others would fail too: credentials that lack a permission, a network that is gone. */
const hopelessRow = 20;

/** Releases or discards each of the decisions; one result for each, in their order. */
export async function settleAll<Done extends string>(
  decisions: readonly StoredHeldDecision[],
  settle: (decision: StoredHeldDecision) => Promise<HeldAnswer<Done>>,
  { signal, explain, onProgress }: SettleContext,
): Promise<HeldResult<Done>[]> {
  let failuresInRow = 0;
  let through = 0;
  const settleOne = async (decision: StoredHeldDecision): Promise<HeldResult<Done>> => {
    if (signal.aborted || failuresInRow >= hopelessRow) return { decision, kind: "untouched" };
    try {
      const answer = await settle(decision);
      failuresInRow = 0;
      return { decision, ...answer };
    } catch (error) {
      failuresInRow += 1;
      return { decision, kind: "failed", reason: explain(error) };
    } finally {
      through += 1;
      onProgress(through);
    }
  };
  return pMap(decisions, settleOne, { concurrency: atOnce });
}
