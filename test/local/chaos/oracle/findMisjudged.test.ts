import { describe, expect, it } from "vitest";
import { findMisjudged } from "../../../../src/local/chaos/oracle/findMisjudged.ts";
import { decision, entry, journal } from "./examples.ts";

const fine = { permanentCode: () => undefined, poison: undefined };
const poisonous = { ...fine, poison: "BadRequestException" };
const rejected = (code: string) => ({ ...entry("rejected", 5), code });

describe("what the journal cannot say", () => {
  it("is that somebody was served whom Chime refuses every time, by whichever decision", () => {
    const entries = journal({ old: entry("applied", 5, "r1"), new: rejected("BadRequestException") });
    expect(findMisjudged([decision("old", 1, "in"), decision("new", 2)], poisonous, entries)).toEqual([
      "ada: the journal says that old was applied, which Chime refuses (BadRequestException)",
    ]);
  });

  it("is the same of one operation, if it is only that which Chime refuses", () => {
    const refusals = {
      ...fine,
      permanentCode: (operation: string) => (operation === "BatchSuspendUser" ? "Forbidden" : undefined),
    };
    const entries = journal({ old: entry("applied", 5, "r1"), new: entry("applied", 6, "r2") });
    expect(findMisjudged([decision("old", 1, "in"), decision("new", 2)], refusals, entries)).toEqual([
      "ada: the journal says that new was applied, which Chime refuses (Forbidden)",
    ]);
  });

  it.each(["BadRequestException", "UnprocessableEntityException"])(
    "is that somebody was rejected by %s whom Chime does not refuse",
    (code) => {
      expect(findMisjudged([decision("left", 1)], fine, journal({ left: rejected(code) }))).toEqual([
        `ada: left was rejected (${code}) for what somebody else in its call is to blame for`,
      ]);
    },
  );

  it("is nothing else", () => {
    const told = [
      findMisjudged([decision("left", 1)], fine, journal({ left: rejected("BadRequest") })),
      findMisjudged([decision("left", 1)], fine, journal({ left: entry("applied", 5) })),
      findMisjudged([decision("left", 1)], poisonous, journal({ left: entry("unchanged", 5) })),
      findMisjudged([decision("left", 1)], poisonous, journal({})),
    ];
    expect(told.flat()).toEqual([]);
  });
});
