import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareByDecision,
  compareByEffect,
  compareIds,
  eventIdOf,
  tieBreakOf,
  type Version,
  versionKey,
} from "../../src/ledger/version.ts";
import { noon } from "../provisioning/samples.ts";

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
    ["the one whose id counts further", {}, { eventId: "e-10" }],
    ["the one that was decided at that moment, not the one that waited for it", { occurredAt: noon - 1 }, {}],
    ["the one after 1970", { occurredAt: -1 }, { occurredAt: 0 }],
    ["the one in the year 9999", { occurredAt: noon }, { occurredAt: Date.parse("9999-12-31T23:59:59Z") }],
    ["the one after the year 1", { occurredAt: Date.parse("0001-01-01T00:00:00Z") }, { occurredAt: -1 }],
  ])("%s is the newer", (_, older, newer) => {
    const a = { version: versionKey({ ...base, ...older }) };
    const b = { version: versionKey({ ...base, ...newer }) };
    for (const order of [compareByEffect, compareByDecision])
      expect([order(a, b), order(b, a), order(a, a)].map(Math.sign)).toEqual([-1, 1, 0]);
  });

  it.each([
    ["by decision", compareByDecision, (a: Version, b: Version) => a.occurredAt - b.occurredAt],
    [
      "by effect",
      compareByEffect,
      (a: Version, b: Version) => from(a) - from(b) || a.occurredAt - b.occurredAt,
    ],
  ])("the order %s is total: it follows the fields, one after the other", (_, order, byTime) => {
    const compare = (a: Version & BusTime, b: Version & BusTime) =>
      Math.sign(order({ ...a, version: versionKey(a) }, { ...b, version: versionKey(b) }));
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, bc, ac] = [compare(a, b), compare(b, c), compare(a, c)];
        expect(compare(b, a)).toBe(0 - ab);
        expect(ab === 0).toBe(versionKey(a) === versionKey(b));
        if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0);
        const byFields =
          byTime(a, b) ||
          a.effectiveAt - b.effectiveAt ||
          (a.busTime ?? 0) - (b.busTime ?? 0) ||
          severity(a) - severity(b);
        if (byFields !== 0 && versionKey(a) !== versionKey(b)) expect(ab).toBe(Math.sign(byFields));
      }),
    );
  });

  it("of one time, the one that the bus received later is the newer, then the more restrictive one", () => {
    const [leave, back] = [
      versionKey({ ...base, intent: "offboard" }),
      versionKey({ ...base, eventId: "e-6" }),
    ];
    const pairs = [
      [
        { version: leave, busTime: 1 },
        { version: back, busTime: 2 },
      ],
      [
        { version: back, busTime: 2 },
        { version: leave, busTime: 2 },
      ],
      [
        { version: back, busTime: 2 },
        { version: versionKey({ ...base, eventId: "e-7" }), busTime: 2 },
      ],
      [{ version: leave }, { version: versionKey({ ...base, occurredAt: noon + 1 }) }],
    ] as const;
    expect(pairs.map(([a, b]) => [Math.sign(compareByDecision(a, b)), tieBreakOf(a, b)])).toEqual([
      [-1, "receivedLater"],
      [-1, "moreRestrictive"],
      [-1, "greaterId"],
      [-1, undefined],
    ]);
  });

  it.each([
    ["hr-9", "hr-10"],
    ["hr-09", "hr-10"],
    ["hr-9a", "hr-9b"],
    ["hr-9", "hr-9a"],
    ["a2b10", "a10b2"],
    ["00000000000000000009", "10000000000000000000"],
    ["7", "07"].toSorted() as [string, string],
  ])("the id %s comes before %s", (a, b) => {
    expect([compareIds(a, b) < 0, compareIds(b, a) > 0]).toEqual([true, true]);
  });

  it("the event's id can be read back", () => {
    fc.assert(
      fc.property(version, (any) => {
        expect(eventIdOf(versionKey(any))).toBe(any.eventId);
      }),
    );
  });

  it("no two ids have the same key, though one is spelt like the other's escape", () => {
    const ids = ["é", "%00e9", "e\u0301", "%0025", "%", "\u1010", "\u01010"];
    const keys = ids.map((eventId) => versionKey({ ...base, eventId }));
    expect(new Set(keys).size).toBe(ids.length);
  });

  it("the key has only printable ASCII, so that bytes and characters sort alike", () => {
    fc.assert(
      fc.property(version, (any) => {
        expect(versionKey(any)).toMatch(/^[\x20-\x7e]*$/);
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
interface BusTime {
  busTime?: number | undefined;
}

/** Two intents of one aspect that are equally restrictive are the same decision in the end: so one of each here. */
const version: fc.Arbitrary<Version & BusTime> = fc.record({
  occurredAt: milliseconds,
  effectiveAt: milliseconds,
  intent: fc.constantFrom("onboard" as const, "offboard" as const),
  eventId: fc.oneof(fc.constantFrom("a", "b", "a1", "a10", "%", "é", "|"), fc.string({ unit: "binary" })),
  busTime: fc.constantFrom(undefined, 1, 2),
});

const from = ({ occurredAt, effectiveAt }: Version) => Math.max(occurredAt, effectiveAt);

function severity({ intent }: Version): number {
  return intent === "offboard" ? 1 : 0;
}
