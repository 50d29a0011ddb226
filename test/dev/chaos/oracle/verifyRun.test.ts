import { describe, expect, it } from "vitest";
import { type RunEvidence, verifyRun } from "../../../../dev/chaos/oracle/verifyRun.ts";
import type { DirectoryChange } from "../../../../dev/directories/simulatedDirectory.ts";
import { decision, entry, follows, journal } from "./examples.ts";

const suspension: DirectoryChange = {
  accountId: "team",
  address: "ada@example.com",
  aspect: "access",
  result: "out",
  isMail: false,
  requestId: "r1",
  at: 50,
};
const suspensionOf = (name: string): DirectoryChange => ({
  ...suspension,
  address: `${name}@example.com`,
  requestId: "r2",
});
const person = (personId: string) => ({
  personId,
  email: `${personId}@example.com`,
  accountId: "team",
  userId: `id-${personId}`,
});

const faultless = {
  refusalOf: () => undefined,
  poisonOf: () => undefined,
  poisonCodes: ["BadRequestException", "UnprocessableEntityException"],
  codesOfUnknownCause: [],
  liedAbout: () => false,
};

/** A run in which Ada left, and all went well. */
const sound: RunEvidence = {
  decisions: [decision("left", 1)],
  deadByCode: new Map(),
  hidesSuspended: () => false,
  people: [person("ada"), person("bob")],
  defaultLicense: () => "Basic",
  before: new Map([["ada", { access: "in", license: "Pro" }]]),
  after: new Map([["ada", { access: "out", license: "Pro" }]]),
  journal: journal({ left: entry("applied", 60, "r1") }),
  deadLetters: new Map(),
  discards: { tried: new Set(), done: new Set() },
  receives: new Map(),
  changes: [suspension],
  invitations: [],
  faultsOf: () => faultless,
  kills: [],
};

