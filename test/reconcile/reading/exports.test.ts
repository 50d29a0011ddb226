import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { planRoster, type ReconcileRequest } from "../../../src/operations/reconcileRoster.ts";
import { policySchema } from "../../../src/policy/policy.ts";
import { isRosterField } from "../../../src/policy/rosterSettings.ts";
import { readDirectory } from "../../../src/reconcile/readDirectory.ts";
import { fakeDirectory } from "../../directory/fakeDirectory.ts";
import { noon } from "../../provisioning/samples.ts";

// Exports in the forms in which HR systems write them, made after public reports. The directory has Ada, Bob, Cy, Eve and O'Brien,
// who are active, and Dee, who is suspended; most exports say that Bob has left. `passed` holds those that were right from the start.

const folder = new URL("../../fixtures/rosters/", import.meta.url);
const files = ["", "passed/"].flatMap((part) =>
  readdirSync(new URL(part, folder))
    .filter((name) => name.includes(".") && !/\.(?:args|policy\.yml)$/.test(name))
    .map((name) => part + name),
);

const bobLeaves = { changes: ["leaver bob"], findings: [] };

/** What is not as in most of them: what would be done, or why the roster stops. */
const expectations: Record<string, { changes: string[]; findings: string[] } | string> = {
  "04-windows1252.csv": "name its encoding in the policy: roster.encoding, windows-1252",
  "24-no-final-newline.csv": "the last line has no end",
  "42-excel-serial.csv": "Say which in the policy: roster.dates: excel",
  "48-utc-midnight-local.csv": { changes: [], findings: ["unlisted bob"] },
  "64-empty-status.csv": { ...bobLeaves, findings: ["conflict dee: row 5: the status is empty"] },
  "85-xlsx-by-mistake.xlsx": "save it as CSV",
  "86-xml-report.xml": "got XML",
  "87-html-login.html": "got a web page, perhaps that of a log-in",
  "95-single-object.json": {
    changes: [],
    findings: ["unlisted bob", "unlisted cy", "unlisted eve", "unlisted o'brien"],
  },
  "96-bigint-ids.json": { ...bobLeaves, findings: ["unlisted eve", "unlisted o'brien"] },
  "98-null-status.json": { ...bobLeaves, findings: ["conflict dee: row 4: the status is empty"] },
  "99b-report-total-rows.json": "got a part of it",
  "a1-rehire-old-termination-kept.csv": {
    ...bobLeaves,
    findings: ["conflict cy: row 4: the status says that the person is there"],
  },
  "a3-bigint-one-left.json": { ...bobLeaves, findings: ["unlisted cy", "unlisted o'brien"] },
  "a7-null-email-word.csv": { ...bobLeaves, findings: ["unlisted o'brien"] },
  "c7-empty-status-left-blank.csv": { ...bobLeaves, findings: ["conflict dee: row 5: the status is empty"] },
  "passed/32-dup-header-same.csv": "expected one column for email; got two",
  "passed/54-zwsp-id.csv": "without invisible characters",
  "passed/56-fullwidth-at.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/57-mailto.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/58-name-angle.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/59-two-emails.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/60-trailing-dot-comma.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/65-status-codes.csv": "name others in the policy's roster.present and roster.left",
  "passed/68-garden-leave.csv": "name others in the policy's roster.present and roster.left",
  "passed/70-sci-notation-id.csv": {
    changes: [],
    findings: ["conflict bob: a further account of the person, which stays as it is"],
  },
  "passed/71-leading-zero-lost.csv": {
    ...bobLeaves,
    findings: ["conflict ada: the one address of 00001, 1"],
  },
  "passed/72-shared-email.csv": { ...bobLeaves, findings: ["conflict ada: the one address of 1, C-7"] },
  "passed/73-rehire-new-id.csv": { changes: [], findings: [] },
  "passed/74-rehire-same-row.csv": { changes: ["leaver bob", "returner dee"], findings: [] },
  "passed/76-two-jobs.csv": { ...bobLeaves, findings: ["conflict -: rows 2, 8 differ"] },
  "passed/79-rescinded-hire.csv": "name others in the policy's roster.present and roster.left",
  "passed/80-hired-today-tz.csv": { changes: ["leaver bob", "joiner ike"], findings: [] },
  "passed/81-last-day-tz.csv": { changes: ["leaver ada", "leaver bob"], findings: [] },
  "passed/82-plus-address.csv": { changes: ["leaver bob", "joiner cy+hr"], findings: ["unlisted cy"] },
  "passed/83-idn.csv": { changes: ["leaver bob", "joiner jörg"], findings: [] },
  "passed/84-header-only.csv": "the roster gives access to nobody",
  "passed/a8-terminated-future-last-day.csv": { changes: [], findings: [] },
  "passed/a9-deceased-status.csv": "name others in the policy's roster.present and roster.left",
  "passed/b1-nfd.csv": { changes: ["leaver bob", "joiner zoe\u0308"], findings: [] },
  "passed/b4-inner-header-repeat.csv": { changes: ["leaver bob", "joiner zed"], findings: [] },
  "passed/b5-status-trailing-note.csv": "name others in the policy's roster.present and roster.left",
  "passed/b9-empty-hire-future-status.csv": "name others in the policy's roster.present and roster.left",
  "passed/c4-zwsp-ids.csv": "without invisible characters",
};

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
