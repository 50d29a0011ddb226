import type { Approval, HeldAnswer, HeldDecisions } from "../../ledger/operatorDecisions.ts";
import type { StoredHeldDecision } from "../../ledger/pendingStore.ts";

/** What an operator can do about held suspensions, and the words for it. */
export interface HeldDeed {
  /** As in "Release 3 people?" */
  ask: string;
  verb: string;
  past: "released" | "discarded";
  doing: string;
  /** What it means for the people: before it is done, and after. */
  warning: string;
  consequence: string;
  /** What it takes. */
  permissions: string;
  settle: (
    held: HeldDecisions,
    decision: StoredHeldDecision,
    approval: Approval,
  ) => Promise<HeldAnswer<"released" | "discarded">>;
}

export const heldDeeds = {
  release: {
    ask: "Release",
    verb: "release",
    past: "released",
    doing: "Releasing",
    warning: "They will be suspended, whatever the limit and the latch say.",
    consequence: "They are published within a minute or two, and suspended then.",
    permissions: "dynamodb:Query on the table and on its indexes, and dynamodb:UpdateItem on the table",
    settle: (held, decision, approval) => held.release(decision, approval),
  },
  discard: {
    ask: "Discard",
    verb: "discard",
    past: "discarded",
    doing: "Discarding",
    warning: "They will not be suspended, not even if their events come again.",
    consequence: "They keep their access. Whoever leaves after all needs a new event from HR.",
    permissions:
      "dynamodb:Query on the table and on its indexes, and dynamodb:GetItem, UpdateItem and DeleteItem on the table",
    settle: (held, decision, approval) => held.discard(decision, approval),
  },
} as const satisfies Record<string, HeldDeed>;
