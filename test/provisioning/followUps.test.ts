import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chimeAccountTypes } from "../../src/directory/chime/chimeCapabilities.ts";
import { compareDecisions } from "../../src/ledger/decisionOrder.ts";
import type { StandingAnswer } from "../../src/ledger/ledger.ts";
import { pipelines } from "../../src/pipelineSettings.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import {
  dropObsoleteFollowUps,
  type FollowUp,
  followUpOf,
  toFollowUpLine,
} from "../../src/provisioning/followUps.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { parseRecords } from "../../src/provisioning/parseRecords.ts";
import { aDecision, anAccount, noon } from "./samples.ts";

describe("dropObsoleteFollowUps", () => {
  const followUp = aDecision({
    index: 7,
    intent: "relicense",
    licenseType: "Basic",
    follows: { type: "EmployeeLeft", id: "leave" },
  });

  /** The outcome of the sole decision, or that it stands, where the ledger gives this answer. */
  async function outcomeFor(answer: StandingAnswer | undefined) {
    const ledger = { standing: async () => (answer === undefined ? [] : [answer]) };
    const { decisions, outcomes } = await dropObsoleteFollowUps([followUp], { ledger });
    expect(decisions.length + outcomes.length).toBe(1);
    const [messageOutcome] = outcomes;
    if (messageOutcome === undefined) return "stands";
    const { index, outcome } = messageOutcome;
    return [index, outcome.kind, "code" in outcome ? outcome.code : "by" in outcome ? outcome.by : undefined];
  }

  it.each([
    ["lets pass what follows from the decision that stands", { kind: "stands", eventId: "leave" }, "stands"],
    [
      "refuses what does not stand because of a decision about another address",
      { kind: "stands", eventId: "return", addresses: ["other@example.com"] },
      [7, "rejected", "PersonAmbiguous"],
    ],
    [
      "supersedes a follow-up whose decision another one has superseded, which it names",
      { kind: "stands", eventId: "back" },
      [7, "superseded", "back"],
    ],
    ["waits for a decision that is being carried out", { kind: "open" }, [7, "retry", "PersonBusy"]],
    [
      "waits for the decision that it follows from, if none stands",
      { kind: "stands", eventId: undefined },
      [7, "retry", "PersonBusy"],
    ],
    [
      "tries again if the ledger fails",
      { kind: "fault", reason: "throttled" },
      [7, "retry", "LedgerUnavailable"],
    ],
    ["tries again if the ledger gives no answer", undefined, [7, "retry", "LedgerUnavailable"]],
  ] as const)("%s", async (_, answer, expected) => {
    expect(await outcomeFor(answer)).toEqual(expected);
  });

  it("asks nothing about decisions that follow from none", async () => {
    const ledger = { standing: () => Promise.reject(new Error("was asked")) };
    const own = aDecision({ intent: "relicense" });
    expect(await dropObsoleteFollowUps([own], { ledger })).toEqual({ decisions: [own], outcomes: [] });
  });
});

