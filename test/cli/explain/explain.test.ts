import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/cli/explain/explain.ts";
import { type DetailType, detailTypes } from "../../../src/events/hrEvent.ts";
import { type Intent, type Pipeline, pipelineNames, pipelines } from "../../../src/pipelines.ts";
import { toPolicyRules } from "../../../src/policy/policyRules.ts";
import { fakeDirectory } from "../../directory/fakeDirectory.ts";
import { aRecord } from "../../provisioning/records.ts";
import { runBatch } from "../../provisioning/runBatch.ts";
import { noon } from "../../provisioning/samples.ts";

const rules = toPolicyRules({
  exclusions: { people: ["P-9"], addresses: ["chief@*"], roles: ["board*"] },
  leaveOfAbsence: { do: "ignore" },
  freshness: { maxAgeDays: 2 },
  accounts: [
    { id: "lwa", domains: ["a.example"], attributes: { unit: ["lab*"] }, licensePerRole: { "eng*": "Pro" } },
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

describe("explain", () => {
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
          rules,
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
