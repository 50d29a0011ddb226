import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chimeKind } from "../../../src/directory/chime/chimeKind.ts";
import { type DetailType, detailTypes } from "../../../src/events/hrEvent.ts";
import { explain } from "../../../src/operations/explain/explainEvent.ts";
import { explainScope } from "../../../src/operations/explain/explainScope.ts";
import { type Intent, type Pipeline, pipelineNames, pipelines } from "../../../src/pipelineSettings.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { toPolicyRules } from "../../../src/policy/policyRules.ts";
import { fakeDirectory } from "../../directory/fakeDirectory.ts";
import { aRecord } from "../../provisioning/records.ts";
import { runBatch } from "../../provisioning/runBatch.ts";
import { noon } from "../../provisioning/samples.ts";

const now = Date.parse("2026-05-14T12:00:00Z");
const policy: Policy = {
  exclusions: { addresses: ["*@contractors.example"] },
  leaveOfAbsence: { do: "ignore", reasons: ["parental*"] },
  freshness: { maxAgeDays: 30 },
  accounts: [
    {
      id: "acme",
      domains: ["example.com"],
      attributes: { company: ["Acme*"], unit: ["*"] },
      licensePerRole: { "engineer*": "Pro" },
      defaultLicense: "Basic",
    },
    { id: "team", domains: ["example.com"], licensePerRole: {} },
  ],
};

/** Question, answer, text and rule of each step after the first. */
function stepsOf(type: string, data: object, occurredAt = "2026-05-14T11:00:00Z") {
  const metadata = { id: "hr-1", schemaVersion: "1.0", occurredAt };
  const detail = { metadata, data: { personId: "P-1", email: "ada@example.com", ...data } };
  const { steps } = explainScope(JSON.stringify({ "detail-type": type, detail }), toPolicyRules(policy), now);
  return steps.map(({ question, answer, text, rule = "" }) => [question, answer, text, rule]).slice(1);
}

const inScope = ["in scope", "yes", "the policy excludes nobody like this", ""];
const team = ["account", "yes", "team", "accounts: team, domains: example.com"];

describe("explainScope", () => {
  it("says what it read of the event, and for which pipeline", () => {
    const { steps } = explainScope(
      JSON.stringify({
        "detail-type": "EmployeeLeft",
        detail: {
          metadata: { id: "hr-1", schemaVersion: "1.0", occurredAt: "2026-05-14T11:00:00Z" },
          data: { personId: "P-1", email: "ada@contractors.example" },
        },
      }),
      toPolicyRules(policy),
      now,
    );
    expect(steps).toEqual([
      {
        question: "readable",
        answer: "yes",
        text: "hr-1 about P-1, decided 2026-05-14T11:00:00Z, for the offboard pipeline",
      },
      {
        question: "in scope",
        answer: "no",
        text: "left alone",
        rule: "exclusions.addresses: *@contractors.example",
      },
    ]);
  });

  it.each([
    ["hello", "body: expected a JSON object with detail-type and detail"],
    ['{"detail-type":"EmployeeVanished","detail":{}}', "detail-type: expected one of EmployeeHired"],
    [
      '{"detail-type":"EmployeeLeft","detail":{"metadata":{},"data":7}}',
      "data: expected an object; got a number",
    ],
  ])("ends where an event cannot be read: %s", (body, reason) => {
    const { steps, decision, outcome } = explainScope(body, toPolicyRules(policy), now);
    expect(steps.map(({ question, answer }) => [question, answer])).toEqual([["readable", "no"]]);
    expect(steps[0]?.text).toContain(reason);
    expect([decision, outcome?.kind]).toEqual([undefined, "rejected"]);
  });

  it.each([
    [
      "only on leave",
      { reason: "Parental leave" },
      ["in scope", "no", "left alone", "leaveOfAbsence.reasons: parental*"],
    ],
    [
      "in no account",
      { email: "ada@example.net" },
      ["in scope", "no", "left alone", "no account of the policy has the domain example.net"],
    ],
  ])("names the rule by which a leaver is left alone: %s", (_, data, step) => {
    expect(stepsOf("EmployeeLeft", data)).toEqual([step]);
  });

  it("names the rule by which an event is too old", () => {
    const [step] = stepsOf("EmployeeLeft", {}, "2026-01-14T11:00:00Z");
    expect([step?.slice(0, 2), step?.[2]]).toEqual([
      ["in scope", "no"],
      expect.stringContaining("Stale: HR decided this more than 30 days ago (freshness.maxAgeDays"),
    ]);
  });

  it.each([
    [
      "a role",
      { role: "Engineer II", attributes: { company: "Acme Ltd", unit: "7" } },
      [
        ["account", "yes", "acme", "accounts: acme, domains: example.com, attributes: company, unit"],
        ["license", "yes", "Pro", "licensePerRole: engineer*"],
      ],
    ],
    [
      "the default",
      { role: "visitor", attributes: { company: "Acme Ltd", unit: "7" } },
      [
        ["account", "yes", "acme", "accounts: acme, domains: example.com, attributes: company, unit"],
        ["license", "yes", "Basic", "defaultLicense"],
      ],
    ],
    [
      "the event's own word",
      { role: "Engineer II", licenseType: "Plus" },
      [team, ["license", "yes", "Plus", "the event's data.licenseType"]],
    ],
  ])("names what account and license follow from: %s", (_, data, steps) => {
    const effective = ["effective", "yes", "at once", "metadata.occurredAt"];
    expect(stepsOf("EmployeeRoleChanged", data)).toEqual([inScope, ...steps, effective]);
  });

  it.each([
    [
      "the end of a day that is over there",
      { effectiveDate: "2026-05-14", timeZone: "Pacific/Auckland" },
      ["yes", "since 2026-05-14T12:00:00Z", "data.effectiveDate: the end of 2026-05-14 in Pacific/Auckland"],
    ],
    [
      "the end of a day that is not over there yet",
      { effectiveDate: "2026-05-14", timeZone: "America/Los_Angeles" },
      [
        "no",
        "put off until 2026-05-15T07:00:00Z",
        "data.effectiveDate: the end of 2026-05-14 in America/Los_Angeles",
      ],
    ],
    [
      "a moment",
      { effectiveAt: "2026-05-14T12:00:01Z" },
      ["no", "put off until 2026-05-14T12:00:01Z", "data.effectiveAt"],
    ],
  ])("tells when it is in effect, and what says so: %s", (_, data, step) => {
    expect(stepsOf("EmployeeLeft", data)).toEqual([inScope, team, ["effective", ...step]]);
  });
});

