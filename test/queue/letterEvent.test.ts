import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { letterEvent } from "../../src/queue/letterEvent.ts";
import { leaver } from "../events/eventLines.ts";

describe("letterEvent", () => {
  it("reads who and what a whole event is about", () => {
    expect(letterEvent(leaver("hr-1"))).toEqual({
      type: "EmployeeLeft",
      eventId: "hr-1",
      personId: "person-of-hr-1",
      emails: ["ada@example.com"],
      occurredAt: "2026-05-14T17:00:00Z",
    });
  });

  it.each([
    ['{"detail": {"metadata": {"id": "hr-1"}}}', { eventId: "hr-1", emails: [] }],
    ['{"detail": {"metadata": {"id": 7}, "data": {"personId": "P-1"}}}', { personId: "P-1", emails: [] }],
    [
      '{"detail": {"data": {"email": "Ada@example.com", "previousEmails": 3}}}',
      { emails: ["ada@example.com"] },
    ],
    ['{"detail": {"data": {"previousEmails": ["A@b.c"]}}}', { emails: ["a@b.c"] }],
    [`{"detail": {"metadata": {"id": "${"x".repeat(129)}"}}}`, { emails: [] }],
    ['{"detail": 1, "detail-type": "EmployeeLeft"}', { type: "EmployeeLeft", emails: [] }],
    ["[]", { emails: [] }],
    ["not JSON", { emails: [] }],
  ])("takes from %s what is there", (body, event) => {
    expect(letterEvent(body)).toEqual(event);
  });

  it("never throws", () => {
    const detail = fc.record({ metadata: fc.jsonValue(), data: fc.jsonValue() }, { requiredKeys: [] });
    const broken = fc.oneof(
      fc.string(),
      fc.json(),
      detail.map((value) => JSON.stringify({ detail: value })),
    );
    fc.assert(fc.property(broken, (body) => Array.isArray(letterEvent(body).emails)));
  });
});
