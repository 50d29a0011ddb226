import { describe, expect, it } from "vitest";
import {
  findDeadLettersTaken,
  findEarlyOutcomes,
  findMixedPeople,
  type StrayEvidence,
} from "../../../../dev/chaos/oracle/strayEvents.ts";
import { decision, entry, journal } from "./examples.ts";

const none: StrayEvidence = {
  decisions: [],
  deadByCode: new Map(),
  people: [],
  journal: new Map(),
  deadLetters: new Map(),
};
const rejected = (code: string) => ({ ...entry("rejected", 60), code });

describe("an event that has to be a dead letter", () => {
  const expected = { ...none, deadByCode: new Map([["bad", "EndsTheFunction"]]) };
  const found = (more: Partial<StrayEvidence>) => findDeadLettersTaken({ ...expected, ...more });

  it("is one, with its code, whether or not the journal knows it", () => {
    const deadLetters = new Map([["bad", ["EndsTheFunction"]]]);
    expect([
      found({ deadLetters }),
      found({ deadLetters, journal: journal({ bad: rejected("EndsTheFunction") }) }),
    ]).toEqual([[], []]);
  });

  it.each(["applied", "unchanged", "superseded", "deferred"])("must not be %s", (outcome) => {
    expect(found({ journal: journal({ bad: entry(outcome, 60) }) })).toEqual([
      `bad is to be a dead letter (EndsTheFunction), and the journal says "${outcome}" of it`,
    ]);
  });

  it("must not be one by another code, nor be rejected without a dead letter", () => {
    expect([
      found({ deadLetters: new Map([["bad", ["EndsTheFunction", "ReceivedTooOften"]]]) }),
      found({ journal: journal({ bad: rejected("UserNotFound") }) }),
      found({ journal: journal({ bad: rejected("EndsTheFunction") }) }),
    ]).toEqual([
      ["bad is to be a dead letter (EndsTheFunction), and is one by ReceivedTooOften"],
      ["bad is to be a dead letter (EndsTheFunction), and is one by UserNotFound"],
      ["bad was rejected, and is no dead letter"],
    ]);
  });
});

describe("a decision that was refused as ambiguous", () => {
  const refused: StrayEvidence = {
    ...none,
    decisions: [decision("left", 1)],
    people: [{ personId: "ada", sharedId: "1042", email: "ada@example.com", accountId: "team" }],
    journal: journal({ left: rejected("PersonAmbiguous") }),
    deadLetters: new Map([["left", ["PersonAmbiguous"]]]),
  };

  it("is a dead letter about somebody who shares an id", () => {
    expect(findMixedPeople(refused)).toEqual([]);
  });

  it("must be told, and must not be about anybody else", () => {
    const alone = refused.people.map(({ sharedId: _, ...person }) => person);
    expect([
      findMixedPeople({ ...refused, deadLetters: new Map() }),
      findMixedPeople({ ...refused, people: alone }),
    ]).toEqual([
      ["ada: left was refused as ambiguous, and is no dead letter"],
      ["ada: left was refused as ambiguous, and nobody has the same id"],
    ]);
  });
});

describe("a decision that gave way", () => {
  const superseded = (by: string) => ({ ...entry("superseded", 60), code: by });
  const found = (by: string) =>
    findMixedPeople({
      ...none,
      decisions: [
        decision("left", 1),
        decision("back", 2, "in"),
        decision("other", 3, "in", { personId: "bob" }),
      ],
      journal: journal({ left: superseded(by) }),
    });

  it("did so to one about the same person, and not to one about another", () => {
    expect([found("back"), found("other")]).toEqual([
      [],
      ["ada: left gave way to other, which is about bob"],
    ]);
  });
});

describe("a decision that is dated ahead", () => {
  const minute = 60_000;
  const ahead = decision("ahead", 60 * minute, "in");
  const found = (of: StrayEvidence["journal"]) =>
    findEarlyOutcomes({ ...none, decisions: [decision("left", 1), ahead], journal: of });

  it("may end at its time, or five minutes earlier", () => {
    expect([56, 61].map((at) => found(journal({ ahead: entry("applied", at * minute) })))).toEqual([[], []]);
  });

  it.each(["applied", "unchanged", "rejected"])("must not be %s before", (outcome) => {
    expect(found(journal({ ahead: entry(outcome, 54 * minute) }))).toEqual([
      `ada: ahead was ${outcome} before the time at which HR made it`,
    ]);
  });

  it("may wait, or give way to another, before", () => {
    const superseded = { ...entry("superseded", minute), code: "left" };
    expect([
      found(journal({ ahead: entry("deferred", minute) })),
      found(journal({ ahead: superseded })),
    ]).toEqual([[], []]);
  });

  it("keeps out no true decision before", () => {
    const early = { ...entry("superseded", 54 * minute), code: "ahead" };
    expect([
      found(journal({ left: early })),
      found(journal({ left: { ...early, recordedAt: 56 * minute } })),
    ]).toEqual([["ada: left gave way to ahead before the time at which HR made that"], []]);
  });
});
