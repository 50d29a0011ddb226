import { describe, expect, it } from "vitest";
import { type HistoryEvidence, mustEnd, verifyState } from "../../../../dev/chaos/oracle/verifyState.ts";
import { decision, entry, follows, journal } from "./examples.ts";

describe("judgeState", () => {
  const usual: HistoryEvidence = {
    actual: "in",
    initial: "in",
    outcome: () => "applied",
    deadLetters: () => [],
    permanentCode: () => undefined,
    poison: undefined,
    receives: () => 1,
    isBinding: () => true,
    happened: () => false,
  };
  /** A person who was hired and then left, and of whom no more is known than this. */
  const judge = (evidence: Partial<HistoryEvidence>, wants = "out", before = "in") =>
    verifyState([decision("old", 1, before), decision("new", 2, wants)], { ...usual, ...evidence }).kind;
  const deadBy = (code: string) => ({
    outcome: () => "rejected",
    deadLetters: (id: string) => (id === "new" ? [code] : []),
  });
  const refusedBy = (code: string) => ({ ...deadBy(code), permanentCode: () => code });

  describe("what the directory shows", () => {
    it("is as decided if it is what the newest decision wants", () => {
      expect([judge({ actual: "out" }), judge({ actual: "Pro" }, "Pro", "Basic")]).toEqual([
        "asDecided",
        "asDecided",
      ]);
    });

    it("is wrong if it is what an older one wants", () => {
      expect(judge({ actual: "in" })).toBe("wrong");
    });

    it.each(["nothing", "superseded", "deferred", "excluded"])(
      "is wrong, whatever it is, if the journal says %s of the newest decision",
      (outcome) => {
        expect(judge({ actual: "out", outcome: () => outcome })).toBe("wrong");
      },
    );

    describe("after the newest decision was refused for good", () => {
      it("may be what was there before, or what an older decision wants", () => {
        const judged = [
          judge({ ...refusedBy("Forbidden"), actual: "in", initial: "out" }),
          judge({ ...refusedBy("Forbidden"), actual: "absent", initial: "absent" }),
          judge({ ...refusedBy("Forbidden"), actual: "Pro", initial: "Plus" }, "Basic", "Pro"),
        ];
        expect(judged).toEqual(["refused", "refused", "refused"]);
      });

      it("is wrong if nobody ever wanted it", () => {
        expect(judge({ ...refusedBy("Forbidden"), actual: "Pro", initial: "Plus" }, "Basic", "Basic")).toBe(
          "wrong",
        );
      });

      it("is wrong if there is no dead letter, or one for another reason, or of another decision", () => {
        const permanentCode = () => "Forbidden";
        const judged = [
          judge({ permanentCode, outcome: () => "rejected" }),
          judge({ ...deadBy("Throttled"), permanentCode }),
          judge({
            permanentCode,
            outcome: () => "rejected",
            deadLetters: (id) => (id === "old" ? ["Forbidden"] : []),
          }),
        ];
        expect(judged).toEqual(["wrong", "wrong", "wrong"]);
      });

      it("is wrong if Chime refuses another operation for good, and not this one", () => {
        const permanentCode = (operation: string) => (operation === "InviteUsers" ? "Forbidden" : undefined);
        expect(judge({ ...deadBy("Forbidden"), permanentCode })).toBe("wrong");
      });

      it("of an invitation is told by the letter that the invitation failed", () => {
        const failed = { ...deadBy("InviteFailed"), permanentCode: () => "Forbidden", actual: "out" };
        expect(judge(failed, "in", "out")).toBe("refused");
      });
    });

    describe("of somebody for whom every call is refused", () => {
      const poison = "BadRequestException";
      it("is refused, however soon that was found out", () => {
        const judged = [1, 6].map((receives) =>
          judge({ ...deadBy(poison), poison, receives: () => receives }),
        );
        expect(judged).toEqual(["refused", "refused"]);
      });

      it("is refused by an invitation's call by the same letter, whatever the invitation would have met", () => {
        const evidence = { poison, permanentCode: () => "Forbidden", actual: "out" };
        expect([
          judge({ ...evidence, ...deadBy(poison) }, "in", "out"),
          judge({ ...evidence, ...deadBy("InviteFailed") }, "in", "out"),
        ]).toEqual(["refused", "wrong"]);
      });

      it("is wrong without the letter, and if it is the letter of a good one", () => {
        expect([
          judge({ poison, outcome: () => "rejected" }),
          judge({ ...deadBy("UnprocessableEntityException"), poison }),
          judge({ ...deadBy(poison), receives: () => 6 }),
        ]).toEqual(["wrong", "wrong", "wrong"]);
      });
    });

    describe("after the newest decision was given up", () => {
      const givenUp = { ...deadBy("Conflict"), receives: () => 6 };
      it("may be what was there before", () => {
        expect(judge(givenUp)).toBe("givenUp");
      });

      it.each([
        "ConflictException",
        "ResourceLimitExceededException",
        "Teapot",
        "UnreadableAnswer",
        "UnattributableError",
      ])("may be so for %s, even where they would have been refused for good", (code) => {
        const evidence = { ...givenUp, ...deadBy(code) };
        const judged = [
          judge(evidence),
          judge({ ...evidence, poison: "BadRequestException" }),
          judge({ ...evidence, permanentCode: () => "Forbidden" }),
        ];
        expect(judged).toEqual(["givenUp", "givenUp", "givenUp"]);
      });

      it("is wrong if that was too soon, or for a failure that passes", () => {
        expect([
          judge({ ...givenUp, receives: () => 5 }),
          judge({ ...givenUp, ...deadBy("Throttled") }),
        ]).toEqual(["wrong", "wrong"]);
      });
    });

    describe("of a leaver whom the directory does not know", () => {
      const unknown = { ...deadBy("UserNotFound"), actual: "absent", initial: "absent" };
      it("is nothing, and there is a dead letter", () => {
        expect(judge(unknown)).toBe("unknown");
      });

      it("is wrong without the dead letter, for somebody it knew before, and if they were let in after all", () => {
        const judged = [
          judge({ ...unknown, deadLetters: () => [] }),
          judge({ ...unknown, initial: "in" }),
          judge({ ...unknown, actual: "in" }),
        ];
        expect(judged).toEqual(["wrong", "wrong", "wrong"]);
      });
    });

    describe("after a newer license that was void", () => {
      const licenses = [decision("old", 1, "Plus"), decision("new", 2, "Pro")] as const;
      const judgeVoid = (actual: string, evidence: Partial<HistoryEvidence> = {}) =>
        verifyState(licenses, { ...usual, isBinding: ({ id }) => id === "old", actual, ...evidence }).kind;

      it("is what was decided before it, or what it brought about before it became void", () => {
        expect([judgeVoid("Plus"), judgeVoid("Pro", { happened: () => true })]).toEqual([
          "asDecided",
          "asDecided",
        ]);
      });

      it("is wrong if nothing has brought it about", () => {
        expect([judgeVoid("Pro"), judgeVoid("Basic", { happened: () => true })]).toEqual(["wrong", "wrong"]);
      });

      it("is what was there before if nothing else was decided", () => {
        const alone = { isBinding: () => false, initial: "Basic" };
        expect([judgeVoid("Basic", alone), judgeVoid("absent", alone), judgeVoid("Plus", alone)]).toEqual([
          "asDecided",
          "asDecided",
          "wrong",
        ]);
      });
    });
  });
});

