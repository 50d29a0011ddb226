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

  it("may have invited as many a second time as answers or workers were lost, and no more", () => {
    expect([2, 3].map((duplicateInvites) => isSound(aChaosReport({ duplicateInvites })))).toEqual([
      true,
      false,
    ]);
  });
});

describe("the summary of a run", () => {
  const render = (more = {}) => renderChaos(aChaosReport(more), (_style, text) => text).join("\n");

  it("tells what was asked of the service and what became of it", () => {
    expect(render()).toBe(`
Schedule        seed 7 · digest 0123456789abcdef
Events          100 decisions · 105 published
Disturbances    4 kills in 40 invocations · 3 lost answers of Chime · 60 redelivered
Faults of Chime 8 BadRequestException · 3 answerLost · 2 poisonous people
Journal         70 applied · 30 superseded
Calls           9 ListUsers · 5 InviteUsers
Dead letters    none
Directory       50 asDecided · 2 unknown · 1 refused · 0 givenUp

Lost            0
Wrong state     0
Regressions     0
Second invites  0, of 2 that a lost answer or worker allows
Stuck           0
Leaks           0, in 812 lines of logs

Everybody is as HR decided, after 61 s.
`);
  });

  it("tells what is wrong, and that it can be asked for again", () => {
    const text = render({ lost: 1, findings: ["e1 is neither here nor there"] });
    expect(text.trimEnd().split("\n").slice(-2)).toEqual([
      "e1 is neither here nor there",
      "Not as HR decided, after 61 s. The same seed asks for the same trouble.",
    ]);
  });
});
