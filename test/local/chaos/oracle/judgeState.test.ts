import { describe, expect, it } from "vitest";
import { type Evidence, judgeState } from "../../../../src/local/chaos/oracle/judgeState.ts";
import { decision } from "./examples.ts";

const usual: Evidence = {
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
const judge = (evidence: Partial<Evidence>, wants = "out", before = "in") =>
  judgeState([decision("old", 1, before), decision("new", 2, wants)], { ...usual, ...evidence }).kind;
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
      const judged = [1, 6].map((receives) => judge({ ...deadBy(poison), poison, receives: () => receives }));
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
    const judgeVoid = (actual: string, evidence: Partial<Evidence> = {}) =>
      judgeState(licenses, { ...usual, isBinding: ({ id }) => id === "old", actual, ...evidence }).kind;

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
