import { describe, expect, it } from "vitest";
import { chimeKind } from "../../../src/directory/chime/chimeKind.ts";
import type { PersonHistory } from "../../../src/ledger/personHistory.ts";
import { explainCall } from "../../../src/operations/explain/explainEffect.ts";
import { type AskedLedger, explain } from "../../../src/operations/explain/explainEvent.ts";
import { policySchema } from "../../../src/policy/policy.ts";
import { toPolicyRules } from "../../../src/policy/policyRules.ts";
import { aRecord } from "../../provisioning/records.ts";
import { aDecision, noon } from "../../provisioning/samples.ts";

const { accountTypes } = chimeKind;

const managedElsewhere = {
  question: "call",
  answer: "no",
  text: "none: a dead letter, ManagedInDirectory",
  rule: "for accounts of type EnterpriseDirectory, EnterpriseOIDC",
};

const nothingAfter = { findAfterSuspension: () => ({ signOut: false, resetPin: false, license: undefined }) };

describe("explainCall", () => {
  it("tells what follows a suspension, where the policy asks for it", () => {
    const both = { findAfterSuspension: () => ({ signOut: true, resetPin: true, license: undefined }) };
    const { steps } = explainCall(aDecision({ intent: "offboard" }), accountTypes, both, noon);
    expect(steps.map(({ text, rule }) => `${rule}: ${text}`)).toEqual([
      "for accounts of type Team: BatchSuspendUser, then LogoutUser and ResetPersonalPIN",
      "for accounts of type EnterpriseLWA: BatchSuspendUser, then ResetPersonalPIN",
      `${managedElsewhere.rule}: ${managedElsewhere.text}`,
    ]);
  });

  it("tells the call of each type of account, and where there is none", () => {
    expect(explainCall(aDecision({ intent: "onboard" }), accountTypes, nothingAfter, noon)).toEqual({
      steps: [
        { question: "call", answer: "yes", text: "InviteUsers", rule: "for accounts of type Team" },
        {
          question: "call",
          answer: "yes",
          text: "BatchUnsuspendUser",
          rule: "for accounts of type EnterpriseLWA",
        },
        managedElsewhere,
      ],
      fate: { kind: "call", operations: ["create", "unsuspend"] },
    });
  });

  it("tells to which license somebody would be changed", () => {
    const { steps } = explainCall(
      aDecision({ intent: "relicense", licenseType: "Pro" }),
      accountTypes,
      nothingAfter,
      noon,
    );
    expect(steps).toEqual([
      {
        question: "call",
        answer: "yes",
        text: "BatchUpdateUser, to Pro",
        rule: "for accounts of type Team, EnterpriseLWA",
      },
      managedElsewhere,
    ]);
  });
});

const rules = {
  ...toPolicyRules(
    policySchema.parse({
      afterSuspension: { license: { to: "Basic", afterDays: 10 } },
      accounts: [{ id: "team", domains: ["team.example"], licensePerRole: { "engineer*": "Pro" } }],
    }),
  ),
  accountTypesOf: () => accountTypes,
};

async function explained(record: ReturnType<typeof aRecord>, history?: PersonHistory) {
  const asked: AskedLedger = { kind: "read", value: history };
  const { steps, fate } = await explain(record.body, rules, async () => asked, noon);
  return { steps, fate };
}

async function lastStep(record: ReturnType<typeof aRecord>, history?: PersonHistory) {
  return (await explained(record, history)).steps.at(-1);
}

describe("what follows, explained", () => {
  it("is the license that a leaver has after the days of grace", async () => {
    expect(await lastStep(aRecord("EmployeeLeft"))).toEqual({
      question: "follows",
      answer: "yes",
      text: "license Basic on 2026-05-24T12:00:00Z, unless the person is back",
      rule: "afterSuspension.license",
    });
  });

  it.each([
    ["by the event's own word", { licenseType: "Plus" }, "Plus", "the event's data.licenseType"],
    ["by role", { role: "Engineer II" }, "Pro", "licensePerRole: engineer*"],
  ])("is a joiner's license, %s", async (_, data, license, rule) => {
    expect(await lastStep(aRecord("EmployeeHired", { data }))).toEqual({
      question: "follows",
      answer: "yes",
      text: `license ${license}, unless it comes with the invitation`,
      rule,
    });
  });

  it("is nothing where no license is named", async () => {
    expect((await lastStep(aRecord("EmployeeHired")))?.question).toBe("call");
  });

  it("is void once somebody is back, and the explanation names what came over it", async () => {
    const follows = { type: "EmployeeLeft", id: "left" };
    const record = aRecord("LicenseChanged", { data: { licenseType: "Basic", follows } });
    const history = (eventId: string): PersonHistory => ({
      personId: "p-1",
      heads: [{ aspect: "access", settled: { eventId, version: "1", as: "applied" } }],
      entries: [],
      waiting: [],
      held: [],
    });
    const back = await explained(record, history("back"));
    const gone = await explained(record, history("left"));
    expect([back.steps.at(-1), back.fate, gone.steps.at(-1)?.question]).toEqual([
      {
        question: "order",
        answer: "no",
        text: "superseded by back: it follows from left",
        rule: "the ledger: back was applied",
      },
      { kind: "outcome", outcome: { kind: "superseded", by: "back" } },
      "call",
    ]);
  });
});

it("an event that came now would be the later of two that HR decided at the same time", async () => {
  const wrong = aDecision({ intent: "relicense", eventId: "e-wrong" });
  const { eventId, version } = wrong;
  const history: PersonHistory = {
    personId: "p-1",
    heads: [
      {
        aspect: "license",
        settled: { eventId, version, as: "rejected" },
        busTimes: { [version]: noon - 1000 },
      },
    ],
    entries: [],
    waiting: [],
    held: [],
  };
  const occurredAt = new Date(wrong.occurredAt).toISOString();
  const mended = aRecord("LicenseChanged", {
    id: "e-wrong-mended",
    occurredAt,
    data: { licenseType: "Pro" },
  });
  expect((await explained(mended, history)).fate?.kind).toBe("call");
});
