import type { Outcome } from "../../../src/provisioning/outcome.ts";
import type { HrDecision } from "./scenario.ts";

/** What was seen of one decision. */
export type Fact = { decision: HrDecision } & Happening;

type Happening =
  /** An invitation is needless if its user had one before, or had registered. `receives`: of the message behind it. */
  | { kind: "effect"; isNeedlessInvitation: boolean; receives: number }
  /** The directory answered that it failed, although it had taken effect: so nobody knows. */
  | { kind: "disowned" }
  /** The head has moved to it. */
  | { kind: "settled"; as: "applied" | "rejected" }
  /** Its worker died, an answer about it was lost or the ledger failed: it may have to be done once more. */
  | { kind: "excused" }
  /** A copy of its event left the queue with this outcome. */
  | { kind: "ended"; outcome: Outcome };

/** What happened in a run: facts to judge, lines to read. */
export interface History {
  readonly facts: readonly Fact[];
  readonly lines: readonly string[];
  add(fact: Fact): void;
  tell(line: string): void;
}

export function createHistory(now: () => number): History {
  const facts: Fact[] = [];
  const lines: string[] = [];
  return {
    facts,
    lines,
    add: (fact) => facts.push(fact),
    tell: (line) => lines.push(`${stamp(now())}  ${line}`),
  };
}

function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(5, 19).replace("T", " ");
}
