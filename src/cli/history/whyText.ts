import type { DecisionReport } from "./toDecisionReport.ts";

/** The journal's code in words, where it is ours; the service's own codes are left as they are. */
export function whyText({ outcome, code = "" }: Pick<DecisionReport, "outcome" | "code">): string {
  if (outcome === "superseded") return `by ${code}`;
  return wordsOfCode[code] ?? code;
}

const wordsOfCode: Partial<Record<string, string>> = {
  duplicate: "a duplicate",
  alreadySo: "already so",
  effectiveLater: "its day is to come",
  notRegistered: "the user has not registered",
  SuspensionLimit: "too many suspensions at a time",
  SuspensionLatch: "the safeguard's latch was closed",
};
