import { describe, expect, it } from "vitest";
import { type HistoryEvidence, mustEnd, verifyState } from "../../../../dev/chaos/oracle/verifyState.ts";
import type { ChangeKind } from "../../../../dev/directories/simulatedDirectory.ts";
import { decision, entry, follows, journal } from "./examples.ts";

describe("the state in the directory", () => {
  const usual: HistoryEvidence = {
    actual: "in",
    initial: "in",
    outcome: () => "applied",
    deadLetters: () => [],
    refusalOf: () => undefined,
    poison: undefined,
    codesOfUnknownCause: [
      "Conflict",
      "InviteFailed",
      "ConflictException",
      "ResourceLimitExceededException",
      "Teapot",
      "UnreadableAnswer",
      "UnattributableError",
    ],
    receives: () => 1,
    wasLiedAbout: () => false,
    isBinding: () => true,
    isGone: false,
    mayHaveHappened: new Set(),
    happened: () => false,
  };
  /** Verifies a person who was hired and then left, with this evidence. */
  const verify = (evidence: Partial<HistoryEvidence>, wants = "out", before = "in") =>
    verifyState([decision("old", 1, before), decision("new", 2, wants)], { ...usual, ...evidence }).kind;
  const rejectedBy = (code: string) => ({
    outcome: () => "rejected",
    deadLetters: (id: string) => (id === "new" ? [code] : []),
  });
  const refusedBy = (code: string) => ({ ...rejectedBy(code), refusalOf: () => code });

  it("is as decided if it is what the newest decision wants", () => {
    expect([verify({ actual: "out" }), verify({ actual: "Pro" }, "Pro", "Basic")]).toEqual([
      "asDecided",
      "asDecided",
    ]);
  });

  it("is wrong if it is what an older one wants", () => {
    expect(verify({ actual: "in" })).toBe("wrong");
  });

  it("may be as before where the target lied about the person in the call of the decision itself, and the journal believed it", () => {
    const lied = { wasLiedAbout: (id: string) => id === "new" };
    expect([
      verify({ actual: "in", ...lied }),
      verify({ actual: "Basic", initial: "Basic", ...lied }, "Pro", "Basic"),
      verify({ actual: "absent", ...lied }),
      verify({ actual: "in", ...lied, outcome: () => "unchanged" }),
      verify({ actual: "in", wasLiedAbout: (id) => id === "old" }),
      verify({ actual: "out", ...lied }),
    ]).toEqual(["believed", "believed", "wrong", "wrong", "wrong", "asDecided"]);
  });

  it("may have given way to a lower license that found nobody to be given to", () => {
    const lower = decision("#license:left", 2, "Basic", follows("left", { mayBeGone: true }));
    const verifyWith = (outcomeOfLower: string, actual: string) =>
      verifyState([decision("own", 1, "Pro"), lower], {
        ...usual,
        initial: "Plus",
        actual,
        isBinding: ({ id }) => id === "own",
        outcome: (id) => (id === "own" ? "superseded" : outcomeOfLower),
      }).kind;
    expect([
      verifyWith("unchanged", "Plus"),
      verifyWith("unchanged", "Basic"),
      verifyWith("superseded", "Plus"),
    ]).toEqual(["awaited", "wrong", "wrong"]);
  });

  it("may wait for a license of somebody whom the account hides, and changes nothing meanwhile", () => {
    const waiting = { isGone: true, outcome: () => "deferred" };
    expect([
      verify({ ...waiting, actual: "Plus", initial: "Plus" }, "Pro", "Basic"),
      verify({ ...waiting, actual: "Basic", initial: "Plus" }, "Pro", "Basic"),
      verify({ ...waiting, actual: "Pro", initial: "Plus" }, "Pro", "Basic"),
      verify({ ...waiting, actual: "Plus", initial: "Plus", isGone: false }, "Pro", "Basic"),
    ]).toEqual(["awaited", "awaited", "wrong", "wrong"]);
  });

  it.each(["nothing", "superseded", "deferred", "excluded"])(
    "is wrong, whatever it is, if the journal says %s of the newest decision",
    (outcome) => {
      expect(verify({ actual: "out", outcome: () => outcome })).toBe("wrong");
    },
  );

  describe("after the newest decision was refused for good", () => {
    it("may be what was there before, or what an older decision wants", () => {
      const kinds = [
        verify({ ...refusedBy("Forbidden"), actual: "in", initial: "out" }),
        verify({ ...refusedBy("Forbidden"), actual: "absent", initial: "absent" }),
        verify({ ...refusedBy("Forbidden"), actual: "Pro", initial: "Plus" }, "Basic", "Pro"),
      ];
      expect(kinds).toEqual(["refused", "refused", "refused"]);
    });

    it("is wrong if nobody ever wanted it", () => {
      expect(verify({ ...refusedBy("Forbidden"), actual: "Pro", initial: "Plus" }, "Basic", "Basic")).toBe(
        "wrong",
      );
    });

    it("is wrong if there is no dead letter, or one for another reason, or of another decision", () => {
      const refusalOf = () => "Forbidden";
      const kinds = [
        verify({ refusalOf, outcome: () => "rejected" }),
        verify({ ...rejectedBy("Throttled"), refusalOf }),
        verify({
          refusalOf,
          outcome: () => "rejected",
          deadLetters: (id) => (id === "old" ? ["Forbidden"] : []),
        }),
      ];
      expect(kinds).toEqual(["wrong", "wrong", "wrong"]);
    });

    it("is wrong if the directory refuses another change for good, and not this one", () => {
      const refusalOf = (change: ChangeKind) => (change === "letIn" ? "Forbidden" : undefined);
      expect(verify({ ...rejectedBy("Forbidden"), refusalOf })).toBe("wrong");
    });
  });

  describe("of somebody whose calls are always refused", () => {
    const poison = "BadRequestException";
    it("is refused, after however many receives", () => {
      const kinds = [1, 6].map((receives) =>
        verify({ ...rejectedBy(poison), poison, receives: () => receives }),
      );
      expect(kinds).toEqual(["refused", "refused"]);
    });

    it("is refused for an invitation by the same code, whatever the invitation itself would have met", () => {
      const evidence = { poison, refusalOf: () => "Forbidden", actual: "out" };
      expect([
        verify({ ...evidence, ...rejectedBy(poison) }, "in", "out"),
        verify({ ...evidence, ...rejectedBy("InviteFailed") }, "in", "out"),
      ]).toEqual(["refused", "wrong"]);
    });

    it("is wrong without the dead letter, and for a dead letter with another code or without a reason", () => {
      expect([
        verify({ poison, outcome: () => "rejected" }),
        verify({ ...rejectedBy("UnprocessableEntityException"), poison }),
        verify({ ...rejectedBy(poison), receives: () => 6 }),
      ]).toEqual(["wrong", "wrong", "wrong"]);
    });
  });

  describe("after the newest decision was given up", () => {
    const givenUp = { ...rejectedBy("Conflict"), receives: () => 6 };
    it("may be what was there before", () => {
      expect(verify(givenUp)).toBe("givenUp");
    });

    it.each([
      "ConflictException",
      "ResourceLimitExceededException",
      "Teapot",
      "UnreadableAnswer",
      "UnattributableError",
    ])("may be so for %s, even if the directory would always have refused it", (code) => {
      const evidence = { ...givenUp, ...rejectedBy(code) };
      const kinds = [
        verify(evidence),
        verify({ ...evidence, poison: "BadRequestException" }),
        verify({ ...evidence, refusalOf: () => "Forbidden" }),
      ];
      expect(kinds).toEqual(["givenUp", "givenUp", "givenUp"]);
    });

    it("is wrong if that was too early, or for a transient failure", () => {
      expect([
        verify({ ...givenUp, receives: () => 5 }),
        verify({ ...givenUp, ...rejectedBy("Throttled") }),
      ]).toEqual(["wrong", "wrong"]);
    });
  });

  describe("of a leaver whom the directory does not have", () => {
    const unknown = { ...rejectedBy("UserNotFound"), actual: "absent", initial: "absent" };
    it("is unknown with a dead letter", () => {
      expect(verify(unknown)).toBe("unknown");
    });

    it("is wrong without the dead letter, for a user whom it had before, and if they were let in nevertheless", () => {
      const kinds = [
        verify({ ...unknown, deadLetters: () => [] }),
        verify({ ...unknown, initial: "in" }),
        verify({ ...unknown, actual: "in" }),
      ];
      expect(kinds).toEqual(["wrong", "wrong", "wrong"]);
    });
  });

  describe("after a newer license that was void", () => {
    const licenses = [decision("old", 1, "Plus"), decision("new", 2, "Pro")] as const;
    const verifyVoid = (actual: string, evidence: Partial<HistoryEvidence> = {}) =>
      verifyState(licenses, { ...usual, isBinding: ({ id }) => id === "old", actual, ...evidence }).kind;

    it("is as the decision before it wants, or its effect from before it became void", () => {
      expect([verifyVoid("Plus"), verifyVoid("Pro", { happened: () => true })]).toEqual([
        "asDecided",
        "asDecided",
      ]);
    });

    it("is wrong if the run had no such effect", () => {
      expect([verifyVoid("Pro"), verifyVoid("Basic", { happened: () => true })]).toEqual(["wrong", "wrong"]);
    });

    it("is as before the run if nothing else was decided", () => {
      const alone = { isBinding: () => false, initial: "Basic" };
      expect([verifyVoid("Basic", alone), verifyVoid("absent", alone), verifyVoid("Plus", alone)]).toEqual([
        "asDecided",
        "asDecided",
        "wrong",
      ]);
    });
  });
});

