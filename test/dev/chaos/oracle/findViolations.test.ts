import { describe, expect, it } from "vitest";
import type { DecisionHistory } from "../../../../dev/chaos/oracle/decisionHistory.ts";
import {
  countDuplicateInvites,
  findImpossibleOutcomes,
  findMissingEndings,
  findRegressions,
  findUnconfirmedInvites,
} from "../../../../dev/chaos/oracle/findViolations.ts";
import type { ChangeKind, DirectoryChange } from "../../../../dev/directories/simulatedDirectory.ts";
import { decision, effect, entry, journal, mail } from "./examples.ts";

describe("an effect that may be a regression", () => {
  const history: DecisionHistory = [
    decision("hired", 1, "in"),
    decision("left", 2, "out"),
    decision("returned", 3, "in"),
  ];
  const left = entry("applied", 100, "r-left");

  it("is no regression in the order of the decisions", () => {
    const happened = [
      effect("in", 10, "r-hired"),
      effect("out", 90, "r-left"),
      effect("in", 150, "r-returned"),
    ];
    const entries = journal({
      hired: entry("applied", 11, "r-hired"),
      left,
      returned: entry("applied", 151, "r-returned"),
    });
    expect(findRegressions(history, happened, entries)).toEqual([]);
  });

  it("is one if its own decision is older than one that was journaled before, though a newer wants the same", () => {
    const entries = journal({ hired: entry("applied", 121, "r-hired"), left });
    expect(findRegressions(history, [effect("in", 120, "r-hired")], entries)).toEqual([
      'ada: "in" of hired took effect at 1970-01-01T00:00:00.120Z, after the newer left ("out") was journaled',
    ]);
  });

  it.each(["applied", "unchanged", "rejected"])("is one after a newer decision that is %s", (outcome) => {
    const two: DecisionHistory = [decision("hired", 1, "in"), decision("left", 2, "out")];
    expect(
      findRegressions(two, [effect("in", 101, "?")], journal({ left: entry(outcome, 100) })),
    ).toHaveLength(1);
  });

  it.each(["superseded", "deferred"])(
    "is none after a newer decision that is %s: that stands over nothing",
    (outcome) => {
      const two: DecisionHistory = [decision("hired", 1, "in"), decision("left", 2, "out")];
      expect(findRegressions(two, [effect("in", 101, "?")], journal({ left: entry(outcome, 100) }))).toEqual(
        [],
      );
    },
  );

  it("is none where the bus had copies of both decisions in no clear order", () => {
    const ofBus = (first: number, last: number) => ({ busTimes: { first, last } });
    const found = (last: number) =>
      findRegressions(
        [decision("hired", 1, "in", ofBus(1, last)), decision("left", 1, "out", ofBus(5, 5))],
        [effect("in", 120, "?")],
        journal({ left }),
      ).length;
    expect([found(9), found(1)]).toEqual([0, 1]);
  });

  it("is none before the newer decision was journaled, nor in the same millisecond", () => {
    const two: DecisionHistory = [decision("hired", 1, "in"), decision("left", 2, "out")];
    const happened = [effect("in", 99, "?"), effect("in", 100, "?")];
    expect(findRegressions(two, happened, journal({ left }))).toEqual([]);
  });

  it("of an unknown cause is none if a newer decision may have wanted it", () => {
    expect(findRegressions(history, [effect("in", 120, "?")], journal({ left }))).toEqual([]);
  });

  it("is none where the decision that stands is carried out once more", () => {
    const two: DecisionHistory = [decision("hired", 1, "in"), decision("left", 2, "out")];
    expect(findRegressions(two, [effect("out", 120, "again")], journal({ left }))).toEqual([]);
  });

  it("that nobody ever wanted is one", () => {
    const [found] = findRegressions(
      [decision("pro", 1, "Pro")],
      [effect("Basic", 120, "?")],
      journal({ pro: entry("applied", 100) }),
    );
    expect(found).toContain('"Basic" of no decision');
  });
});

describe("a journal entry that cannot be true", () => {
  const poisonCodes = ["BadRequestException", "UnprocessableEntityException"];
  const fine = { refusalOf: () => undefined, poison: undefined, poisonCodes };
  const poisonous = { ...fine, poison: "BadRequestException" };
  const rejected = (code: string) => ({ ...entry("rejected", 5), code });

  it("is an applied decision about somebody whose calls the directory always refuses, whichever it is", () => {
    const entries = journal({ old: entry("applied", 5, "r1"), new: rejected("BadRequestException") });
    expect(
      findImpossibleOutcomes([decision("old", 1, "in"), decision("new", 2)], poisonous, entries),
    ).toEqual([
      "ada: the journal says that old was applied, which the directory refuses (BadRequestException)",
    ]);
  });

  it("is an applied decision by the one change that the directory always refuses", () => {
    const refusals = {
      ...fine,
      refusalOf: (change: ChangeKind) => (change === "suspend" ? "Forbidden" : undefined),
    };
    const entries = journal({ old: entry("applied", 5, "r1"), new: entry("applied", 6, "r2") });
    expect(findImpossibleOutcomes([decision("old", 1, "in"), decision("new", 2)], refusals, entries)).toEqual(
      ["ada: the journal says that new was applied, which the directory refuses (Forbidden)"],
    );
  });

  it.each(["BadRequestException", "UnprocessableEntityException"])(
    "is a rejection by %s of somebody whom the directory does not refuse",
    (code) => {
      expect(findImpossibleOutcomes([decision("left", 1)], fine, journal({ left: rejected(code) }))).toEqual([
        `ada: left was rejected (${code}), though another person in its call was the culprit`,
      ]);
    },
  );

  it("is nothing else", () => {
    const found = [
      findImpossibleOutcomes([decision("left", 1)], fine, journal({ left: rejected("BadRequest") })),
      findImpossibleOutcomes([decision("left", 1)], fine, journal({ left: entry("applied", 5) })),
      findImpossibleOutcomes([decision("left", 1)], poisonous, journal({ left: entry("unchanged", 5) })),
      findImpossibleOutcomes([decision("left", 1)], poisonous, journal({})),
    ];
    expect(found.flat()).toEqual([]);
  });
});

