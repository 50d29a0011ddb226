import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countLost } from "../../../src/local/day/countLost.ts";
import { eventTrace } from "../../../src/local/day/eventTrace.ts";

const detailOf = (id: string) => ({
  metadata: { id, schemaVersion: "1.0", occurredAt: "2026-05-14T08:00:00Z" },
  data: { personId: "P-1", email: "ada@example.com" },
});
const malformedDetail = (content: unknown) => ({ metadata: { id: "any" }, data: content });
const published = (detail: unknown) => eventTrace("EmployeeLeft", detail);
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
    const letters = [malformedDetail(1), malformedDetail(3), malformedDetail(3)].map(deadLetter);
    expect(countLost(events, [], letters)).toEqual(2);
  });

  it("are not made up for by a dead letter that is no event at all", () => {
    expect(countLost([published(malformedDetail(1))], [], [{ body: "no JSON" }])).toEqual(1);
  });

  it("are exactly those whose traces are taken away", () => {
    const ids = fc.uniqueArray(
      fc.string({ minLength: 1, maxLength: 5 }).filter((id) => id.trim() === id),
      {
        minLength: 1,
      },
    );
    const bad = fc.array(fc.jsonValue().map(malformedDetail));
    fc.assert(
      fc.property(ids, bad, fc.infiniteStream(fc.boolean()), (all, malformed, keep) => {
        const kept = <T>(items: readonly T[]) => items.filter(() => keep.next().value);
        const [journalled, letters] = [kept(all), kept(malformed)];
        const events = [...all.map(detailOf), ...malformed].map(published);
        const missing = all.length - journalled.length + malformed.length - letters.length;
        expect(countLost(events, journalled, letters.map(deadLetter))).toEqual(missing);
      }),
    );
  });
});