describe("whether a decision has to have an outcome", () => {
  const hired = decision("hired", 1, "in");
  const license = decision("#license:hired", 1, "Pro", follows("hired"));
  const needless = decision("#license:hired", 1, "Basic", follows("hired", { isNeedless: true }));
  const left = decision("left", 2);
  const letIn = (outcome: string) => journal({ hired: entry(outcome, 10) });

  describe("a decision of HR", () => {
    it("has to have one, whatever the journal says", () => {
      expect([hired, left].map((each) => mustEnd(each, left, new Map()))).toEqual([true, true]);
    });
  });

  describe("a license that follows", () => {
    it("has to have one if the person was let in, and that is the newest decision", () => {
      expect(["applied", "unchanged"].map((outcome) => mustEnd(license, hired, letIn(outcome)))).toEqual([
        true,
        true,
      ]);
    });

    it("need not have one if they were not let in, have left again, or have it already", () => {
      expect([
        mustEnd(license, hired, letIn("rejected")),
        mustEnd(license, hired, new Map()),
        mustEnd(license, left, letIn("applied")),
        mustEnd(needless, hired, letIn("applied")),
      ]).toEqual([false, false, false, false]);
    });

    it("need not change anything for a leaver whom the account hides", () => {
      const lower = decision("#license:left", 2, "Basic", follows("left", { mayBeGone: true }));
      const entries = (outcome: string) =>
        journal({ left: entry("applied", 10), "#license:left": entry(outcome, 20) });
      expect([
        mustEnd(lower, left, journal({ left: entry("applied", 10) })),
        mustEnd(lower, left, entries("applied")),
        mustEnd(lower, left, entries("unchanged")),
      ]).toEqual([true, true, false]);
    });

    it.each(["applied", "unchanged", "rejected"])("has to have one if the journal says %s", (outcome) => {
      const entries = new Map([...letIn("applied"), ["#license:hired", entry(outcome, 20)]]);
      expect([mustEnd(license, left, entries), mustEnd(needless, hired, entries)]).toEqual([true, true]);
    });

    it("need not have one if the journal says superseded", () => {
      const entries = new Map([...letIn("applied"), ["#license:hired", entry("superseded", 20)]]);
      expect(mustEnd(license, left, entries)).toBe(false);
    });
  });
});
