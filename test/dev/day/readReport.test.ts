import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toEventKey } from "../../../dev/day/publishDay.ts";
import { countLost, countOutcomes, describeBusLosses } from "../../../dev/day/readReport.ts";
import { emptyReport } from "../../../packages/aws-local/eventbridge/delivery.ts";

const drained = (outcomes: Record<string, number>) => ({ message: "drained", level: "INFO", outcomes });
const publishedDue = (published: number, followUps = 0) => ({
  message: "published what was due",
  level: "INFO",
  published,
  followUps,
});

function countOf(lines: readonly (object | string)[], reasons: readonly string[] = []) {
  const counter = countOutcomes();
  for (const line of lines) counter.read({ line: typeof line === "string" ? line : JSON.stringify(line) });
  return counter.counts(reasons.map((reason) => ({ reason })));
}

describe("the count of outcomes", () => {
  it("adds up the outcomes that the functions log for each batch", () => {
    const metrics = { _aws: { CloudWatchMetrics: [] }, Applied: 4 };
    const lines = [drained({ applied: 3 }), metrics, drained({ applied: 1, unchanged: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 4, unchanged: 1 }, retries: {}, followUps: 0 });
  });

  it("counts retries apart, by their codes", () => {
    const retry = (code: string) => ({ message: "retry", level: "WARN", code });
    const lines = [retry("PersonBusy"), retry("PersonBusy"), retry("Throttled"), drained({ retry: 3 })];
    expect(countOf(lines)).toEqual({
      outcomes: {},
      retries: { PersonBusy: 2, Throttled: 1 },
      followUps: 0,
    });
  });

  it("counts a deferred event that became due once, by its final outcome", () => {
    const lines = [drained({ deferred: 2 }), publishedDue(1), drained({ applied: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 1, deferred: 1 }, retries: {}, followUps: 0 });
  });

  it("counts follow-up events apart, because none of them was deferred before", () => {
    const lines = [drained({ applied: 2, deferred: 1 }), publishedDue(3, 2), drained({ applied: 3 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 5 }, retries: {}, followUps: 2 });
  });

  it("leaves out outcomes that did not occur", () => {
    const lines = [drained({ deferred: 1 }), publishedDue(1), drained({ applied: 1 })];
    expect(countOf(lines)).toEqual({ outcomes: { applied: 1 }, retries: {}, followUps: 0 });
  });

  it("counts the events that AWS itself gave up on, by their dead letters", () => {
    expect(countOf([], ["Undelivered", "ReceivedTooOften", "Undelivered", "Malformed"])).toEqual({
      outcomes: { undelivered: 2, receivedTooOften: 1 },
      retries: {},
      followUps: 0,
    });
  });

  it("ignores all other lines, JSON or not", () => {
    const lines = ["", 'not "drained" JSON', "null", { message: "rejected" }, { message: "drained" }];
    expect(countOf(lines)).toEqual({ outcomes: {}, retries: {}, followUps: 0 });
  });
});

const detailOf = (id: string) => ({
  metadata: { id, schemaVersion: "1.0", occurredAt: "2026-05-14T08:00:00Z" },
  data: { personId: "P-1", email: "ada@example.com" },
});
const malformedDetail = (content: unknown) => ({ metadata: { id: "any" }, data: content });
const published = (detail: unknown) => toEventKey("EmployeeLeft", detail);
/** As EventBridge wraps it and the dead-letter queue keeps it. */
const deadLetter = (detail: unknown) => ({
  body: JSON.stringify({ version: "0", "detail-type": "EmployeeLeft", detail }),
});

describe("lost events", () => {
  it("are none if the journal or a dead-letter queue knows each of them", () => {
    const events = [detailOf("a"), detailOf("b"), malformedDetail(1)].map(published);
    expect(countLost(events, ["a"], [deadLetter(detailOf("b")), deadLetter(malformedDetail(1))])).toEqual(0);
  });

  it("are those that neither knows", () => {
    expect(countLost([published(detailOf("a")), published(detailOf("b"))], ["a"], [])).toEqual(1);
  });

  it("count once, however often they were published", () => {
    expect(countLost([published(detailOf("a")), published(detailOf("a"))], [], [])).toEqual(1);
  });

  it("include every copy of a malformed event that is no dead letter, whatever other ones are", () => {
    const events = [malformedDetail(1), malformedDetail(1), malformedDetail(2)].map(published);
    const deadLetters = [malformedDetail(1), malformedDetail(3), malformedDetail(3)].map(deadLetter);
    expect(countLost(events, [], deadLetters)).toEqual(2);
  });

  it("are not made up for by a dead letter that is no event", () => {
    expect(countLost([published(malformedDetail(1))], [], [{ body: "no JSON" }])).toEqual(1);
  });

  it("are exactly those whose journal entry or dead letter is taken away", () => {
    const ids = fc.uniqueArray(
      // An id that holds nothing but punctuation stands for none.
      fc
        .string({ minLength: 1, maxLength: 5 })
        .filter((id) => id.trim() === id)
        .map((id) => `e${id}`),
      {
        minLength: 1,
      },
    );
    const bad = fc.array(fc.jsonValue().map(malformedDetail));
    fc.assert(
      fc.property(ids, bad, fc.infiniteStream(fc.boolean()), (all, malformed, keep) => {
        const kept = <T>(items: readonly T[]) => items.filter(() => keep.next().value);
        const [journalled, dead] = [kept(all), kept(malformed)];
        const events = [...all.map(detailOf), ...malformed].map(published);
        const missing = all.length - journalled.length + malformed.length - dead.length;
        expect(countLost(events, journalled, dead.map(deadLetter))).toEqual(missing);
      }),
    );
  });
});

describe("the losses of the bus", () => {
  it("are none if every event was delivered or became a dead letter", () => {
    expect(describeBusLosses({ ...emptyReport(), accepted: 3, delivered: 2, deadLettered: 1 })).toEqual([]);
  });

  it("are events without a rule, for an unknown bus and for targets that accepted nothing", () => {
    const failure = (message: string) =>
      ({ kind: "failed", code: "NO_PERMISSIONS", message, isRetryable: false }) as const;
    const dropped = { eventId: "e", ruleArn: "rule", targetArn: "queue", failure: failure("no policy") };
    const report = {
      ...emptyReport(),
      unmatched: 2,
      unknownBuses: { hr: 1 },
      dropped: [dropped, { ...dropped, deadLetterFailure: failure("no policy either") }],
    };
    expect(describeBusLosses(report)).toEqual([
      "2 events matched no rule",
      "1 event went to the bus hr, which does not exist",
      "1 event could not be delivered to queue (no policy), and the target has no dead-letter queue",
      "1 event could not be delivered to queue (no policy), and its dead-letter queue did not accept it (no policy either)",
    ]);
  });
});
