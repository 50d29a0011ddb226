import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FollowUp } from "../../src/drain/followUp.ts";
import { open } from "../../src/drain/open.ts";
import { toFollowUpLine } from "../../src/drain/toFollowUpLine.ts";
import { pipelines } from "../../src/pipelines.ts";
import { aDecision, noon } from "./samples.ts";

const later = noon + 86_400_000;
const followUp: FollowUp = {
  kind: "licenseAfterLeaving",
  after: "EmployeeLeft",
  licenseType: "Basic",
  effectiveAt: later,
  dueAt: later,
};

/** What the relicense pipeline reads from the line. */
function read(line: string) {
  const record = { body: line, receiveCount: 1, receivedAt: Date.parse("2026-05-15T12:00:00.000Z") };
  const { decisions, settled } = open([record], pipelines.relicense);
  expect(settled).toEqual([]);
  return decisions[0];
}

describe("toFollowUpLine", () => {
  it("is a change of license of the same person, decided when the other was", () => {
    const leave = {
      correlationId: "c-1",
      userId: "u-1",
      role: "engineer",
      attributes: { company: "Acme" },
      previousEmails: ["a@example.com"],
    };
    const decision = aDecision({ ...leave, eventId: "hr-1" });
    expect(read(toFollowUpLine(decision, followUp))).toEqual({
      ...leave,
      index: 0,
      aspect: "license",
      receiveCount: 1,
      receivedAt: Date.parse("2026-05-15T12:00:00.000Z"),
      eventId: "#license:hr-1",
      personId: decision.personId,
      intent: "relicense",
      email: decision.email,
      reason: undefined,
      licenseType: "Basic",
      follows: { type: "EmployeeLeft", id: "hr-1" },
      urgent: false,
      occurredAt: noon,
      effectiveAt: later,
      version: expect.any(String),
      waitingSince: undefined,
    });
  });

  it("has an id that fits, whatever the other's, and the same each time", () => {
    const char = fc.constantFrom(..."abcXYZ019-_:/#~é ");
    const id = fc.string({ unit: char, minLength: 1, maxLength: 128 }).filter((text) => text === text.trim());
    fc.assert(
      fc.property(id, (eventId) => {
        const line = toFollowUpLine(aDecision({ eventId }), followUp);
        expect(toFollowUpLine(aDecision({ eventId }), followUp)).toBe(line);
        expect(read(line)?.follows).toEqual({ type: "EmployeeLeft", id: eventId });
      }),
    );
  });

  it("gives way to a license that HR names at the same moment", () => {
    const named = read(toFollowUpLine(aDecision({ eventId: "zzz" }), { ...followUp, effectiveAt: noon }));
    const own = aDecision({ intent: "relicense", eventId: "1" });
    expect((named?.version ?? "") < own.version).toBe(true);
  });
});
