import type { Outcome, Settlement } from "./outcome.ts";

/**
 * Settlements in, one outcome per record in record order out. A record without a settlement is a fault of the
 * drain, and counts as failed: it comes again instead of being lost.
 */
export function inRecordOrder(recordCount: number, settlements: readonly Settlement[]): Outcome[] {
  const outcomes = new Array<Outcome | undefined>(recordCount).fill(undefined);
  for (const { index, outcome } of settlements) outcomes[index] = outcome;
  return outcomes.map((outcome) => outcome ?? unsettled);
}

export const unsettled: Outcome = {
  kind: "retry",
  code: "Unsettled",
  reason: "the drain reached no outcome for the message; this is a defect, please report it",
  receivesAreNumbered: true,
};

/** The settled results which `@middy/sqs-partial-batch-failure` turns into the batch item failures. */
export function report(outcomes: readonly Outcome[]): PromiseSettledResult<Outcome>[] {
  return outcomes.map((outcome) =>
    outcome.kind === "retry" && !outcome.renewed
      ? { status: "rejected", reason: outcome }
      : { status: "fulfilled", value: outcome },
  );
}
