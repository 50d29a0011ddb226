import { describe, expect, it } from "vitest";
import { isSound, renderChaos } from "../../../dev/chaos/chaosReport.ts";
import { aChaosReport } from "./aChaosReport.ts";

describe("a run", () => {
  it("is sound if nothing is wrong", () => {
    expect(isSound(aChaosReport())).toBe(true);
  });

  it.each(["lost", "wrongState", "regressions", "stuck", "leaks"] as const)(
    "is not sound with a single one %s",
    (flaw) => {
      expect(isSound(aChaosReport({ [flaw]: 1 }))).toBe(false);
    },
  );

  it("may have as many duplicate invitations as responses or workers were lost, and no more", () => {
    expect([2, 3].map((duplicateInvites) => isSound(aChaosReport({ duplicateInvites })))).toEqual([
      true,
      false,
    ]);
  });
});

describe("the summary of a run", () => {
  const render = (more = {}) => renderChaos(aChaosReport(more), (_style, text) => text).join("\n");

  it("lists the injected faults and the results", () => {
    expect(render()).toBe(`
Schedule          seed 7 · digest 0123456789abcdef
Events            100 decisions · 105 published · 12 undone · 1 ids of two people each
Has to be dead    2 Malformed · 1 EndsTheFunction · 5 processes died of a record
Time leapt over   76 h · waiting: 9 follows · 4 fromTheFuture
Injected faults   4 kills in 40 invocations · 3 lost responses of directories · 60 redelivered messages
Call faults       8 BadRequestException · 3 answerLost · 2 people whose calls are always refused
DynamoDB faults   5 statements: ThrottlingError · 2 answerLost
Journal           70 applied · 30 superseded
Safeguard         9 held · 6 released · 2 discarded · 1 latchResets · 0 operatorFailures
Calls             9 ListUsers · 5 InviteUsers
Dead letters      none
Directory         50 asDecided · 2 unknown · 1 refused · 1 awaited · 0 givenUp · 0 believed · 3 people hidden by their account

Lost              0
Wrong state       0
Regressions       0
Duplicate invites 0, at most 2 allowed (lost responses and killed workers)
Stuck             0
Addresses in logs 0, in 812 lines

The directory is as HR decided, after 61 s.
`);
  });

  it("says what the previous release did beside the present one", () => {
    const text = render({ previousRelease: { invocations: 21, peopleOfBoth: 30 } });
    expect(text.split("\n").filter((line) => line.startsWith("Previous release"))).toEqual([
      "Previous release  21 of the invocations · 30 people met both releases",
    ]);
  });

  it("lists what is wrong, and says how to repeat the run", () => {
    const text = render({ lost: 1, findings: ["e1 is neither here nor there"] });
    expect(text.trimEnd().split("\n").slice(-2)).toEqual([
      "e1 is neither here nor there",
      "The run failed after 61 s: see the counts above. The same seed injects the same faults.",
    ]);
  });
});
