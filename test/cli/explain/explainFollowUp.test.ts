import { describe, expect, it } from "vitest";
import { type AskedLedger, explain } from "../../../src/cli/explain/explain.ts";
import type { PersonHistory } from "../../../src/ledger/personHistory.ts";
import { policySchema } from "../../../src/policy/policy.ts";
import { toPolicyRules } from "../../../src/policy/policyRules.ts";
import { aRecord } from "../../provisioning/records.ts";
import { noon } from "../../provisioning/samples.ts";

const rules = toPolicyRules(
  policySchema.parse({
    afterSuspension: { license: { to: "Basic", afterDays: 10 } },
    accounts: [{ id: "team", domains: ["team.example"], licensePerRole: { "engineer*": "Pro" } }],
  }),
);

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