describe("the verification of a run", () => {
  it("finds nothing where all is as decided", () => {
    expect(verifyRun(sound)).toEqual({
      lost: [],
      wrongState: [],
      regressions: [],
      duplicateInvites: 0,
      invitedTwice: [],
      allowedDuplicateInvites: 0,
      standings: { asDecided: 1, refused: 0, givenUp: 0, awaited: 0, unknown: 0, believed: 0 },
    });
  });

  it("finds an event that is in neither the journal nor a dead-letter queue", () => {
    const gone = {
      ...sound,
      decisions: [...sound.decisions, decision("gone", 0, "Pro", { personId: "bob" })],
    };
    const dead = { ...gone, deadLetters: new Map([["gone", ["UserNotFound"]]]) };
    expect([verifyRun(gone).lost, verifyRun(dead).lost]).toEqual([["gone"], []]);
  });

  it("finds events that had to be dead letters and are lost, taken for others, or refused for another reason", () => {
    const withBad = { ...sound, deadByCode: new Map([["bad", "Malformed"]]) };
    const dead = (code: string) => ({ ...withBad, deadLetters: new Map([["bad", [code]]]) });
    const taken = {
      ...withBad,
      journal: journal({ left: entry("applied", 60, "r1"), bad: entry("applied", 60) }),
    };
    expect([
      verifyRun(withBad).lost,
      verifyRun(dead("Malformed")).lost,
      verifyRun(dead("Malformed")).wrongState,
      verifyRun(dead("Undelivered")).wrongState,
      verifyRun(taken).wrongState,
    ]).toEqual([
      ["bad"],
      [],
      [],
      ["bad is to be a dead letter (Malformed), and is one by Undelivered"],
      ['bad is to be a dead letter (Malformed), and the journal says "applied" of it'],
    ]);
  });

  it("finds that one of two users with one address was changed", () => {
    const shared = { ...sound, deadByCode: new Map([["either", "AddressShared"]]) };
    const { wrongState } = verifyRun({
      ...shared,
      journal: new Map([...sound.journal, ["either", { ...entry("rejected", 60), code: "AddressShared" }]]),
      deadLetters: new Map([["either", ["AddressShared"]]]),
      changes: [suspension, suspensionOf("mailbox")],
    });
    expect(wrongState).toEqual(['team mailbox@example.com access: "out" happened without any decision']);
  });

  describe("in which Ada and Bob share an id", () => {
    const refused = { ...entry("rejected", 70), code: "PersonAmbiguous" };
    const sharing: RunEvidence = {
      ...sound,
      people: sound.people.map((each) => ({ ...each, sharedId: "1042" })),
      decisions: [...sound.decisions, decision("either", 2, "out", { personId: "bob" })],
      before: new Map([...sound.before, ["bob", { access: "in", license: "Pro" }]]),
      after: new Map([...sound.after, ["bob", { access: "in", license: "Pro" }]]),
      journal: new Map([...sound.journal, ["either", refused]]),
      deadLetters: new Map([["either", ["PersonAmbiguous"]]]),
    };

    it("finds nothing if his leave is a dead letter, and he stays in", () => {
      expect(verifyRun(sharing)).toMatchObject({ lost: [], wrongState: [], standings: { asDecided: 1 } });
    });

    it("finds that he was suspended all the same", () => {
      expect(verifyRun({ ...sharing, changes: [suspension, suspensionOf("bob")] }).wrongState).toEqual([
        'bob access: "out" happened without any decision',
      ]);
    });

    it("knows that an earlier try may have suspended him before his leave was refused", () => {
      const changes = [suspension, suspensionOf("bob")];
      const receives = new Map([["either", 2]]);
      expect(verifyRun({ ...sharing, receives, changes }).wrongState).toEqual([]);
    });

    it("finds that his leave stood in the place of hers", () => {
      const journalOf = journal({
        left: { ...entry("superseded", 60), code: "either" },
        either: entry("applied", 70, "r1"),
      });
      const { wrongState } = verifyRun({
        ...sharing,
        journal: journalOf,
        after: sharing.before,
        changes: [],
      });
      expect(wrongState).toEqual(
        expect.arrayContaining([
          "ada: left gave way to either, which is about bob",
          expect.stringMatching(/^ada: left is the newest decision, and the journal says "superseded"/),
        ]),
      );
    });
  });

  describe("in which Ada left, and her license was lowered a day later", () => {
    const lower = decision("#license:left", 1, "Basic", { ...follows("left"), effectiveAt: 9_999 });
    const lowered: RunEvidence = {
      ...sound,
      decisions: [...sound.decisions, lower],
      after: new Map([["ada", { access: "out", license: "Basic" }]]),
      journal: new Map([...sound.journal, ["#license:left", entry("applied", 80, "r2")]]),
    };
    const unlowered = { ...lowered, after: sound.after };

    it("finds nothing if she has it", () => {
      expect(verifyRun(lowered)).toMatchObject({ lost: [], wrongState: [], standings: { asDecided: 2 } });
    });

    it("finds that it never came, or that she keeps her own", () => {
      const never = verifyRun({ ...unlowered, journal: sound.journal });
      expect([never.lost, never.wrongState.length, verifyRun(unlowered).wrongState]).toEqual([
        ["#license:left"],
        1,
        [expect.stringMatching(/^ada: expected "Basic" by #license:left; the directory shows "Pro"/)],
      ]);
    });

    it("asks for none if the account hides her, and finds that it was lowered before she came back", () => {
      const gone = decision("#license:left", 1, "Basic", {
        ...follows("left", { mayBeGone: true }),
        effectiveAt: 9_999,
      });
      const hidden = {
        ...unlowered,
        decisions: [...sound.decisions, gone],
        journal: new Map([...sound.journal, ["#license:left", entry("unchanged", 80)]]),
        hidesSuspended: () => true,
      };
      const back = {
        ...lowered,
        decisions: [...lowered.decisions, decision("back", 3, "in")],
        after: new Map([["ada", { access: "in", license: "Basic" }]]),
        journal: new Map([...sound.journal, ["back", entry("applied", 90, "r3")]]),
      };
      expect([verifyRun(hidden).wrongState, verifyRun(back).wrongState]).toEqual([
        [],
        [expect.stringMatching(/^ada: the directory shows "Basic" instead of "Pro", which nobody decided/)],
      ]);
    });
  });

  it("finds people who are not as decided, with their decisions and effects", () => {
    const { wrongState } = verifyRun({ ...sound, after: sound.before });
    expect(wrongState).toEqual([
      expect.stringMatching(
        /^ada: expected "out" by left; the directory shows "in".*\n.*left "out": applied.*\n.*happened/s,
      ),
    ]);
  });

  it("finds an effect on a person without any decision", () => {
    const changes = [suspension, suspensionOf("bob"), suspensionOf("x")];
    expect(verifyRun({ ...sound, changes }).wrongState).toEqual([
      'bob access: "out" happened without any decision',
      'team x@example.com access: "out" happened without any decision',
    ]);
  });

  describe("in which a call was refused because of Bob and carried Ada too", () => {
    const poison = "BadRequestException";
    const refusedCall: RunEvidence = {
      ...sound,
      decisions: [...sound.decisions, decision("bad", 1, "out", { personId: "bob" })],
      before: new Map([...sound.before, ["bob", { access: "in", license: "Pro" }]]),
      after: new Map([...sound.after, ["bob", { access: "in", license: "Pro" }]]),
      journal: new Map([...sound.journal, ["bad", { ...entry("rejected", 70, "r2"), code: poison }]]),
      deadLetters: new Map([["bad", [poison]]]),
      faultsOf: () => ({
        ...faultless,
        poisonOf: (address) => (address === "bob@example.com" ? poison : undefined),
      }),
    };
    const deadLettersOf = (...ids: string[]) => new Map(ids.map((id) => [id, [poison]]));
    const rejectedAs = (id: string) => new Map([[id, { ...entry("rejected", 60), code: poison }]]);

    it("finds nothing if he is rejected and she is suspended", () => {
      expect(verifyRun(refusedCall)).toMatchObject({
        lost: [],
        wrongState: [],
        regressions: [],
        standings: { asDecided: 1, refused: 1 },
      });
    });

    it("finds that she was not suspended", () => {
      const forgotten = verifyRun({
        ...refusedCall,
        changes: [],
        after: refusedCall.before,
        journal: new Map([...refusedCall.journal].filter(([id]) => id === "bad")),
      });
      expect([forgotten.lost, forgotten.wrongState.length]).toEqual([["left"], 1]);
    });

    it("finds that she was rejected with him, at once or after six receives, or reported as suspended", () => {
      const unsuspended = { ...refusedCall, changes: [], after: refusedCall.before };
      const givenUp = {
        ...unsuspended,
        journal: new Map([...refusedCall.journal, ...rejectedAs("left")]),
        deadLetters: deadLettersOf("bad", "left"),
        receives: new Map([["left", 6]]),
      };
      const sentences = [givenUp, unsuspended].map((run) => verifyRun(run).wrongState.join("\n"));
      expect(sentences).toEqual([
        expect.stringMatching(
          /^ada: expected "out".*ada: left was rejected \(BadRequestException\), though another/s,
        ),
        expect.stringMatching(/^ada: expected "out"/),
      ]);
    });

    it("finds that she was rejected as the culprit, even if she was suspended", () => {
      const blamed = { ...refusedCall, journal: new Map([...refusedCall.journal, ...rejectedAs("left")]) };
      expect(verifyRun(blamed).wrongState).toEqual([expect.stringMatching(/^ada: left was rejected/)]);
    });

    it("finds that he was reported as suspended, even if the directory is as decided", () => {
      const applied = {
        ...refusedCall,
        journal: new Map([...refusedCall.journal, ["bad", entry("applied", 70, "r2")]]),
        deadLetters: new Map(),
      };
      const already = {
        ...applied,
        after: new Map([...refusedCall.after, ["bob", { access: "out", license: "Pro" }]]),
      };
      const sentences = [applied, already].map((run) => verifyRun(run).wrongState.join("\n"));
      const claim =
        "bob: the journal says that bad was applied, which the directory refuses \\(BadRequestException\\)";
      expect(sentences).toEqual([
        expect.stringMatching(new RegExp(`^bob: expected "out".*${claim}`, "s")),
        expect.stringMatching(new RegExp(`^${claim}`)),
      ]);
    });
  });

  it("finds a session that was not ended although it had to be, and one that was ended without a decision", () => {
    const leave = { ...sound, decisions: [decision("left", 1, "out", { endsToo: ["session"] })] };
    const ended = { aspect: "session", result: "ended", at: 55, requestId: "r2" } as const;
    const signOut: DirectoryChange = { ...suspension, ...ended };
    const ofBob = { ...suspensionOf("bob"), ...ended };
    const wrong = [[suspension], [suspension, signOut], [suspension, signOut, ofBob]].map(
      (changes) => verifyRun({ ...leave, changes }).wrongState,
    );
    expect(wrong).toEqual([
      ["ada: the journal says that left was done, and the session was not ended"],
      [],
      ['bob session: "ended" happened without any decision'],
    ]);
  });

  it("finds a PIN that was not replaced, and one that was replaced without a decision", () => {
    const leave = { ...sound, decisions: [decision("left", 1, "out", { endsToo: ["pin"] })] };
    const replaced = { aspect: "pin", result: "replaced", at: 55 } as const;
    const ofAda: DirectoryChange = { ...suspension, ...replaced };
    const ofBob = { ...suspensionOf("bob"), ...replaced };
    const wrong = [[suspension], [suspension, ofAda], [suspension, ofAda, ofBob]].map(
      (changes) => verifyRun({ ...leave, changes }).wrongState,
    );
    expect(wrong).toEqual([
      ["ada: the journal says that left was done, and the PIN was not replaced"],
      [],
      ['bob pin: "replaced" happened without any decision'],
    ]);
  });

  describe("a leave that was held and discarded", () => {
    const discarded: RunEvidence = {
      ...sound,
      decisions: [decision("hired", 1, "in"), decision("left", 2)],
      journal: journal({ hired: entry("applied", 10, "r0"), left: entry("discarded", 60) }),
      after: sound.before,
      changes: [],
    };
    const tried = { tried: new Set(["left"]), done: new Set(["left"]) };

    it("is as good as never made", () => {
      expect(verifyRun({ ...discarded, discards: tried })).toMatchObject({
        wrongState: [],
        regressions: [],
        standings: { asDecided: 1 },
      });
    });

    it("must not be carried out", () => {
      const { wrongState } = verifyRun({
        ...discarded,
        ...{ after: sound.after, changes: [suspension] },
        discards: tried,
      });
      expect(wrongState).toEqual([
        expect.stringContaining('expected "in" by hired; the directory shows "out"'),
      ]);
    });

    it("must have been discarded by somebody, and stay so", () => {
      const applied = journal({ hired: entry("applied", 10, "r0"), left: entry("applied", 60, "r1") });
      expect([
        verifyRun(discarded).wrongState,
        verifyRun({ ...sound, discards: tried, decisions: discarded.decisions, journal: applied }).wrongState,
      ]).toEqual([
        ["ada: the journal says that left was discarded, which nobody did"],
        ['ada: left was discarded, and the journal says "applied"'],
      ]);
    });

    it("may have superseded what is not carried out any more", () => {
      const superseded = { ...entry("superseded", 20), code: "left" };
      const gone = { ...discarded, discards: tried, after: sound.after, before: sound.after };
      const verified = (hired: typeof superseded) =>
        verifyRun({ ...gone, journal: journal({ hired, left: entry("discarded", 60) }) }).wrongState.length;
      expect([verified(superseded), verified({ ...superseded, code: "another" })]).toEqual([0, 1]);
    });
  });

  describe("a leave of a later day that waited, decided before a return", () => {
    const decisions = [
      decision("december", 1, "out", { effectiveAt: 90 }),
      decision("sick", 2),
      decision("back", 3, "in"),
    ];
    const came = { ...entry("applied", 95, "r2"), waited: true } as const;
    const ended: RunEvidence = {
      ...sound,
      decisions,
      journal: journal({
        december: came,
        sick: entry("applied", 20, "r0"),
        back: entry("applied", 30, "r1"),
      }),
      changes: [{ ...suspension, requestId: "r2", at: 95 }],
    };

    it("may come after it, where that has ended another leave, and then has to show", () => {
      const shows = (access: string) => new Map([["ada", { access, license: "Pro" }]]);
      expect([verifyRun(ended), verifyRun({ ...ended, after: shows("in") })]).toMatchObject([
        { wrongState: [], regressions: [] },
        { wrongState: [expect.stringContaining('expected "out" by december')] },
      ]);
    });

    it.each([
      ["has not waited", { december: entry("applied", 95, "r2") }, decisions],
      ["had no other leave before it", { december: came }, decisions.filter(({ id }) => id !== "sick")],
    ])("must not if it %s", (_, entries, made) => {
      const run = { ...ended, decisions: made, journal: new Map([...ended.journal, ...journal(entries)]) };
      expect(verifyRun(run)).toMatchObject({
        wrongState: [expect.stringContaining('expected "in" by back')],
        regressions: [expect.stringContaining("after the newer back")],
      });
    });
  });

  it("does not mix up a person's access and license", () => {
    const relicensed = {
      ...sound,
      decisions: [...sound.decisions, decision("pro", 0, "Pro")],
      journal: journal({ left: entry("applied", 60, "r1"), pro: entry("unchanged", 10) }),
    };
    expect(verifyRun(relicensed)).toMatchObject({
      wrongState: [],
      regressions: [],
      standings: { asDecided: 2 },
    });
  });

  describe("in which Ada was let in with a license", () => {
    const letIn = [decision("hired", 2, "in"), decision("#license:hired", 2, "Pro", follows("hired"))];
    const hired: RunEvidence = {
      ...sound,
      decisions: [decision("left", 1), ...letIn],
      before: new Map([["ada", { access: "out", license: "Basic" }]]),
      after: new Map([["ada", { access: "in", license: "Pro" }]]),
      journal: journal({
        left: entry("superseded", 60),
        hired: entry("applied", 70, "r2"),
        "#license:hired": entry("applied", 80, "r3"),
      }),
      changes: [],
    };
    const without = (id: string) => new Map([...hired.journal].filter(([eventId]) => eventId !== id));

    it("finds nothing if she has it", () => {
      expect(verifyRun(hired)).toMatchObject({ lost: [], wrongState: [], standings: { asDecided: 2 } });
    });

    it("finds that it never came", () => {
      const forgotten = { ...hired, after: new Map([["ada", { access: "in", license: "Basic" }]]) };
      const { lost, wrongState } = verifyRun({ ...forgotten, journal: without("#license:hired") });
      expect({ lost, wrongState }).toEqual({
        lost: ["#license:hired"],
        wrongState: [expect.stringMatching(/^ada: #license:hired is the newest.*"nothing"/)],
      });
    });

    it("asks for none if she left again, or never got in", () => {
      const ending = (access: string) => new Map([["ada", { access, license: "Basic" }]]);
      const leftAgain = {
        ...hired,
        decisions: [...letIn, decision("again", 3)],
        after: ending("out"),
        journal: new Map([...without("#license:hired"), ["again", entry("applied", 90, "r4")]]),
      };
      const refused = {
        ...hired,
        after: ending("out"),
        journal: new Map([...without("#license:hired"), ["hired", entry("rejected", 70)]]),
        deadLetters: new Map([["hired", ["InviteFailed"]]]),
        faultsOf: () => ({ ...faultless, refusalOf: () => "InviteFailed" }),
      };
      expect([leftAgain, refused].map((run) => verifyRun(run))).toEqual([
        expect.objectContaining({ lost: [], wrongState: [] }),
        expect.objectContaining({ lost: [], wrongState: [] }),
      ]);
    });
  });
});