describe("explain", () => {
  const rules = toPolicyRules({
    exclusions: { people: ["P-9"], addresses: ["chief@*"], roles: ["board*"] },
    leaveOfAbsence: { do: "ignore" },
    freshness: { maxAgeDays: 2 },
    accounts: [
      {
        id: "lwa",
        domains: ["a.example"],
        attributes: { unit: ["lab*"] },
        licensePerRole: { "eng*": "Pro" },
      },
      { id: "team", domains: ["a.example", "b.example"], licensePerRole: {}, defaultLicense: "Basic" },
      { id: "strict", domains: ["c.example"], attributes: { unit: ["x"] }, licensePerRole: {} },
    ],
  });

  const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
  const data = fc.record({
    role: maybe<unknown>("engineer", "Board member", 7),
    licenseType: maybe("Pro"),
    reason: maybe("leaveOfAbsence", "resignation"),
    urgency: maybe("immediate", "soon"),
    attributes: maybe({ unit: "Lab 7" }, { unit: "sales" }),
    effectiveAt: maybe("2026-05-14T11:59:00Z", "2026-06-01T00:00:00Z"),
  });
  const event = fc.record({
    personId: fc.constantFrom("P-1", "P-9"),
    email: fc.constantFrom(
      "ada@a.example",
      "chief@a.example",
      "ada@b.example",
      "ada@c.example",
      "ada@d.example",
    ),
    occurredAt: fc.constantFrom("2026-05-14T11:00:00Z", "2026-05-11T11:00:00Z", "2026-05-16T11:00:00Z"),
    data,
  });

  function intentOf(type: DetailType): Intent {
    const found = pipelineNames.find((name) => {
      const { detailTypes: own }: Pipeline = pipelines[name];
      return own.includes(type);
    });
    return found ?? "onboard";
  }

  it("tells of any event what the drain makes of it", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...detailTypes), event, async (type, told) => {
        const record = aRecord(type, told);
        const accounts = ["lwa", "team", "strict"].map((accountId) => ({ accountId, type: "Team" as const }));
        const directory = fakeDirectory(accounts);
        const { outcomes } = await runBatch([record], { intent: intentOf(type), directory, rules });
        const explained = await explain(
          record.body,
          { ...rules, accountTypesOf: () => chimeKind.accountTypes },
          async () => ({ kind: "read", value: undefined }),
          noon,
        );
        const isAsked = directory.calls.length > 0;
        const fate = explained.fate?.kind === "outcome" ? explained.fate.outcome : "the directory is asked";
        expect(fate).toEqual(isAsked ? "the directory is asked" : outcomes[0]);
        expect(explained.steps.some(({ question }) => question === "call")).toBe(isAsked);
        seen.add(isAsked ? "asked" : (outcomes[0]?.kind ?? "none"));
      }),
      { numRuns: 500 },
    );
    expect([...seen].sort()).toEqual(["asked", "deferred", "excluded", "rejected"]);
  });
});
