import { describe, expect, it } from "vitest";
import type { TargetResult } from "../../src/directory/directory.ts";
import { judge } from "../../src/drain/judge.ts";
import type { PerformedCall } from "../../src/drain/performedCall.ts";
import { aFailure, aGroup } from "./samples.ts";

const ada = aGroup({ personId: "ada" });
const alsoAda = aGroup({ personId: "alsoAda" });
const grace = aGroup({ personId: "grace", receiveCount: 6 });

function performed(results: Record<string, TargetResult>): PerformedCall {
  return {
    call: {
      operation: "suspend",
      accountId: "team",
      entries: [
        { target: "a", groups: [ada, alsoAda] },
        { target: "g", groups: [grace] },
      ],
    },
    started: true,
    requestId: "r-1",
    results: new Map(Object.entries(results)),
  };
}

describe("judge", () => {
  it("gives each group the result of its user, and one that shares a user the same", () => {
    const results = { a: { kind: "done" }, g: { kind: "failed", failure: aFailure("permanent") } } as const;
    expect(judge([performed(results)], [])).toEqual([
      { group: ada, outcome: { kind: "applied", requestId: "r-1" } },
      { group: alsoAda, outcome: { kind: "applied", requestId: "r-1" } },
      { group: grace, outcome: { kind: "rejected", code: "Code", reason: "what happened" } },
    ]);
  });

  it("takes a missing result for a failure: to be tried again, but not for ever", () => {
    const verdicts = judge([performed({ a: { kind: "done" } })], []);
    const again = judge([performed({ g: { kind: "done" } })], []);
    const reason = "the call gave no result for the user";
    expect([verdicts[2], again[0]]).toEqual([
      { group: grace, outcome: { kind: "rejected", code: "NoResult", reason } },
      { group: ada, outcome: { kind: "retry", code: "NoResult", reason } },
    ]);
  });

  it("takes nothing from a call that was made again in halves: those tell", () => {
    const results = { a: { kind: "failed", failure: aFailure("invalidCall") } } as const;
    expect(judge([{ ...performed(results), halved: true }], [])).toEqual([]);
  });

  it("passes on the verdicts that needed no call", () => {
    const verdict = { group: ada, outcome: { kind: "unchanged", because: "alreadySo" } } as const;
    expect(judge([], [verdict])).toEqual([verdict]);
  });
});
