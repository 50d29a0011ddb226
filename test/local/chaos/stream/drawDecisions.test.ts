import { describe, expect, it } from "vitest";
import { parseHrEvent } from "../../../../src/events/parseHrEvent.ts";
import { drawDecisions } from "../../../../src/local/chaos/stream/drawDecisions.ts";
import type { HrLine } from "../../../../src/local/chaos/stream/hrLine.ts";
import { population } from "../../../../src/local/chaos/stream/population.ts";

const startedAt = Date.parse("2026-05-14T08:00:00Z");
const everybody = population(3000);
const draw = (seed: number) => drawDecisions(everybody, { seed, events: 3000, startedAt });
const decisions = draw(7);
const byPerson = new Map<string, HrLine[]>();
for (const line of decisions) {
  const { personId } = line.detail.data;
  byPerson.set(personId, [...(byPerson.get(personId) ?? []), line]);
}

describe("the decisions of a run", () => {
  it("are as many as were asked for, each with an id of its own", () => {
    expect(new Set(decisions.map(({ detail }) => detail.metadata.id)).size).toBe(3000);
  });

  it("follow from the seed", () => {
    expect([draw(7), draw(8)].map((drawn) => JSON.stringify(drawn) === JSON.stringify(decisions))).toEqual([
      true,
      false,
    ]);
  });

  it("keep their schema", () => {
    const broken = decisions.filter(({ detail, ...line }) => !parseHrEvent(line["detail-type"], detail).ok);
    expect(broken).toEqual([]);
  });

  it("are of every kind", () => {
    expect([...new Set(decisions.map((line) => line["detail-type"]))].sort()).toEqual([
      "EmployeeHired",
      "EmployeeLeft",
      "EmployeeReturned",
      "EmployeeRoleChanged",
      "LicenseChanged",
    ]);
  });

  it("are mostly about people of whom there is more than one", () => {
    const single = [...byPerson.values()].filter((lines) => lines.length === 1);
    expect(single.length / byPerson.size).toBeLessThan(0.1);
  });

  it("are some of them made at the same time as another about the same person", () => {
    const equal = [...byPerson.values()].filter((lines) => {
      const times = lines.map(({ detail }) => Date.parse(detail.metadata.occurredAt));
      return new Set(times).size < times.length;
    });
    expect(equal.length / byPerson.size).toBeGreaterThan(0.2);
  });

  it("lie in the past, but for those of which a few wait for the next 40 seconds", () => {
    const ahead = decisions
      .map(({ detail }) => Date.parse(String(detail.data.effectiveAt)) - startedAt)
      .filter((milliseconds) => milliseconds > 0);
    const late = decisions.filter(({ detail }) => Date.parse(detail.metadata.occurredAt) >= startedAt);
    expect({ late, share: Math.round((100 * ahead.length) / decisions.length) }).toEqual({
      late: [],
      share: 1,
    });
    expect(Math.max(...ahead)).toBeLessThanOrEqual(40_000);
  });

  it("ask for no license for somebody who does not exist yet: that would wait for minutes", () => {
    const newcomers = new Set(
      everybody.people.filter(({ userId }) => userId === undefined).map(({ personId }) => personId),
    );
    const types = decisions
      .filter(({ detail }) => newcomers.has(detail.data.personId))
      .map((line) => line["detail-type"]);
    expect([...new Set(types)].sort()).toEqual(["EmployeeHired", "EmployeeLeft", "EmployeeReturned"]);
  });
});
