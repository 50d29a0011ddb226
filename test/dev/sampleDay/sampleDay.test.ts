import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sampleAccounts, sampleUsers, scimSampleAccount } from "../../../dev/sampleDay/sampleAccounts.ts";
import { sampleDay } from "../../../dev/sampleDay/sampleDay.ts";
import { type HrEvent, isDetailType } from "../../../src/events/hrEvent.ts";
import { parseHrEvent } from "../../../src/events/parseEvent.ts";

interface Line {
  "detail-type": string;
  detail: { metadata: { id: string }; data?: Record<string, unknown> };
}

const file = readFileSync(new URL("../../../events/sample-day.jsonl", import.meta.url), "utf8");
const lines: Line[] = file
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const parsed = lines.map((line) => parseHrEvent(line["detail-type"], line.detail));
const arrived = parsed.flatMap((result) => (result.ok ? [result.event] : []));
/** Each event once, where it arrived first. */
const events = arrived.filter(
  ({ metadata }, index) => arrived.findIndex((earlier) => earlier.metadata.id === metadata.id) === index,
);
const users = new Map(
  [...Object.values(sampleAccounts), scimSampleAccount]
    .flatMap(sampleUsers)
    .map((user) => [user.email, user]),
);
const userOf = ({ data }: HrEvent) => users.get(data.email.toLowerCase());
const ofType = (type: HrEvent["type"]) => events.filter((event) => event.type === type);
const decidedAt = ({ metadata }: HrEvent) => Date.parse(metadata.occurredAt);

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

