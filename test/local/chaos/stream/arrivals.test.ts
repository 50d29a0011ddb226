import { describe, expect, it } from "vitest";
import { arrivals } from "../../../../src/local/chaos/stream/arrivals.ts";
import { drawDecisions } from "../../../../src/local/chaos/stream/drawDecisions.ts";
import type { HrLine } from "../../../../src/local/chaos/stream/hrLine.ts";
import { population } from "../../../../src/local/chaos/stream/population.ts";

const decisions = drawDecisions(population(1000), { seed: 7, events: 1000, startedAt: 0 });
const arrived = arrivals(decisions, 7);
const idOf = ({ detail }: HrLine) => detail.metadata.id;
const decidedAt = ({ detail }: HrLine) => Date.parse(detail.metadata.occurredAt);

describe("the order of arrival", () => {
  it("holds every decision, and one in twenty twice", () => {
    const ids = arrived.map(idOf);
    expect({ all: ids.length, different: new Set(ids).size }).toEqual({ all: 1050, different: 1000 });
    expect([...new Set(ids)].sort()).toEqual(decisions.map(idOf).sort());
  });

  it("follows from the seed", () => {
    expect(
      [arrivals(decisions, 7), arrivals(decisions, 8)].map((order) =>
        order.every((line, at) => line === arrived[at]),
      ),
    ).toEqual([true, false]);
  });

  it("lets many an older decision come after a newer one", () => {
    const overtaken = arrived.filter(
      (line, at) => at > 0 && decidedAt(line) < decidedAt(arrived[at - 1] ?? line),
    );
    expect(overtaken.length).toBeGreaterThan(300);
  });

  it("is HR's own order from afar: nothing of the last quarter comes in the first", () => {
    const newest = new Set(
      decisions
        .toSorted((a, b) => decidedAt(b) - decidedAt(a))
        .slice(0, 250)
        .map(idOf),
    );
    expect(arrived.slice(0, 250).filter((line) => newest.has(idOf(line)))).toEqual([]);
  });
});
