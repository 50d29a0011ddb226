import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../src/local/chaos/oracle/effects.ts";
import { findOpenSessions } from "../../../../src/local/chaos/oracle/findOpenSessions.ts";
import { decision, effect, entry, journal } from "./examples.ts";

const left = decision("left", 1, "out", { endsSession: true });
const suspended = [effect("out", 50, "r1")];
const ending = (at: number): Effect => ({ ...effect("out", at, "r2"), aspect: "session", result: "ended" });
const find = (endings: readonly Effect[], settled = entry("applied", 90, "r1"), decided = left) =>
  findOpenSessions([decided], suspended, endings, journal({ left: settled }));

describe("a leave that the journal calls done", () => {
  it("is sound if the session ended after the suspension, and before that was written", () => {
    expect(find([ending(60)])).toEqual([]);
  });

  it.each([
    ["never", []],
    ["before the suspension only", [ending(40)]],
    ["after it was written", [ending(91)]],
  ])("is none if the session ended %s", (_, endings) => {
    expect(find(endings)).toEqual([
      "ada: the journal says that left was done, and the session was not ended",
    ]);
  });

  it("may rest on an earlier ending where nobody knows which call suspended the person", () => {
    const unchanged = entry("unchanged", 90);
    expect([find([ending(40)], unchanged), find([], unchanged)]).toEqual([
      [],
      [expect.stringContaining("was done")],
    ]);
  });
});

describe("nothing is asked of", () => {
  it.each(["rejected", "superseded"])("a leave that was %s", (outcome) => {
    expect(find([], entry(outcome, 90))).toEqual([]);
  });

  it("a leave whose suspension ends the session by itself", () => {
    expect(find([], undefined, decision("left", 1))).toEqual([]);
  });
});