describe("the sample day", () => {
  it("on disk is the one that the code would write: run `npm run sample-day`", () => {
    expect(file).toBe(`${sampleDay().join("\n")}\n`);
  });

  it("has 560 lines, one in ten of them a duplicate, sent again at once or much later", () => {
    expect(lines).toHaveLength(560);
    expect(arrived.length - events.length).toBe(56);
    const distances = arrived.flatMap((event, index) => {
      const first = arrived.findIndex(({ metadata }) => metadata.id === event.metadata.id);
      return first < index ? [{ distance: index - first, event, original: arrived[first] }] : [];
    });
    expect(distances.every(({ event, original }) => JSON.stringify(event) === JSON.stringify(original))).toBe(
      true,
    );
    expect(distances.filter(({ distance }) => distance <= 5).length).toBeGreaterThanOrEqual(30);
    expect(distances.filter(({ distance }) => distance > 50).length).toBeGreaterThanOrEqual(10);
  });

  it("has exactly five malformed events, of known detail-types, each wrong in its own way", () => {
    expect(lines.every((line) => isDetailType(line["detail-type"]))).toBe(true);
    expect(parsed.flatMap((result) => (result.ok ? [] : [result.problems.map(({ path }) => path)]))).toEqual([
      ["data.personId"],
      ["data.email"],
      ["metadata.occurredAt"],
      ["data.licenseType"],
      ["data"],
    ]);
  });

  it("happens within 14 May 2026, in several time zones", () => {
    const days = new Set(events.map((event) => new Date(decidedAt(event)).toISOString().slice(0, 10)));
    expect([...days]).toEqual(["2026-05-14"]);
    const offsets = new Set(events.map(({ metadata }) => metadata.occurredAt.slice(19)));
    expect(offsets).toEqual(new Set(["Z", "+02:00", "-04:00", "+05:30", "+12:00"]));
    const effective = events.flatMap(({ data }) =>
      [data.effectiveAt, data.effectiveDate].filter((at) => at !== undefined),
    );
    expect(effective.length).toBeGreaterThan(5);
    expect(effective.every((at) => Date.parse(at) < Date.parse("2026-05-14"))).toBe(true);
  });

  it("arrives mostly in HR's order, but not quite", () => {
    const overtaken = events.filter((event, index) =>
      events.slice(0, index).some((earlier) => decidedAt(earlier) > decidedAt(event)),
    );
    expect(overtaken.length).toBeGreaterThan(15);
    expect(overtaken.length).toBeLessThan(events.length / 10);
  });

  it("has several events about some people, and for some of them the older one last", () => {
    const people = [...new Set(events.map(({ data }) => data.personId))];
    const pairs = people
      .map((personId) => events.filter(({ data }) => data.personId === personId))
      .filter((pair) => pair.length > 1);
    const inOrder = (pair: HrEvent[]) => pair.toSorted((a, b) => decidedAt(a) - decidedAt(b));
    const typesOf = (pair: HrEvent[]) =>
      inOrder(pair)
        .map(({ type }) => type)
        .join(" ");
    expect(countBy(pairs, typesOf)).toEqual({
      "EmployeeLeft EmployeeReturned": 7,
      "EmployeeHired EmployeeLeft": 3,
      "LicenseChanged LicenseChanged": 5,
      "EmployeeRoleChanged LicenseChanged": 4,
    });
    expect(pairs.filter((pair) => pair[0] !== inOrder(pair)[0])).toHaveLength(9);
  });

  it("has events about people whom no directory has, and about one account and one domain out of scope", () => {
    const unknown = events.filter((event) => userOf(event) === undefined && event.type !== "EmployeeHired");
    const domains = unknown.map(({ type, data }) => `${type} ${data.email.split("@")[1]}`).sort();
    expect(domains).toEqual([
      // Three that were hired and left on the same day.
      ...Array(5).fill("EmployeeLeft example.com"),
      "EmployeeLeft example.org",
      "EmployeeLeft partner.test",
      "EmployeeLeft scim.example",
      ...Array(2).fill("LicenseChanged example.com"),
      "LicenseChanged example.org",
    ]);
    expect(events.filter(({ data }) => data.email.endsWith("@directory.example.net"))).toHaveLength(1);
  });

  it("lets people return who are suspended, and others whom it suspended itself", () => {
    const statuses = ofType("EmployeeReturned").map((event) => userOf(event)?.status);
    expect([statuses.length, statuses.filter((status) => status === "Suspended").length]).toEqual([68, 61]);
  });

  it("hires new people, and on the LWA account mostly people who are there already", () => {
    const kindOf = (event: HrEvent) => `${event.data.email.split("@")[1]} ${userOf(event)?.status ?? "new"}`;
    expect(countBy(ofType("EmployeeHired"), kindOf)).toEqual({
      "example.com new": 47,
      "example.org Suspended": 6,
      "example.org new": 3,
      "scim.example new": 6,
    });
  });

  it("asks for licenses that people have, that they have not, and that no account has", () => {
    const kindOf = (event: HrEvent) => {
      const licenseType = "licenseType" in event.data ? event.data.licenseType : undefined;
      if (licenseType === "ProTrial") return "unsupported";
      return userOf(event)?.licenseType === licenseType ? "unchanged" : "changed";
    };
    expect(countBy(ofType("LicenseChanged"), kindOf)).toEqual({ unsupported: 2, unchanged: 16, changed: 72 });
  });

  it("has the oddities of real feeds", () => {
    const data = events.map((event) => event.data);
    expect(data.filter(({ email }) => email !== email.toLowerCase())).toHaveLength(1);
    expect(data.filter(({ previousEmails }) => previousEmails !== undefined)).toHaveLength(1);
    expect(lines.filter((line) => line.detail.data?.costCentre !== undefined).length).toBeGreaterThan(0);
    expect(data.filter(({ userId }) => userId !== undefined).length).toBeGreaterThan(20);
    expect(data.filter((of) => "urgency" in of && of.urgency === "immediate").length).toBeGreaterThan(3);
    const roles = new Set(data.flatMap((of) => ("role" in of ? [of.role] : [])));
    expect(roles).toEqual(new Set(["engineer", "sales", "contractor"]));
  });

  it("names user ids only where they are right", () => {
    const named = events.filter(({ data }) => data.userId !== undefined);
    expect(named.map(({ data }) => data.userId)).toEqual(named.map((event) => userOf(event)?.userId));
  });
});
