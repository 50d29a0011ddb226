import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawDecisions, type HrEventLine } from "../../../../dev/chaos/drawDecisions.ts";
import {
  groupByAspect,
  type HrDecision,
  type OracleAccount,
  possibleHistories,
  readDecisions,
} from "../../../../dev/chaos/oracle/decisionHistory.ts";
import { createPopulation } from "../../../../dev/chaos/population.ts";
import { effectiveTime } from "../../../../src/events/eventTime.ts";
import { parseHrEvent } from "../../../../src/events/parseEvent.ts";
import { compareDecisions } from "../../../../src/ledger/decisionOrder.ts";
import { versionKey } from "../../../../src/provisioning/decision.ts";
import { decision } from "./examples.ts";

describe("the oracle's reading of an event", () => {
  const accounts: OracleAccount[] = [
    {
      domain: "example.com",
      invites: true,
      endsToo: ["session", "pin"],
      defaultLicense: "Basic",
      licensePerRole: { engineer: "Pro", sales: "Plus", contractor: "Basic" },
      hidesSuspended: false,
    },
    {
      domain: "example.net",
      invites: true,
      endsToo: ["session", "pin"],
      defaultLicense: "Basic",
      licensePerRole: { engineer: "Pro", sales: "Plus", contractor: "Basic" },
      afterLeaving: "Basic",
      hidesSuspended: true,
    },
    {
      domain: "example.org",
      invites: false,
      endsToo: ["pin"],
      defaultLicense: "Pro",
      licensePerRole: { engineer: "Pro", sales: "Pro", contractor: "Basic" },
      afterLeaving: "Basic",
      hidesSuspended: false,
    },
  ];

  function line(type: HrEventLine["detail-type"], data: Record<string, string> = {}): HrEventLine {
    const metadata = { id: "e1", schemaVersion: "1.0", occurredAt: "2025-02-03T04:05:06+02:00" };
    return {
      "detail-type": type,
      detail: { metadata, data: { personId: "p1", email: "Ada@example.com", ...data } },
    };
  }
  const occurredAt = Date.parse("2025-02-03T02:05:06Z");
  const read = (type: HrEventLine["detail-type"], data?: Record<string, string>) =>
    readDecisions(line(type, data), accounts)[0];
  const readLicense = (type: HrEventLine["detail-type"], data?: Record<string, string>) =>
    readDecisions(line(type, data), accounts)[1];

  it("has the person, the times and the desired state", () => {
    expect(read("EmployeeLeft")).toEqual({
      id: "e1",
      personId: "p1",
      aspect: "access",
      wants: "out",
      change: "suspend",
      endsToo: ["session", "pin"],
      occurredAt,
      effectiveAt: occurredAt,
    });
  });

  it.each([
    ["EmployeeHired", {}, { aspect: "access", wants: "in", change: "letIn" }],
    ["EmployeeReturned", { email: "a@example.org" }, { aspect: "access", wants: "in", change: "letIn" }],
    ["LicenseChanged", { licenseType: "Pro" }, { aspect: "license", wants: "Pro", change: "license" }],
    ["EmployeeRoleChanged", { role: "sales" }, { aspect: "license", wants: "Plus" }],
    ["EmployeeRoleChanged", { role: "sales", email: "a@example.org" }, { aspect: "license", wants: "Pro" }],
    ["EmployeeRoleChanged", { role: "sales", licenseType: "Basic" }, { aspect: "license", wants: "Basic" }],
  ] as const)("knows what %s of %j wants", (type, data, expected) => {
    expect(read(type, data)).toMatchObject(expected);
  });

  it("knows where a suspension leaves the session open", () => {
    expect(read("EmployeeLeft", { email: "a@example.org" }).endsToo).toEqual(["pin"]);
  });

  it("has the license that follows from it", () => {
    expect([
      readLicense("EmployeeReturned", { role: "sales" }),
      readLicense("EmployeeHired", { role: "sales", licenseType: "Pro", email: "a@example.org" }),
      readLicense("EmployeeHired", { role: "contractor" }),
      // There somebody who existed before may have been left with another one.
      readLicense("EmployeeHired", { role: "contractor", email: "a@example.net" }),
    ]).toEqual([
      {
        id: "#license:e1",
        personId: "p1",
        aspect: "license",
        wants: "Plus",
        change: "license",
        occurredAt,
        effectiveAt: occurredAt,
        follows: { id: "e1", isNeedless: false, mayBeGone: false },
      },
      expect.objectContaining({ wants: "Pro", follows: { id: "e1", isNeedless: false, mayBeGone: false } }),
      // An invitation comes with it.
      expect.objectContaining({ wants: "Basic", follows: { id: "e1", isNeedless: true, mayBeGone: false } }),
      expect.objectContaining({ follows: { id: "e1", isNeedless: false, mayBeGone: false } }),
    ]);
  });

  it("has the lower license of a leaver, where the account has one, which nobody may be there to get", () => {
    const lowered = (email: string) => readLicense("EmployeeLeft", { email });
    expect(["a@example.com", "a@example.org", "a@example.net"].map(lowered)).toEqual([
      undefined,
      expect.objectContaining({
        id: "#license:e1",
        wants: "Basic",
        occurredAt,
        effectiveAt: Number.MAX_SAFE_INTEGER,
        follows: { id: "e1", isNeedless: false, mayBeGone: false },
      }),
      expect.objectContaining({ follows: { id: "e1", isNeedless: false, mayBeGone: true } }),
    ]);
  });

  it("has the run's own name of the person, where HR gave two one id", () => {
    const personAt = (address: string) => (address === "ada@example.com" ? "ada" : undefined);
    expect(
      [line("EmployeeLeft"), line("EmployeeLeft", { email: "bob@example.com" })].map(
        (each) => readDecisions(each, accounts, personAt)[0].personId,
      ),
    ).toEqual(["ada", "p1"]);
  });

  it("has no license that follows for a leaver, without a role, or for a license change", () => {
    const lines = [
      readLicense("EmployeeLeft", { role: "sales" }),
      readLicense("EmployeeHired"),
      readLicense("EmployeeRoleChanged", { role: "sales" }),
    ];
    expect(lines).toEqual([undefined, undefined, undefined]);
  });

  it("agrees with the service on when every decision of a run takes effect", () => {
    const drawn = drawDecisions(createPopulation(2000), {
      seed: 7,
      events: 2000,
      startedAt: Date.parse("2026-05-14T08:00:00Z"),
    });
    const other = drawn.filter((each) => {
      const parsed = parseHrEvent(each["detail-type"], each.detail);
      const byTheService = parsed.ok ? effectiveTime(parsed.event.data) : Number.NaN;
      return (
        readDecisions(each, accounts)[0].effectiveAt !==
        (byTheService ?? Date.parse(each.detail.metadata.occurredAt))
      );
    });
    const dated = drawn.filter(({ detail }) => detail.data.effectiveDate !== undefined).length;
    expect({ other, isDated: dated > 50 }).toEqual({ other: [], isDated: true });
  });

  it.each([
    ["an unknown account", "EmployeeLeft", { email: "a@elsewhere.test" }],
    ["an unknown time zone", "EmployeeLeft", { effectiveDate: "2025-01-01", timeZone: "Europe/Berlin" }],
    ["a role without a license", "EmployeeRoleChanged", { role: "pilot" }],
  ] as const)("throws for %s, rather than guess", (_, type, data) => {
    expect(() => read(type, data)).toThrow(/no account|time zone|role/);
  });
});

