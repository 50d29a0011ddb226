import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oktaLetterEvent } from "../../src/queue/oktaLetterEvent.ts";
import { oktaEvent } from "../inbound/fixtures/okta.ts";

describe("oktaLetterEvent", () => {
  it("reads which event it is and which user it is about, not who did it", () => {
    expect(oktaLetterEvent(JSON.stringify(oktaEvent()))).toEqual({
      type: "user.lifecycle.deactivate",
      eventId: "0kta0000-0000-4000-8000-000000000001",
      personId: "00u1",
      emails: ["ada@example.com"],
      occurredAt: "2026-05-14T17:00:00.123Z",
    });
  });

  it.each([
    ['{"detail": {"uuid": "u-1", "target": 7}}', { eventId: "u-1", emails: [] }],
    [
      '{"detail": {"uuid": 7, "target": [null, {"type": "User", "id": "00u1"}]}}',
      { personId: "00u1", emails: [] },
    ],
    [
      '{"detail": {"target": [{"type": "User", "alternateId": "Ada@example.com"}]}}',
      { emails: ["ada@example.com"] },
    ],
    [`{"detail": {"uuid": "${"x".repeat(129)}"}}`, { emails: [] }],
    ['{"detail": 1}', { emails: [] }],
    ["not JSON", { emails: [] }],
  ])("takes from %s what is there", (body, event) => {
    expect(oktaLetterEvent(body)).toEqual(event);
  });

  it("never throws", () => {
    const detail = fc.record({ uuid: fc.jsonValue(), target: fc.jsonValue() }, { requiredKeys: [] });
    const broken = fc.oneof(
      fc.string(),
      fc.json(),
      detail.map((value) => JSON.stringify({ detail: value })),
    );
    fc.assert(fc.property(broken, (body) => Array.isArray(oktaLetterEvent(body).emails)));
  });
});
