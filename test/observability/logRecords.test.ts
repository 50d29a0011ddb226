import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/directory/directory.ts";
import { detailTypes } from "../../src/events/hrEvent.ts";
import {
  type DescribedMessage,
  describeDroppedTexts,
  describeExcludedLeavers,
  describeFailures,
  describeFromTheFuture,
  describeInvocation,
} from "../../src/observability/logRecords.ts";
import { pipelines } from "../../src/pipelineSettings.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { parseRecords } from "../../src/provisioning/parseRecords.ts";
import type { PerformedCall } from "../../src/provisioning/performCalls.ts";

function finished(
  outcome: Outcome,
  body = "body",
  decision: DescribedMessage["decision"] = undefined,
): DescribedMessage {
  const receivedAt = Date.parse("2026-05-14T17:00:00.000Z");
  const message = { messageId: "m1", receiptHandle: "h1", body, receiveCount: 2, receivedAt };
  return { message, outcome, decision };
}

function performed(operation: Operation, users: number, started = true): PerformedCall {
  const entries = Array.from({ length: users }, (_, index) => ({ target: `user ${index}`, groups: [] }));
  return { call: { operation, accountId: "a", entries }, started, requestId: undefined, results: new Map() };
}

const applied: Outcome = { kind: "applied", requestId: "r1" };
const retry: Outcome = { kind: "retry", code: "Throttled", reason: "slow down", requestId: "r2" };
const rejected: Outcome = { kind: "rejected", code: "NotFound", reason: "no such user" };

describe("the line of an invocation", () => {
  it("counts outcomes by kind, and calls and their users by operation", () => {
    const messages = [applied, applied, retry, rejected].map((outcome) => finished(outcome));
    const calls = [performed("suspend", 50), performed("suspend", 3), performed("create", 7)];
    expect(describeInvocation("offboard", messages, calls, 1_234)).toEqual({
      message: "drained",
      pipeline: "offboard",
      records: 4,
      outcomes: { applied: 2, retry: 1, rejected: 1 },
      calls: { suspend: { calls: 2, users: 53 }, create: { calls: 1, users: 7 } },
      milliseconds: 1_234,
    });
  });

  it("does not count a call that was never started", () => {
    const { calls } = describeInvocation("offboard", [], [performed("suspend", 50, false)], 1);
    expect(calls).toEqual({});
  });
});

describe("the lines of the failures", () => {
  it("are one for each message that did not go through, in their order", () => {
    const lines = describeFailures("offboard", [finished(rejected), finished(applied), finished(retry)]);
    const line = { pipeline: "offboard", messageId: "m1", receiveCount: 2 };
    expect(lines).toEqual([
      { ...line, message: "rejected", code: "NotFound", reason: "no such user" },
      { ...line, message: "retry", code: "Throttled", reason: "slow down", requestId: "r2" },
    ]);
  });

  it("carry the ids of the event and of what it came from, where it could be read", () => {
    const decision = { eventId: "e1", correlationId: "c1" };
    const lines = describeFailures("offboard", [finished(retry, "body", decision), finished(rejected)]);
    expect(lines.map(({ eventId, correlationId }) => [eventId, correlationId])).toEqual([
      ["e1", "c1"],
      [undefined, undefined],
    ]);
  });

  it("name nobody, whatever stands in the event", () => {
    const address = fc.stringMatching(/^[a-z]{1,9}$/).map((name) => `${name}@people.test`);
    const anything = fc.oneof(address, fc.constantFrom(null, 7, "", {}, []), fc.array(address));
    const part = fc.dictionary(
      fc.constantFrom(
        "id",
        "occurredAt",
        "personId",
        "email",
        "previousEmails",
        "role",
        "licenseType",
        "timeZone",
      ),
      anything,
    );
    const type = fc.oneof(fc.constantFrom(...detailTypes), address);
    const body = fc.oneof(
      fc
        .record({ "detail-type": type, detail: fc.record({ metadata: part, data: part }) })
        .map((event) => JSON.stringify(event)),
      // Not JSON: a parser's own message would quote it.
      address,
      address.map((text) => `{"email":"${text}"`),
    );
    fc.assert(
      fc.property(body, (text) => {
        const { outcomes: unreadable } = parseRecords(
          [{ body: text, receiveCount: 1, receivedAt: 0 }],
          pipelines.offboard,
        );
        const lines = describeFailures(
          "offboard",
          unreadable.map(({ outcome }) => finished(outcome, text)),
        );
        expect(lines.map(({ message }) => message)).toEqual(["rejected"]);
        expect(JSON.stringify(lines)).not.toContain("people.test");
      }),
    );
  });
});

describe("the lines of leavers whom the policy excludes", () => {
  const excluded: Outcome = { kind: "excluded", rule: "exclusions.addresses: c***@example.com" };
  const messages = [finished(applied), finished(excluded, "body", { eventId: "e1", correlationId: "c1" })];

  it("are one for each leaver who keeps access, with the rule", () => {
    expect(describeExcludedLeavers("offboard", messages)).toEqual([
      {
        message: "excluded",
        pipeline: "offboard",
        messageId: "m1",
        eventId: "e1",
        correlationId: "c1",
        rule: "exclusions.addresses: c***@example.com",
      },
    ]);
  });

  it("are none for joiners, who only get nothing", () => {
    expect(describeExcludedLeavers("onboard", messages)).toEqual([]);
  });
});

it("the log line of an event from the future says until when it waits, and names no person", () => {
  const until = Date.parse("2026-05-14T20:00:00Z");
  const of = (because: "fromTheFuture" | "effectiveLater") =>
    finished({ kind: "deferred", because, until }, "body", { eventId: "e1", correlationId: "c1" });
  expect(
    describeFromTheFuture("offboard", [of("effectiveLater"), finished(applied), of("fromTheFuture")]),
  ).toEqual([
    {
      message: "dated in the future, and waits until then: look at the clock of its sender",
      pipeline: "offboard",
      messageId: "m1",
      eventId: "e1",
      correlationId: "c1",
      until: "2026-05-14T20:00:00.000Z",
    },
  ]);
});

it("one log line tells whose events lost texts of their profiles, by the fields, and holds none of the texts", () => {
  const of = (id: string, profile: object) => {
    const detail = {
      metadata: { id, schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00Z", correlationId: "c1" },
      data: { personId: "p1", email: "ada@example.com", profile },
    };
    const body = JSON.stringify({ "detail-type": "EmployeeHired", detail });
    const record = { body, receiveCount: 1, receivedAt: 0 };
    return { decision: parseRecords([record], pipelines.onboard).decisions[0] };
  };
  const long = "Lovelace".repeat(100);
  const batch = [
    of("right", { familyName: "Lovelace" }),
    of("wrong", { familyName: long, department: long }),
    of("wrong too", { familyName: 7.5, givenName: long, department: long }),
    { decision: undefined },
  ];
  const lines = describeDroppedTexts("onboard", batch);
  expect(lines).toMatchObject([
    {
      pipeline: "onboard",
      events: 2,
      fields: { "data.profile.familyName": 1, "data.profile.givenName": 1, "data.profile.department": 2 },
      eventId: "wrong",
      correlationId: "c1",
    },
  ]);
  expect(lines[0]?.problems).toEqual(
    ["data.profile.familyName", "data.profile.department"].map((path) =>
      expect.stringMatching(`^${path}: expected .* got a string of 800 characters$`),
    ),
  );
  expect(describeDroppedTexts("onboard", batch.slice(0, 1))).toEqual([]);
});
