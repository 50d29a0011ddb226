import type { BatchOperation } from "../../directory/directory.ts";
import type { Outcome } from "../../provisioning/outcome.ts";

/** One decision on an event's way. */
export interface Step {
  question: "readable" | "in scope" | "account" | "license" | "effective" | "order" | "call" | "follows";
  /** `no`: here the way ends. `unknown`: it could not be found out. */
  answer: "yes" | "no" | "unknown";
  text: string;
  /** Where the rule is written that made it: in the policy, in the event or in the ledger. */
  rule?: string;
}

/** What would become of the event if it came now. */
export type Fate =
  | { kind: "outcome"; outcome: Outcome }
  /** The operations that the account may answer with, by its type. */
  | { kind: "call"; operations: readonly BatchOperation[] };
