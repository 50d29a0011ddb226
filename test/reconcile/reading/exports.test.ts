import { createReadStream, existsSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { understandingLines } from "../../../src/cli/commands/understandingLines.ts";
import { planRoster, type ReconcileRequest } from "../../../src/operations/reconcileRoster.ts";
import { policySchema } from "../../../src/policy/policy.ts";
import { isRosterField } from "../../../src/policy/rosterSettings.ts";
import { readDirectory } from "../../../src/reconcile/readDirectory.ts";
import { readingOptions, readRoster } from "../../../src/reconcile/reading/readRoster.ts";
import { rosterPresets } from "../../../src/reconcile/reading/rosterPresets.ts";
import { fakeDirectory } from "../../directory/fakeDirectory.ts";
import { noon } from "../../provisioning/samples.ts";
import { bobLeaves, expectations, files, folder } from "./exportFiles.ts";

/** Under which addresses the ledger knows people, by their ids. */
const remembered: Record<string, [string, string[]][]> = {
  "63-left-email-cleared.csv": [["2", ["bob@example.com"]]],
  "77-rename-no-previous.csv": [["3", ["cy@example.com"]]],
};

describe("an export as an HR system writes it", () => {
  it.each(files)("%s", async (file) => {
    const expected = expectations[file] ?? bobLeaves;
    const outcome = await outcomeOf(file);
    if (typeof expected === "string") expect(outcome).toContain(expected);
    else
      expect(outcome).toEqual({
        changes: expected.changes,
        findings: expected.findings.map((start) => expect.stringContaining(start)),
      });
  });

  it("is one of those that a test expects something of", () => {
    expect(Object.keys(expectations).filter((file) => !files.includes(file))).toEqual([]);
  });
});

const plain = { width: 120, paint: (_: unknown, text: string) => text };

describe("an export of a system whose own page gives the headings", () => {
  it.each([
    ["BambooHR", "presets/bamboohr.csv", "102", "E-2"],
    ["BambooHR", "91-bamboohr-report.json", "2", undefined],
    ["SAP SuccessFactors", "presets/successfactors.csv", "80002", "E-2"],
    ["Microsoft Entra ID", "presets/entra.csv", "11111111-0000-4000-8000-000000000002", undefined],
  ])("is recognized, and its people have the ids of %s: %s", async (name, file, personId, employeeNumber) => {
    const reading = await readRoster(createReadStream(new URL(file, folder)), readingOptions(undefined));
    if (reading.kind !== "read") throw new Error(reading.problems.join("\n"));
    const preset = rosterPresets.find((each) => each.name === name);
    const [, bob] = reading.rows;
    const { remark } = preset ?? {};
    expect(reading.understanding.preset).toEqual({ name, page: preset?.page, ...(remark && { remark }) });
    expect(understandingLines(reading.understanding, plain).join().includes("on leave")).toBe(
      name === "SAP SuccessFactors",
    );
    expect([bob?.personId, bob?.email, bob?.status, bob?.profile?.employeeNumber]).toEqual([
      personId,
      "bob@example.com",
      "left",
      employeeNumber,
    ]);
  });

  it("is read by the policy's own columns where it names some", async () => {
    const policy = policySchema.parse({
      accounts: [{ id: "team", domains: ["example.com"] }],
      roster: { columns: { personId: "employeeNumber" } },
    });
    const bytes = createReadStream(new URL("presets/bamboohr.csv", folder));
    const reading = await readRoster(bytes, readingOptions(policy));
    // The last one has no number of the company.
    expect(reading).toMatchObject({ kind: "broken", problems: [expect.stringContaining("line 7")] });
  });
});

async function outcomeOf(file: string) {
  const people = ["ada", "bob", "cy", "eve", "o'brien", "dee"];
  const directory = fakeDirectory([
    {
      accountId: "team",
      type: "Team",
      users: people.map((name) => ({
        userId: `u-${name}`,
        email: `${name}@example.com`,
        state: name === "dee" ? "suspended" : "active",
        license: "Basic",
        type: "person",
      })),
    },
  ]);
  const planning = await planRoster(requestOf(file), {
    directory: { readAccounts: (ids) => readDirectory(ids, directory) },
    addresses: { recall: async () => new Map(remembered[file]), isOwn: async () => true },
    now: () => noon + 12 * 3_600_000,
  });
  if (planning.kind === "broken") return [...planning.problems, planning.details].join("\n");
  if (planning.kind !== "planned") return planning.kind === "rejected" ? planning.reason : planning.kind;
  const { changes, findings } = planning.plan;
  const { report } = planning;
  return {
    changes: changes.map(({ kind, desired }) => `${kind} ${nameOf(desired.group.newest.email)}`),
    findings: findings.map((finding, index) => {
      const detail = report.findings[index]?.detail ?? "";
      if (finding.kind !== "conflict")
        return `${finding.kind} ${nameOf("email" in finding ? finding.email : "-")}`;
      return `conflict ${"email" in finding.conflict ? nameOf(finding.conflict.email) : "-"}: ${detail}`;
    }),
  };
}

function nameOf(email: string): string {
  return email.split("@")[0] ?? email;
}

/** The export with the options and the policy that stand beside it. */
function requestOf(file: string): ReconcileRequest {
  const textBeside = (suffix: string) => {
    const beside = new URL(`${file}${suffix}`, folder);
    return existsSync(beside) ? readFileSync(beside, "utf8") : undefined;
  };
  const own = load(textBeside(".policy.yml") ?? "{}");
  const accounts = [{ id: "team", domains: ["example.com", "exämple.com"] }];
  const policy = policySchema.parse({ ...(typeof own === "object" ? own : {}), accounts });
  const request: ReconcileRequest = {
    bytes: createReadStream(new URL(file, folder)),
    policy,
    asOf: noon,
  };
  const args = textBeside(".args")?.trim().split("\n") ?? [];
  for (let index = 0; index < args.length; index += 2) {
    const [option, value = ""] = [args[index], args[index + 1]];
    const [field = "", name = ""] = value.split("=");
    if (option === "--rows") request.rows = Number(value);
    else if (option === "--as-of") request.asOf = Date.parse(value);
    else if (option === "--least-percent") request.leastPercent = Number(value);
    else if (option === "--absent" && value === "suspend") request.absent = value;
    else if (option === "--column" && isRosterField(field))
      request.column = { ...request.column, [field]: name };
    else throw new Error(`${file}: unknown option ${option}`);
  }
  return request;
}