describe("followUpOf", () => {
  const rules = toPolicyRules(
    policySchema.parse({
      afterSuspension: { license: { to: "Basic", afterDays: 10 } },
      accounts: [
        { id: "team", domains: ["example.com"] },
        { id: "lwa", domains: ["example.org"], afterSuspension: { license: false } },
      ],
    }),
  );
  const applied: Outcome = { kind: "applied", requestId: "r-1" };
  const alreadySo: Outcome = { kind: "unchanged", because: "alreadySo" };
  const lwa = anAccount({ accountId: "lwa", ...chimeAccountTypes.EnterpriseLWA });
  const later = noon + 60_000;

  const follows = (
    given: Parameters<typeof aDecision>[0],
    outcome: Outcome = applied,
    account = anAccount(),
  ) => followUpOf(aDecision(given), outcome, account, rules, later);

  /** The rules of a policy that lowers nobody's license. */
  const careless = { findAfterSuspension: () => ({ signOut: false, resetPin: false, license: undefined }) };

  it.each([applied, alreadySo])("lowers a leaver's license after the days of grace (%j)", (outcome) => {
    const dueAt = later + 10 * 86_400_000;
    expect(follows({ intent: "offboard" }, outcome)).toEqual({
      kind: "licenseAfterLeaving",
      after: "EmployeeLeft",
      licenseType: "Basic",
      effectiveAt: dueAt,
      dueAt,
    });
  });

  it("leaves everybody's license where the account's policy says so", () => {
    expect(follows({ intent: "offboard", accountId: "lwa" }, applied, lwa)).toBeUndefined();
  });

  it.each([
    ["onboard", "EmployeeHired"],
    ["reinstate", "EmployeeReturned"],
  ] as const)("gives whoever comes by %s the license that was named, at once", (intent, after) => {
    expect(follows({ intent, licenseType: "Pro" })).toEqual({
      kind: "licenseAfterJoining",
      after,
      licenseType: "Pro",
      effectiveAt: noon,
      dueAt: later,
    });
  });

  it("spares a new user's default license, unless those of leavers are lowered: who is invited may be one", () => {
    const hire = aDecision({ intent: "onboard", licenseType: "Basic" });
    expect([
      followUpOf(hire, applied, anAccount(), careless, later),
      followUpOf(hire, applied, anAccount(), rules, later)?.licenseType,
    ]).toEqual([undefined, "Basic"]);
  });

  it("does not trust in the default license of an account that is not known", () => {
    const hire = aDecision({ intent: "onboard", licenseType: "Basic" });
    expect(followUpOf(hire, applied, undefined, careless, later)?.licenseType).toBe("Basic");
  });

  it("gives a new user whatever is not the default license", () => {
    const hire = aDecision({ intent: "onboard", licenseType: "Pro" });
    expect(followUpOf(hire, applied, anAccount(), careless, later)?.licenseType).toBe("Pro");
  });

  it("lowers the license of who was suspended, though the sign-out will never succeed", () => {
    const notSignedOut: Outcome = {
      kind: "rejected",
      code: "NotSignedOut",
      reason: "by hand",
      carriedOut: true,
    };
    expect(follows({ intent: "offboard" }, notSignedOut)?.licenseType).toBe("Basic");
  });

  it.each([
    ["a hire without a license", { intent: "onboard" }, applied, anAccount()],
    ["a change of license", { intent: "relicense", licenseType: "Pro" }, applied, anAccount()],
  ] as const)("asks for nothing after %s", (_, given, outcome, account) => {
    expect(follows(given, outcome, account)).toBeUndefined();
  });

  it.each([
    ["who was there already", { intent: "onboard", licenseType: "Basic" }, alreadySo, anAccount()],
    ["who returns", { intent: "reinstate", licenseType: "Basic" }, applied, anAccount()],
    ["who is let in again by a hire", { intent: "onboard", licenseType: "Basic" }, applied, lwa],
  ] as const)("does not trust in the default license of one %s", (_, given, outcome, account) => {
    expect(followUpOf(aDecision(given), outcome, account, careless, later)?.licenseType).toBe("Basic");
  });

  it.each<Outcome>([
    { kind: "unchanged", because: "duplicate" },
    { kind: "held", rule: "SuspensionLimit" },
    { kind: "rejected", code: "UserNotFound", reason: "unknown" },
    { kind: "retry", code: "Throttled", reason: "slow down" },
    { kind: "deferred", because: "notRegistered", until: later },
  ])("asks for nothing where nothing was carried out (%j)", (outcome) => {
    expect([
      follows({ intent: "offboard" }, outcome),
      follows({ intent: "onboard", licenseType: "Pro" }, outcome),
    ]).toEqual([undefined, undefined]);
  });
});

