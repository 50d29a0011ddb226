import { describe, expect, it } from "vitest";
import { deadlyEnvironment, drawDeadLetters } from "../../../dev/chaos/deadLetterEvents.ts";
import { createPopulation } from "../../../dev/chaos/population.ts";
import { parseHrEvent } from "../../../src/events/parseEvent.ts";

describe("the events that have to be dead letters", () => {
  const population = createPopulation(2000);
  const startedAt = Date.parse("2026-05-14T08:00:00Z");
  const drawn = drawDeadLetters(population, { seed: 7, events: 2000, startedAt });
  const linesOf = (code: string) => drawn.filter((each) => each.code === code).map(({ line }) => line);

  it("are of every kind, each with an id of its own, and mixed; few are deadly, and come first", () => {
    const counts = ["Malformed", "FromTheFuture", "AddressShared", "EndsTheFunction"].map(
      (code) => linesOf(code).length,
    );
    const ids = new Set(drawn.map(({ line }) => line.detail.metadata.id));
    const codesOfFirst = new Set(drawn.slice(0, 25).map(({ code }) => code));
    expect(drawn.slice(0, 2).map(({ code }) => code)).toEqual(Array(2).fill("EndsTheFunction"));
    expect([counts, ids.size, codesOfFirst.size]).toEqual([[40, 10, 20, 2], 72, 4]);
  });

  it("follow from the seed", () => {
    const again = [7, 8].map((seed) => drawDeadLetters(population, { seed, events: 2000, startedAt }));
    expect(again.map((other) => JSON.stringify(other) === JSON.stringify(drawn))).toEqual([true, false]);
  });

  it("are malformed only where that is their fault", () => {
    const isWellFormed = (line: (typeof drawn)[number]["line"]) =>
      parseHrEvent(line["detail-type"], line.detail).ok;
    expect([
      linesOf("Malformed").some(isWellFormed),
      ["FromTheFuture", "AddressShared", "EndsTheFunction"].flatMap(linesOf).every(isWellFormed),
    ]).toEqual([false, true]);
  });

  it("are dated further ahead than a run leaps", () => {
    const days = linesOf("FromTheFuture").map(
      ({ detail }) => (Date.parse(detail.metadata.occurredAt) - startedAt) / 86_400_000,
    );
    expect(Math.min(...days)).toBeGreaterThanOrEqual(14);
  });

  it("name an address that two users have", () => {
    const shared = new Set(population.sharedAddresses.map(({ email }) => email));
    const named = linesOf("AddressShared").map(({ detail }) => shared.has(detail.data.email));
    expect(new Set(named)).toEqual(new Set([true]));
  });

  it("kill a process only where the event itself is read, and not where it is a text within a text", () => {
    const { CHAOS_DEADLY_TEXT: deadly = "" } = deadlyEnvironment(7);
    const isDeadly = (text: string) => text.includes(deadly);
    const bodies = linesOf("EndsTheFunction").map(({ detail }) => JSON.stringify({ detail }));
    const others = drawn.filter(({ code }) => code !== "EndsTheFunction");
    expect([
      bodies.every(isDeadly),
      bodies.some((body) => isDeadly(JSON.stringify({ Records: [{ body }] }))),
      others.some(({ line }) => isDeadly(JSON.stringify({ detail: line.detail }))),
    ]).toEqual([true, false, false]);
  });
});
