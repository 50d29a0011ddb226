import { describe, expect, it } from "vitest";
import {
  drawDecisions,
  eventIdOf,
  eventIdOfBody,
  type HrEventLine,
  toArrivalOrder,
} from "../../../dev/chaos/drawDecisions.ts";
import { createPopulation } from "../../../dev/chaos/population.ts";
import { parseHrEvent } from "../../../src/events/parseEvent.ts";

describe("the decisions of a run", () => {
  const startedAt = Date.parse("2026-05-14T08:00:00Z");
  const everybody = createPopulation(3000);
  const draw = (seed: number) => drawDecisions(everybody, { seed, events: 3000, startedAt });
  const decisions = draw(7);
  const byPerson = new Map<string, HrEventLine[]>();
  for (const line of decisions) {
    const { personId } = line.detail.data;
    byPerson.set(personId, [...(byPerson.get(personId) ?? []), line]);
  }

  it("are as many as requested, each with an id of its own", () => {
    expect(new Set(decisions.map(({ detail }) => detail.metadata.id)).size).toBe(3000);
  });

  it("follow from the seed", () => {
    expect([draw(7), draw(8)].map((drawn) => JSON.stringify(drawn) === JSON.stringify(decisions))).toEqual([
      true,
      false,
    ]);
  });

  it("are valid events", () => {
    const broken = decisions.filter(({ detail, ...line }) => !parseHrEvent(line["detail-type"], detail).ok);
    expect(broken).toEqual([]);
  });

  it("are of every detail-type", () => {
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

  const isAhead = ({ detail }: HrEventLine) => Date.parse(detail.metadata.occurredAt) > startedAt;

  it("are in effect, except for one in a hundred that waits for up to 40 seconds, and five that wait for up to 22 hours", () => {
    const later = decisions
      .filter((line) => !isAhead(line))
      .map(({ detail }) => Date.parse(String(detail.data.effectiveAt)) - startedAt)
      .filter((milliseconds) => milliseconds > 0);
    const soon = later.filter((milliseconds) => milliseconds <= 40_000);
    expect([soon, later].map(({ length }) => Math.round((100 * length) / decisions.length))).toEqual([1, 6]);
    expect(Math.max(...later)).toBeLessThanOrEqual(22 * 3_600_000);
  });

  it("are one in fifty dated ahead, by 20 minutes to 22 hours, and take effect no later", () => {
    const ahead = decisions.filter(isAhead);
    const minutes = ahead.map(({ detail }) => (Date.parse(detail.metadata.occurredAt) - startedAt) / 60_000);
    const effects = ahead.map(({ detail }) => {
      const { effectiveAt, effectiveDate } = detail.data;
      return Date.parse(String(effectiveAt ?? effectiveDate ?? detail.metadata.occurredAt));
    });
    expect(Math.round((100 * ahead.length) / decisions.length)).toBe(2);
    expect([Math.min(...minutes) >= 20, Math.max(...minutes) <= 1320]).toEqual([true, true]);
    expect(Math.max(...effects)).toBeLessThanOrEqual(startedAt + 22 * 3_600_000);
  });

  it("name two people by one id, some of them, each by an address of their own", () => {
    const sharing = everybody.people.filter(({ sharedId }) => sharedId !== undefined);
    const named = sharing.map(({ email, sharedId }) => {
      const own = decisions.filter(({ detail }) => detail.data.email.toLowerCase() === email);
      return own.length > 0 && own.every(({ detail }) => detail.data.personId === sharedId);
    });
    expect([sharing.length, new Set(named)]).toEqual([26, new Set([true])]);
  });

  it("ask for no license for a newcomer, because that would wait for minutes", () => {
    const newcomers = new Set(
      everybody.people.filter(({ userId }) => userId === undefined).map(({ personId }) => personId),
    );
    const types = decisions
      .filter(({ detail }) => newcomers.has(detail.data.personId))
      .map((line) => line["detail-type"]);
    expect([...new Set(types)].sort()).toEqual(["EmployeeHired", "EmployeeLeft", "EmployeeReturned"]);
  });
});

describe("the order of arrival", () => {
  const startedAt = Date.parse("2026-05-14T08:00:00Z");
  const decisions = drawDecisions(createPopulation(1000), { seed: 7, events: 1000, startedAt });
  const arrived = toArrivalOrder(decisions, 7);
  const idOf = ({ detail }: HrEventLine) => detail.metadata.id;
  const decidedAt = ({ detail }: HrEventLine) => Date.parse(detail.metadata.occurredAt);

  it("holds every decision, and one in twenty twice", () => {
    const ids = arrived.map(idOf);
    expect({ all: ids.length, different: new Set(ids).size }).toEqual({ all: 1050, different: 1000 });
    expect([...new Set(ids)].sort()).toEqual(decisions.map(idOf).sort());
  });

  it("follows from the seed", () => {
    expect(
      [toArrivalOrder(decisions, 7), toArrivalOrder(decisions, 8)].map((order) =>
        order.every((line, at) => line === arrived[at]),
      ),
    ).toEqual([true, false]);
  });

  it("lets many older decisions arrive after newer ones", () => {
    const overtaken = arrived.filter(
      (line, at) => at > 0 && decidedAt(line) < decidedAt(arrived[at - 1] ?? line),
    );
    expect(overtaken.length).toBeGreaterThan(300);
  });

  it("has what is dated ahead anywhere", () => {
    const positions = arrived.flatMap((line, at) => (decidedAt(line) > startedAt ? at : []));
    expect([Math.min(...positions) < 400, Math.max(...positions) > 650]).toEqual([true, true]);
  });

  it("is roughly HR's own order: nothing of the last quarter comes in the first", () => {
    const newest = new Set(
      decisions
        .filter((line) => decidedAt(line) < startedAt)
        .toSorted((a, b) => decidedAt(b) - decidedAt(a))
        .slice(0, 250)
        .map(idOf),
    );
    expect(arrived.slice(0, 250).filter((line) => newest.has(idOf(line)))).toEqual([]);
  });
});

describe("the id of an event", () => {
  it("is read from its detail, and from the message that carries it", () => {
    const detail = { metadata: { id: "e1" } };
    expect([eventIdOf(detail), eventIdOfBody(JSON.stringify({ detail }))]).toEqual(["e1", "e1"]);
  });

  it.each([[null], [{}], [{ metadata: null }], [{ metadata: { id: 3 } }], ["text"]])(
    "is missing in %j",
    (detail) => {
      expect(eventIdOf(detail)).toBeUndefined();
    },
  );
});