describe("toFollowUpLine", () => {
  const later = noon + 86_400_000;
  const followUp: FollowUp = {
    kind: "licenseAfterLeaving",
    after: "EmployeeLeft",
    licenseType: "Basic",
    effectiveAt: later,
    dueAt: later,
  };

  /** What the relicense pipeline reads from the line. */
  function read(line: string) {
    const record = { body: line, receiveCount: 1, receivedAt: Date.parse("2026-05-15T12:00:00.000Z") };
    const { decisions, outcomes } = parseRecords([record], pipelines.relicense);
    expect(outcomes).toEqual([]);
    return decisions[0];
  }

  it("is a change of license of the same person, decided when the other was", () => {
    const leave = {
      correlationId: "c-1",
      userId: "u-1",
      role: "engineer",
      attributes: { company: "Acme" },
      previousEmails: ["a@example.com"],
    };
    const decision = aDecision({ ...leave, eventId: "hr-1" });
    expect(read(toFollowUpLine(decision, followUp))).toEqual({
      ...leave,
      origin: "rollcall",
      index: 0,
      aspect: "license",
      receiveCount: 1,
      receivedAt: Date.parse("2026-05-15T12:00:00.000Z"),
      eventId: "#license:hr-1",
      personId: decision.personId,
      intent: "relicense",
      email: decision.email,
      reason: undefined,
      licenseType: "Basic",
      follows: { type: "EmployeeLeft", id: "hr-1" },
      urgent: false,
      occurredAt: noon,
      effectiveAt: later,
      version: expect.any(String),
      waitingSince: undefined,
      firstReceivedAt: Date.parse("2026-05-15T12:00:00.000Z"),
      busTime: decision.busTime - 1e15,
      droppedTexts: [],
    });
  });

  it("of decisions with the same times counts in the order of these, and before every license that HR names itself", () => {
    const first = aDecision({ eventId: "b", busTime: noon + 1 });
    const second = aDecision({ eventId: "a", busTime: noon + 2 });
    const [older, newer] = [first, second].map((decision) => read(toFollowUpLine(decision, followUp)));
    const hrsOwn = aDecision({ intent: "relicense", eventId: "c", effectiveAt: later, busTime: noon });
    expect([
      older && newer && compareDecisions(newer, older),
      newer && compareDecisions(hrsOwn, newer),
    ]).toEqual([1, 1]);
  });

  it("has an id that fits, whatever the other's, and the same each time", () => {
    const char = fc.constantFrom(..."abcXYZ019-_:/#~é ");
    const id = fc.string({ unit: char, minLength: 1, maxLength: 128 }).filter((text) => text === text.trim());
    fc.assert(
      fc.property(id, (eventId) => {
        const line = toFollowUpLine(aDecision({ eventId }), followUp);
        expect(toFollowUpLine(aDecision({ eventId }), followUp)).toBe(line);
        expect(read(line)?.follows).toEqual({ type: "EmployeeLeft", id: eventId });
      }),
    );
  });

  it.each([119, 120, 128])(
    "has an id of 128 characters after an id of %i, with the end of that one",
    (length) => {
      const idAfter = (occurredAt: number) => {
        const eventId = `${"a".repeat(length - 1)}z`;
        return JSON.parse(toFollowUpLine(aDecision({ eventId, occurredAt }), followUp)).detail.metadata.id;
      };
      const ids = [idAfter(noon), idAfter(noon + 1)];
      expect(ids.map((id) => [id.length, id.slice(0, 9), id.slice(-2)])).toEqual([
        [128, "#license:", "az"],
        [128, "#license:", "az"],
      ]);
      // What was cut off may have been what told two ids apart, so the time stands for it.
      expect(ids[0] === ids[1]).toBe(length === 119);
    },
  );

  it("cuts no character in two: an id of 128 that each take two units gives one that passes the schema", () => {
    for (const before of ["", "a", "ab"]) {
      const eventId = `${before}${"😀".repeat(128 - before.length)}`;
      const { id } = JSON.parse(toFollowUpLine(aDecision({ eventId }), followUp)).detail.metadata;
      expect([[...id].length, id.isWellFormed()]).toEqual([128, true]);
      expect(read(toFollowUpLine(aDecision({ eventId }), followUp))?.follows?.id).toBe(eventId);
    }
  });

  it("gives way to a license that HR names at the same moment", () => {
    const named = read(toFollowUpLine(aDecision({ eventId: "zzz" }), { ...followUp, effectiveAt: noon }));
    const own = aDecision({ intent: "relicense", eventId: "1" });
    expect((named?.version ?? "") < own.version).toBe(true);
  });
});