describe("isBinding", () => {
  const hired = decision("hired", 1, "in");
  const license = decision("#license:hired", 1, "Pro", follows("hired"));
  const needless = decision("#license:hired", 1, "Basic", follows("hired", true));
  const left = decision("left", 2);
  const letIn = (outcome: string) => journal({ hired: entry(outcome, 10) });

  describe("a decision", () => {
    it("of HR has to come to its end, whatever the journal says", () => {
      expect([hired, left].map((each) => mustEnd(each, left, new Map()))).toEqual([true, true]);
    });
  });

  describe("a license that follows", () => {
    it("has to come if the person was let in, and that is the newest decision", () => {
      expect(["applied", "unchanged"].map((outcome) => mustEnd(license, hired, letIn(outcome)))).toEqual([
        true,
        true,
      ]);
    });

    it("has not to come if they were not let in, have left again, or have it already", () => {
      expect([
        mustEnd(license, hired, letIn("rejected")),
        mustEnd(license, hired, new Map()),
        mustEnd(license, left, letIn("applied")),
        mustEnd(needless, hired, letIn("applied")),
      ]).toEqual([false, false, false, false]);
    });

    it.each(["applied", "unchanged", "rejected"])("counts if it was %s all the same", (outcome) => {
      const entries = new Map([...letIn("applied"), ["#license:hired", entry(outcome, 20)]]);
      expect([mustEnd(license, left, entries), mustEnd(needless, hired, entries)]).toEqual([true, true]);
    });

    it("does not count where the journal says that it is void", () => {
      const entries = new Map([...letIn("applied"), ["#license:hired", entry("superseded", 20)]]);
      expect(mustEnd(license, left, entries)).toBe(false);
    });
  });
});