describe("the history of a person", () => {
  const ids = (decisions: readonly { id: string }[]) => decisions.map(({ id }) => id);

  it("has a list for each aspect, from the oldest decision to the newest", () => {
    const decisions = [
      decision("c", 3),
      decision("a", 1, "in"),
      decision("b", 2, "Pro"),
      decision("d", 9, "out", { personId: "bob" }),
    ];
    expect(groupByAspect(decisions).map(ids)).toEqual([["a", "c"], ["b"], ["d"]]);
  });

  it.each([
    [
      "the later effect",
      decision("z", 1, "out", { effectiveAt: 5 }),
      decision("a", 1, "in", { effectiveAt: 6 }),
    ],
    ["the leave", decision("z", 1, "in"), decision("a", 1, "out")],
    ["the greater id", decision("a", 1, "out"), decision("b", 1, "out")],
  ])("of decisions made at the same time ends with %s", (_, older, newer) => {
    expect(
      [
        [older, newer],
        [newer, older],
      ].map((decisions) => groupByAspect(decisions).map(ids)),
    ).toEqual([[[older.id, newer.id]], [[older.id, newer.id]]]);
  });

  it("has the order that the service gives to decisions, without using its code", () => {
    const anyDecision = fc.record({
      busTime: fc.integer({ min: 1, max: 3 }),
      occurredAt: fc.integer({ min: 0, max: 3 }),
      effectiveAt: fc.integer({ min: 0, max: 3 }),
      wants: fc.constantFrom("in", "out"),
    });
    fc.assert(
      fc.property(fc.array(anyDecision, { minLength: 1, maxLength: 8 }), (drawn) => {
        const decisions = drawn.map(({ busTime, ...times }, index) =>
          decision(`e${index}`, 0, times.wants, { ...times, busTimes: { first: busTime, last: busTime } }),
        );
        const orderedOf = ({ id, wants, occurredAt, effectiveAt, busTimes }: HrDecision) => ({
          version: versionKey({
            occurredAt,
            effectiveAt,
            intent: wants === "out" ? "offboard" : "reinstate",
            eventId: id,
          }),
          busTime: busTimes?.first,
        });
        const byVersion = decisions.toSorted((a, b) => compareDecisions(orderedOf(a), orderedOf(b)));
        expect(groupByAspect(decisions).map(ids)).toEqual([ids(byVersion)]);
      }),
    );
  });

  it("may end with either of two that tie, if copies of them came to the bus in no clear order", () => {
    const bus = (first: number, last = first) => ({ busTimes: { first, last } });
    const ends = (a: object, b: object) => {
      const [history] = groupByAspect([decision("a", 1, "in", a), decision("b", 1, "out", b)]);
      return history && possibleHistories(history).map((each) => each.at(-1)?.id);
    };
    expect([
      ends(bus(1, 9), bus(5)),
      ends(bus(1), bus(5)),
      ends(bus(5), bus(1)),
      ends(bus(1, 4), bus(5)),
      ends({}, {}),
      ends({ ...bus(1, 9), effectiveAt: 0 }, bus(5)),
    ]).toEqual([["b", "a"], ["b"], ["a"], ["b"], ["b"], ["b"]]);
  });
});
