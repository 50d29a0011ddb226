import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadLetterReason, parseDeadLetterEvent, parseOktaEvent } from "../../src/queue/storedDeadLetter.ts";
import { leaver } from "../events/eventLines.ts";
import { oktaEvent } from "../inbound/fixtures/okta.ts";

const withAttributes = (attributes: Record<string, string>) => ({
  MessageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  ),
});

describe("deadLetterReason", () => {
  it.each([
    [
      "the drain's own words",
      { RollcallCode: "NotFound", RollcallReason: "no user", RollcallRequestId: "r" },
      { code: "NotFound", reason: "no user", requestId: "r" },
    ],
    [
      "the code alone, beside a body that left no room for more",
      { RollcallCode: "NotFound" },
      { code: "NotFound", reason: "" },
    ],
    [
      "EventBridge's words",
      { ERROR_CODE: "NO_PERMISSIONS", ERROR_MESSAGE: "not allowed", RETRY_ATTEMPTS: "3" },
      {
        code: "Undelivered",
        reason: "EventBridge could not deliver it to the queue after 3 retries (NO_PERMISSIONS: not allowed)",
      },
    ],
    [
      "EventBridge's code alone",
      { ERROR_CODE: "NO_RESOURCE" },
      { code: "Undelivered", reason: "EventBridge could not deliver it to the queue (NO_RESOURCE)" },
    ],
    [
      "that SQS moved it, by the lack of any",
      {},
      {
        code: "ReceivedTooOften",
        reason: "SQS delivered it as often as the queue allows, and no invocation reached an outcome",
      },
    ],
  ])("reads %s", (_, attributes, cause) => {
    expect(deadLetterReason(withAttributes(attributes))).toEqual(cause);
  });

  it("takes a message without attributes for one that SQS moved", () => {
    expect(deadLetterReason({}).code).toBe("ReceivedTooOften");
  });
});

describe("parseDeadLetterEvent", () => {
  it("reads who and what a whole event is about", () => {
    expect(parseDeadLetterEvent(leaver("hr-1"))).toEqual({
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
    expect(parseDeadLetterEvent(body)).toEqual(event);
  });

  it("never throws", () => {
    const detail = fc.record({ metadata: fc.jsonValue(), data: fc.jsonValue() }, { requiredKeys: [] });
    const broken = fc.oneof(
      fc.string(),
      fc.json(),
      detail.map((value) => JSON.stringify({ detail: value })),
    );
    fc.assert(fc.property(broken, (body) => Array.isArray(parseDeadLetterEvent(body).emails)));
  });
});

describe("parseOktaEvent", () => {
  it("reads which event it is and which user it is about, not who did it", () => {
    expect(parseOktaEvent(JSON.stringify(oktaEvent()))).toEqual({
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
    expect(parseOktaEvent(body)).toEqual(event);
  });

  it("never throws", () => {
    const detail = fc.record({ uuid: fc.jsonValue(), target: fc.jsonValue() }, { requiredKeys: [] });
    const broken = fc.oneof(
      fc.string(),
      fc.json(),
      detail.map((value) => JSON.stringify({ detail: value })),
    );
    fc.assert(fc.property(broken, (body) => Array.isArray(parseOktaEvent(body).emails)));
  });
});
