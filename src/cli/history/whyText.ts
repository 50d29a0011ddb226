import type { DecisionReport } from "./toDecisionReport.ts";

/** The journal's code in words, where it is ours; the service's own codes are left as they are. */
export function whyText({ outcome, code = "" }: Pick<DecisionReport, "outcome" | "code">): string {
  if (outcome === "superseded") return `by ${code}`;
  return wordsOfCode.get(code) ?? code;
}

/** A map, because a code is the service's own word, and an object knows more words than it was given. */
const wordsOfCode = new Map([
  ["duplicate", "a duplicate"],
  ["alreadySo", "already so"],
  ["effectiveLater", "its day is to come"],
  ["notRegistered", "the user has not registered"],
  ["SuspensionLimit", "too many suspensions at a time"],
  ["SuspensionLatch", "the safeguard's latch was closed"],
]);
