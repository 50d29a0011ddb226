import { describe, expect, it } from "vitest";
import { judgeRun, type Remains } from "../../../../src/local/chaos/oracle/judgeRun.ts";
import type { LoggedCall } from "../../../../src/local/chime/callLog.ts";
import { decision, entry, journal } from "./examples.ts";

const suspension: LoggedCall = {
  sequence: 1,
  at: 50,
  operation: "BatchSuspendUser",
  accountId: "team",
  users: [{ sent: "id-ada", id: "id-ada", email: "ada@example.com" }],
  query: {},
  body: undefined,
  requestId: "r1",
  userErrors: [],
  mailedTo: [],
  tookEffect: true,
  answered: true,
};
const person = (personId: string) => ({
  personId,
  email: `${personId}@example.com`,
  accountId: "team",
  userId: `id-${personId}`,
});

/** A run in which Ada left, and all went well. */
const sound: Remains = {
  decisions: [decision("left", 1)],
  people: [person("ada"), person("bob")],
  before: new Map([["ada", { access: "in", license: "Pro" }]]),
  after: new Map([["ada", { access: "out", license: "Pro" }]]),
  journal: journal({ left: entry("applied", 60, "r1") }),
  deadLetters: new Map(),
  receives: new Map(),
  calls: [suspension],
  faults: new Map(),
  permanentCode: () => undefined,
  poison: () => undefined,
  kills: [],
};

describe("the judgement of a run", () => {
  it("finds nothing where all is as decided", () => {
    expect(judgeRun(sound)).toEqual({
      lost: [],
      wrongState: [],
      regressions: [],
      duplicateInvites: 0,
      invitedTwice: [],
      allowedDuplicateInvites: 0,
      standings: { asDecided: 1, refused: 0, givenUp: 0, unknown: 0 },
    });
  });

  it("finds an event that left no trace, and does not miss one that is a dead letter only", () => {
    const gone = {
      ...sound,
      decisions: [...sound.decisions, decision("gone", 0, "Pro", { personId: "bob" })],
    };
    const dead = { ...gone, deadLetters: new Map([["gone", ["UserNotFound"]]]) };
    expect([judgeRun(gone).lost, judgeRun(dead).lost]).toEqual([["gone"], []]);
  });

  it("finds who is not as decided, and tells what is known of them", () => {
    const { wrongState } = judgeRun({ ...sound, after: sound.before });
    expect(wrongState).toEqual([
      expect.stringMatching(
        /^ada: expected "out" by left; the directory shows "in".*\n.*left "out": applied.*\n.*happened/s,
      ),
    ]);
  });

  it("finds what happened to somebody about whom nobody had decided anything", () => {
    const users = [...suspension.users, { sent: "id-bob", id: "id-bob", email: "bob@example.com" }];
    const strangers = { ...suspension, users: [...users, { sent: "x", id: "x", email: "x@example.com" }] };
    expect(judgeRun({ ...sound, calls: [strangers] }).wrongState).toEqual([
      'bob access: "out" happened, and nobody had decided anything',
      'team x@example.com access: "out" happened, and nobody had decided anything',
    ]);
  });

  describe("in which Bob spoilt a call that carried Ada too", () => {
    const poison = "BadRequestException";
    const spoilt: Remains = {
      ...sound,
      decisions: [...sound.decisions, decision("bad", 1, "out", { personId: "bob" })],
      before: new Map([...sound.before, ["bob", { access: "in", license: "Pro" }]]),
      after: new Map([...sound.after, ["bob", { access: "in", license: "Pro" }]]),
      journal: new Map([...sound.journal, ["bad", { ...entry("rejected", 70, "r2"), code: poison }]]),
      deadLetters: new Map([["bad", [poison]]]),
      poison: (address) => (address === "bob@example.com" ? poison : undefined),
    };
    const lettersOf = (...ids: string[]) => new Map(ids.map((id) => [id, [poison]]));
    const rejectedAs = (id: string) => new Map([[id, { ...entry("rejected", 60), code: poison }]]);

    it("finds nothing if he is refused and she is served", () => {
      expect(judgeRun(spoilt)).toMatchObject({
        lost: [],
        wrongState: [],
        regressions: [],
        standings: { asDecided: 1, refused: 1 },
      });
    });

    it("finds that she was forgotten", () => {
      const forgotten = judgeRun({
        ...spoilt,
        calls: [],
        after: spoilt.before,
        journal: new Map([...spoilt.journal].filter(([id]) => id === "bad")),
      });
      expect([forgotten.lost, forgotten.wrongState.length]).toEqual([["left"], 1]);
    });

    it("finds that she was given up with him, at once or after six receives, or called served", () => {
      const unserved = { ...spoilt, calls: [], after: spoilt.before };
      const givenUp = {
        ...unserved,
        journal: new Map([...spoilt.journal, ...rejectedAs("left")]),
        deadLetters: lettersOf("bad", "left"),
        receives: new Map([["left", 6]]),
      };
      const sentences = [givenUp, unserved].map((remains) => judgeRun(remains).wrongState.join("\n"));
      expect(sentences).toEqual([
        expect.stringMatching(
          /^ada: expected "out".*ada: left was rejected \(BadRequestException\) for what/s,
        ),
        expect.stringMatching(/^ada: expected "out"/),
      ]);
    });

    it("finds that she was blamed for him, even where nothing is missing", () => {
      const blamed = { ...spoilt, journal: new Map([...spoilt.journal, ...rejectedAs("left")]) };
      expect(judgeRun(blamed).wrongState).toEqual([expect.stringMatching(/^ada: left was rejected/)]);
    });

    it("finds that he was called served, even where the directory is as decided", () => {
      const applied = {
        ...spoilt,
        journal: new Map([...spoilt.journal, ["bad", entry("applied", 70, "r2")]]),
        deadLetters: new Map(),
      };
      const already = {
        ...applied,
        after: new Map([...spoilt.after, ["bob", { access: "out", license: "Pro" }]]),
      };
      const sentences = [applied, already].map((remains) => judgeRun(remains).wrongState.join("\n"));
      const claim =
        "bob: the journal says that bad was applied, which Chime refuses \\(BadRequestException\\)";
      expect(sentences).toEqual([
        expect.stringMatching(new RegExp(`^bob: expected "out".*${claim}`, "s")),
        expect.stringMatching(new RegExp(`^${claim}`)),
      ]);
    });
  });

  it("does not mix up a person's access and license", () => {
    const relicensed = {
      ...sound,
      decisions: [...sound.decisions, decision("pro", 0, "Pro")],
      journal: journal({ left: entry("applied", 60, "r1"), pro: entry("unchanged", 10) }),
    };
    expect(judgeRun(relicensed)).toMatchObject({
      wrongState: [],
      regressions: [],
      standings: { asDecided: 2 },
    });
  });
});
