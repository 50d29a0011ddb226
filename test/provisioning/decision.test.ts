import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareDecisions,
  effectiveTimeOf,
  tieOf,
  undoPlaceOf,
  versionAfter,
} from "../../src/ledger/decisionOrder.ts";
import { type Version, versionKey } from "../../src/provisioning/decision.ts";
import { noon } from "./samples.ts";

const base: Version = { occurredAt: noon, effectiveAt: noon, intent: "onboard", eventId: "e-5" };

describe("of two decisions about a person", () => {
  it.each<[string, Partial<Version>, Partial<Version>]>([
    ["the one that HR made later", { eventId: "e-9", intent: "offboard" }, { occurredAt: noon + 1 }],
    [
      "the one that takes effect later, if HR made both at once",
      { intent: "offboard" },
      { effectiveAt: noon + 1 },
    ],
    ["the more restrictive one, if both are for the same time", { eventId: "e-9" }, { intent: "offboard" }],
    [
      "the more restrictive one, however great the other's id is",
      { eventId: "~" },
      { intent: "offboard", eventId: "a" },
    ],
    ["the one of the greater id, if nothing else tells them apart", {}, { eventId: "e-6" }],
    ["the one of the greater number in its id", { eventId: "hr-9" }, { eventId: "hr-10" }],
    [
      "the one with fewer zeros before its number, so that no two are equal",
      { eventId: "hr-09" },
      { eventId: "hr-9" },
    ],
    ["the one after 1970", { occurredAt: -1 }, { occurredAt: 0 }],
    ["the one in the year 9999", { occurredAt: noon }, { occurredAt: Date.parse("9999-12-31T23:59:59Z") }],
    ["the one after the year 1", { occurredAt: Date.parse("0001-01-01T00:00:00Z") }, { occurredAt: -1 }],
  ])("%s is the newer", (_, older, newer) => {
    const a = { version: versionKey({ ...base, ...older }) };
    const b = { version: versionKey({ ...base, ...newer }) };
    expect([compareDecisions(a, b), compareDecisions(b, a), compareDecisions(a, a)]).toEqual([-1, 1, 0]);
  });

  it("the order is total: it follows the fields, one after the other", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, bc, ac] = [compare(a, b), compare(b, c), compare(a, c)];
        expect(compare(b, a)).toBe(0 - ab);
        expect(ab === 0).toBe(fc.stringify(a) === fc.stringify(b));
        if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0);
        const byFields =
          a.occurredAt - b.occurredAt || a.effectiveAt - b.effectiveAt || severity(a) - severity(b);
        if (byFields !== 0) expect(ab).toBe(Math.sign(byFields));
      }),
    );
  });

  it("no two ids have the same key, though one is spelt like the other's escape", () => {
    const ids = ["é", "%00e9", "e\u0301", "%0025", "%", "\u1010", "\u01010"];
    const keys = ids.map((eventId) => versionKey({ ...base, eventId }));
    expect(new Set(keys).size).toBe(ids.length);
  });

  it("of two with the same times the one that the bus received later is the newer, even if it is less restrictive", () => {
    const leave = { version: versionKey({ ...base, intent: "offboard" }), busTime: noon + 1 };
    const back = { version: versionKey({ ...base, intent: "reinstate" }), busTime: noon + 2 };
    const unknown = { version: versionKey({ ...base, intent: "offboard", eventId: "before this was kept" }) };
    expect([
      compareDecisions(back, leave),
      compareDecisions(back, unknown),
      tieOf(back, leave),
      tieOf({ ...leave, busTime: noon + 2 }, back),
      tieOf({ version: versionKey({ ...base, occurredAt: noon + 1 }) }, back),
    ]).toEqual([1, 1, "receivedLater", "moreRestrictive", undefined]);
  });

  it("the table, which compares bytes, has the same order of decisions with different times", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        if (a.occurredAt === b.occurredAt && a.effectiveAt === b.effectiveAt) return;
        const inTable = Buffer.compare(Buffer.from(versionKey(a)), Buffer.from(versionKey(b)));
        expect(inTable).toBe(compare(a, b));
      }),
    );
  });

  it("the key has only printable ASCII, so that bytes and characters sort alike", () => {
    fc.assert(
      fc.property(version, (any) => {
        expect(versionKey(any)).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe("a decision that undoes another one", () => {
  const opposite = { onboard: "offboard", offboard: "reinstate" } as const;

  it("has the place directly after it: nothing is between them, whatever else decides their order", () => {
    fc.assert(
      fc.property(
        version,
        version,
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.integer({ min: 0, max: 2 })),
        (first, other, nth, [busTime = 0, otherBusTime = 0]) => {
          const intents = [first.intent, opposite[first.intent as "onboard" | "offboard"]] as const;
          const undoing = (each: number) => ({
            version: versionKey({
              ...first,
              eventId: `#undo${each}`,
              intent: intents[each % 2] ?? first.intent,
              ...(each > 0 && {
                undoing: {
                  first: first.eventId,
                  isFirstLeave: first.intent === "offboard",
                  nth: each,
                },
              }),
            }),
            busTime,
          });
          const undone = nth === 1 ? { version: versionKey(first), busTime } : undoing(nth - 1);
          const third = { version: versionKey(other), busTime: otherBusTime };
          if (third.version === versionKey(first)) return;
          expect(compareDecisions(undone, undoing(nth))).toBe(-1);
          expect(compareDecisions(third, undoing(nth))).toBe(compareDecisions(third, undone));
          expect(tieOf(undoing(nth), undone)).toBeUndefined();
          expect(undoPlaceOf(undoing(nth).version)).toEqual({
            occurredAt: first.occurredAt,
            effectiveAt: first.effectiveAt,
            eventId: first.eventId,
            isLeave: first.intent === "offboard",
            nth,
          });
        },
      ),
    );
  });

  it("is a leave or none by its own intent, for whoever looks at its version", () => {
    const of = (intent: Version["intent"], nth: number) =>
      versionKey({ ...base, intent, undoing: { first: "e-5", isFirstLeave: true, nth } });
    expect([of("reinstate", 1), of("offboard", 2)].map((each) => /^(?:\d{15}\|)+1\|/.test(each))).toEqual([
      false,
      true,
    ]);
  });
});

describe("a leave that a return has left waiting", () => {
  it("has the place directly after that return, with its own day, and several of them in the order of their days", () => {
    fc.assert(
      fc.property(version, version, fc.integer({ min: 1 }), (back, other, days) => {
        const returning = versionKey({ ...back, intent: "reinstate" });
        const leaveOn = (effectiveAt: number) =>
          versionAfter(returning, versionKey({ ...base, effectiveAt, intent: "offboard" }));
        const [first, second] = [leaveOn(noon), leaveOn(noon + days)];
        const compare = (a: string, b: string) => compareDecisions({ version: a }, { version: b });
        const third = versionKey(other);
        if (third === returning) return;
        expect([
          compare(returning, first),
          compare(first, second),
          tieOf({ version: first }, { version: returning }),
        ]).toEqual([-1, -1, undefined]);
        expect(compare(third, first)).toBe(compare(third, returning));
        expect([effectiveTimeOf(first), effectiveTimeOf(returning)]).toEqual([noon, back.effectiveAt]);
      }),
    );
  });
});

const instant = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});
const milliseconds = fc.oneof(
  fc.integer({ min: noon - 2, max: noon + 2 }),
  instant.map((date) => date.getTime()),
);
/** Two intents of one aspect that are equally restrictive are the same decision in the end: so one of each here. */
const version: fc.Arbitrary<Version> = fc.record(
  {
    occurredAt: milliseconds,
    effectiveAt: milliseconds,
    intent: fc.constantFrom("onboard" as const, "offboard" as const),
    eventId: fc.oneof(fc.constantFrom("a", "b", "%", "é", "|"), fc.string({ unit: "binary" })),
  },
  // Or two alike could still differ in how they are printed, by which they are compared here.
  { noNullPrototype: true },
);

function compare(a: Version, b: Version): number {
  return compareDecisions({ version: versionKey(a) }, { version: versionKey(b) });
}

function severity({ intent }: Version): number {
  return intent === "offboard" ? 1 : 0;
}