describe("sessions after a leave", () => {
  const left = decision("left", 1, "out", { endsToo: ["session"] });
  const suspended = [effect("out", 50, "r1")];
  const ending = (at: number): DirectoryChange => ({
    ...effect("out", at, "r2"),
    aspect: "session",
    result: "ended",
  });
  const find = (
    endings: readonly DirectoryChange[],
    leftEntry = entry("applied", 90, "r1"),
    decided = left,
    hides = false,
  ) => findMissingEndings([decided], "session", suspended, endings, journal({ left: leftEntry }), hides);

  describe("a leave that the journal reports as done", () => {
    it("is sound if the session ended after the suspension, and before the entry was written", () => {
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

    it("may have an earlier ending where it is unknown which call suspended the person", () => {
      const unchanged = entry("unchanged", 90);
      expect([find([ending(40)], unchanged), find([], unchanged)]).toEqual([
        [],
        [expect.stringContaining("was done")],
      ]);
    });
  });

  describe("no ended session is required of", () => {
    it.each(["rejected", "superseded"])("a leave that was %s", (outcome) => {
      expect(find([], entry(outcome, 90))).toEqual([]);
    });

    it("a leave that found nobody, where the account hides whom it has suspended", () => {
      expect([find([], entry("unchanged", 90), left, true), find([], undefined, left, true).length]).toEqual([
        [],
        1,
      ]);
    });

    it("a leave whose suspension ends the session by itself", () => {
      expect(find([], undefined, decision("left", 1))).toEqual([]);
    });
  });
});

describe("duplicate invitations", () => {
  const history: DecisionHistory = [
    decision("hired", 1, "in"),
    decision("left", 2, "out"),
    decision("returned", 3, "in"),
  ];
  const hired = entry("applied", 20, "r1");
  const returned = entry("applied", 40, "r2");

  it("are none with one mail for each decision to let a person in", () => {
    expect(
      countDuplicateInvites(history, [mail(10, "r1"), mail(30, "r2")], journal({ hired, returned })),
    ).toBe(0);
  });

  it("are one if the response of the first mail was lost and it was sent again", () => {
    const mails = [mail(5, "lost"), mail(10, "r1"), mail(30, "r2")];
    expect(countDuplicateInvites(history, mails, journal({ hired, returned }))).toBe(1);
  });

  it("are none if the lost one was found to have arrived", () => {
    const entries = journal({ hired: entry("unchanged", 20), returned });
    expect(countDuplicateInvites(history, [mail(10, "lost"), mail(30, "r2")], entries)).toBe(0);
  });

  it("are none if a newer decision came before the lost one was retried", () => {
    const entries = journal({ hired: entry("superseded", 50), left: entry("applied", 45), returned });
    expect(countDuplicateInvites(history, [mail(10, "lost"), mail(30, "r2")], entries)).toBe(0);
  });

  it("are counted if the decision was journaled before the mail went out", () => {
    const entries = journal({ hired: entry("superseded", 5), returned });
    expect(countDuplicateInvites(history, [mail(10, "lost"), mail(30, "r2")], entries)).toBe(1);
  });

  it("are not explained by a leave, which sends no mail", () => {
    const entries = journal({ hired, left: entry("applied", 45), returned });
    expect(countDuplicateInvites(history, [mail(10, "r1"), mail(15, "lost"), mail(30, "r2")], entries)).toBe(
      1,
    );
  });

  it("are two if three mails went out for one decision", () => {
    const entries = journal({ hired: entry("unchanged", 40) });
    const mails = [mail(10, "a"), mail(20, "b"), mail(30, "c")];
    expect(countDuplicateInvites([decision("hired", 1, "in")], mails, entries)).toBe(2);
  });
});

describe("a call that may have led to a second mail", () => {
  const invite = { requestId: "r1", at: 100, mails: 2, isAnswered: true };
  const kill = { functionName: "rollcall-dev-onboard", startedAt: 90, killedAt: 110 };
  const nothing = journal({});
  const count = (...args: Parameters<typeof findUnconfirmedInvites>) =>
    findUnconfirmedInvites(...args).length;

  it("is one whose response was lost or unreadable, and none whose response arrived", () => {
    expect([count([{ ...invite, isAnswered: false }], [], nothing), count([invite], [], nothing)]).toEqual([
      1, 0,
    ]);
  });

  it("is one that was made during an invocation that was then killed", () => {
    const times = [89, 90, 110, 111].map((at) => count([{ ...invite, at }], [kill], nothing));
    expect(times).toEqual([0, 1, 1, 0]);
  });

  it("is none whose mails are all in the journal", () => {
    const one = journal({ a: entry("applied", 1, "r1") });
    const both = journal({ a: entry("applied", 1, "r1"), b: entry("applied", 1, "r1") });
    expect([one, both].map((entries) => count([invite], [kill], entries))).toEqual([1, 0]);
  });
});
