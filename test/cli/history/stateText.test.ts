import { describe, expect, it } from "vitest";
import { stateText } from "../../../src/cli/history/stateText.ts";
import type { DecisionReport } from "../../../src/cli/history/toDecisionReport.ts";
import type { HeadReport } from "../../../src/cli/history/toHeadReport.ts";
import type { JournalOutcome } from "../../../src/ledger/ledger.ts";
import type { Intent } from "../../../src/pipelines.ts";

const decided = (intent: Intent, outcome: JournalOutcome, code?: string): DecisionReport => ({
  eventId: "hr-1",
  intent,
  outcome,
  ...(code !== undefined && { code }),
  occurredAt: "2026-05-14T08:00:00.000Z",
  receivedAt: "2026-05-14T08:00:05.000Z",
  settledAt: "2026-05-14T08:00:09.999Z",
  secondsFromDecision: 9.999,
});
const head = (decision?: DecisionReport | null): HeadReport => ({
  aspect: decision?.intent === "relicense" ? "license" : "access",
  settled:
    decision === undefined
      ? null
      : { eventId: "hr-1", as: decision?.outcome === "rejected" ? "rejected" : "applied", decision },
  lease: { state: "free" },
});

describe("stateText", () => {
  it.each([
    [decided("onboard", "applied"), "onboarded (EmployeeHired hr-1 applied 2026-05-14T08:00:09Z)"],
    [
      decided("offboard", "unchanged", "alreadySo"),
      "suspended (EmployeeLeft hr-1 unchanged 2026-05-14T08:00:09Z: already so)",
    ],
    [decided("reinstate", "applied"), "reinstated (EmployeeReturned hr-1 applied 2026-05-14T08:00:09Z)"],
    [decided("relicense", "applied"), "license set (relicense hr-1 applied 2026-05-14T08:00:09Z)"],
    [
      decided("offboard", "rejected", "NotFound"),
      "suspension rejected (EmployeeLeft hr-1 rejected 2026-05-14T08:00:09Z: NotFound)",
    ],
  ])("tells the state by the decision that stands", (decision, text) => {
    expect(stateText(head(decision), [])).toBe(text);
  });

  it("tells by the head alone when the journal has let go of the decision", () => {
    expect(stateText(head(null), [])).toBe("hr-1 was applied; its journal entry has expired");
  });

  it("tells why nothing was done by the newest decision about the same aspect", () => {
    const decisions = [
      decided("onboard", "excluded", "noAccount"),
      decided("onboard", "deferred", "notRegistered"),
      decided("relicense", "superseded", "hr-2"),
    ];
    const states = [head(), { ...head(), aspect: "license" as const }];
    expect(states.map((each) => stateText(each, decisions))).toEqual([
      "nothing done about access yet (EmployeeHired hr-1 deferred 2026-05-14T08:00:09Z: the user has not registered)",
      "nothing done about the license yet (relicense hr-1 superseded 2026-05-14T08:00:09Z: by hr-2)",
    ]);
    expect(stateText(head(), [])).toBe("nothing done about access yet");
  });
});
