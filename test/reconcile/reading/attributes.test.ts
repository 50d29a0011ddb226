import { describe, expect, it } from "vitest";
import { chimeAccountTypes } from "../../../src/directory/chime/chimeCapabilities.ts";
import { policySchema } from "../../../src/policy/policy.ts";
import { toPolicyRules } from "../../../src/policy/policyRules.ts";
import { type RosterSettings, rosterSchema } from "../../../src/policy/rosterSettings.ts";
import { compareRoster } from "../../../src/reconcile/compareRoster.ts";
import { mergeRows, presenceAt } from "../../../src/reconcile/mergeRows.ts";
import { readRoster } from "../../../src/reconcile/reading/readRoster.ts";
import { eventIdsOf, toEventLine } from "../../../src/reconcile/rosterChange.ts";
import { anAccount, aUser, noon } from "../../provisioning/samples.ts";

/** Acme's people have an account of their own in the domain that everybody shares. */
const rules = toPolicyRules(
  policySchema.parse({
    accounts: [
      { id: "acme", domains: ["example.com"], attributes: { company: ["Acme*"] } },
      { id: "team", domains: ["example.com"] },
    ],
  }),
);
const csv = `id,email,Company
P-1,ada@example.com,Acme Ltd
P-2,bob@example.com,Other
P-3,eve@example.com,
`;

function read(content: string, settings: object = {}) {
  async function* bytes() {
    yield Buffer.from(content);
  }
  return readRoster(bytes(), {
    ...rosterSchema.parse({ lists: "present", ...settings }),
    askedAttributes: ["company"],
    leaveOfAbsence: "ignore",
  });
}

async function compared(
  content: string,
  users: ReturnType<typeof aUser>[] = [],
  absent: RosterSettings["absent"] = "report",
  home = "acme",
  given = rules,
) {
  const reading = await read(content);
  if (reading.kind !== "read") throw new Error(reading.problems.join());
  const accounts = ["acme", "team"].map((accountId) => anAccount({ accountId, ...chimeAccountTypes.Team }));
  const listings = accounts.map((account) => ({
    account,
    users: account.accountId === home ? users : [],
  }));
  const roster = mergeRows(reading.rows, presenceAt(noon, "UTC"));
  return compareRoster(roster, listings, { rules: given, asOf: noon, absent, eventIdOf: eventIdsOf(noon) });
}

describe("the attributes of a roster", () => {
  it("choose each person's account, and go with the event, for provisioning to choose the same", async () => {
    const { changes } = await compared(csv);
    const dataOf = (line: string) => JSON.parse(line).detail.data;
    expect(
      changes.map((change) => [change.desired.accountId, dataOf(toEventLine(change)).attributes]),
    ).toEqual([
      ["acme", { company: "Acme Ltd" }],
      ["team", { company: "Other" }],
      ["team", undefined],
    ]);
  });

  it("must have a column where the policy asks for them, or people would be taken for another account's", async () => {
    expect(await read("id,email\nP-1,ada@example.com\n")).toEqual({
      kind: "broken",
      problems: [
        "expected a column for company, such as company; got 2 columns, none of which has such a name. The policy's accounts ask for it: name it in roster.attributes there",
      ],
      details: "the columns are: id, email",
      proposals: ['attributes: {company: "the heading of that column"}'],
    });
  });

  it("may have another heading in the export, in CSV and in JSON", async () => {
    const settings = { attributes: { company: "Firma" } };
    const readings = [
      await read("id,email,Firma\nP-1,ada@example.com,Acme\n", settings),
      await read('[{"id": "P-1", "email": "ada@example.com", "Firma": "Acme"}]', settings),
    ];
    expect(readings.map((reading) => reading.kind === "read" && reading.rows[0]?.attributes)).toEqual([
      { company: "Acme" },
      { company: "Acme" },
    ]);
  });

  it("break the roster where they cannot be read, and the problem names the column", async () => {
    const reading = await read(
      '[{"id": "P-1", "email": "ada@example.com", "company": [{"name": "Acme"}, {"name": "Other"}]}]',
    );
    expect(reading.kind === "broken" && reading.problems[0]?.startsWith("entry 1, column company: ")).toBe(
      true,
    );
  });

  it("that differ in two rows of one person are a conflict, about which nothing is done", async () => {
    const twice = `${csv}P-1,ada@example.com,Other\n`;
    const { changes, findings } = await compared(twice);
    expect([changes.length, findings.map(({ kind }) => kind)]).toEqual([2, ["conflict"]]);
  });

  it("that are blanked or changed when somebody leaves hide nothing: access elsewhere is a conflict of its own", async () => {
    const ada = aUser({ userId: "u-1", email: "ada@example.com" });
    const conflict = { kind: "leaverElsewhere", accountId: "acme", email: ada.email, personId: "P-1" };
    const expected = { changes: [], findings: [{ kind: "conflict", conflict }] };
    const head = "id,email,Company,Status\n";
    for (const company of ["", "Other"]) {
      const { changes, findings } = await compared(`${head}P-1,ada@example.com,${company},left\n`, [ada]);
      expect({ changes, findings }).toEqual(expected);
    }
  });

  it("that differ in rows of somebody who has left are a conflict: either may name the account", async () => {
    const ada = aUser({ userId: "u-1", email: "ada@example.com" });
    const rows = ["P-1,ada@example.com,,left\n", "P-1,ada@example.com,Acme,left\n"];
    const conflict = { kind: "personTwice", personId: "P-1", rows: [2, 3] };
    for (const order of [rows, rows.toReversed()]) {
      const { changes, findings } = await compared(`id,email,Company,Status\n${order.join("")}`, [ada]);
      expect({ changes, findings }).toEqual({ changes: [], findings: [{ kind: "conflict", conflict }] });
    }
  });

  it("of a user without a row are unknown: the user is reported, and left as it is", async () => {
    const stranger = aUser({ userId: "u-9", email: "zed@example.com" });
    const { changes, findings } = await compared(csv, [stranger], "suspend");
    expect([changes.map(({ kind }) => kind), findings.map(({ kind }) => kind)]).toEqual([
      ["joiner", "joiner", "joiner"],
      ["unlisted"],
    ]);
  });

  it("of a user without a row are unknown, also where every account asks for some: the user is reported, and not excluded", async () => {
    const choosing = toPolicyRules(
      policySchema.parse({
        accounts: ["acme", "team"].map((id) => ({
          id,
          domains: ["example.com"],
          attributes: { company: [id] },
        })),
      }),
    );
    const stranger = aUser({ userId: "u-9", email: "zed@example.com" });
    const { changes, findings } = await compared(
      "id,email,Company\n",
      [stranger],
      "suspend",
      "acme",
      choosing,
    );
    expect([changes, findings.map(({ kind }) => kind)]).toEqual([[], ["unlisted"]]);
  });

  it("do not matter for a user without a row in the account for everybody else: the user is suspended", async () => {
    const stranger = aUser({ userId: "u-9", email: "zed@example.com" });
    const { changes, findings } = await compared("id,email,Company\n", [stranger], "suspend", "team");
    expect([changes.map(({ kind, desired }) => [kind, desired.target]), findings]).toEqual([
      [["leaver", "u-9"]],
      [],
    ]);
  });
});

it("a roster whose headings nobody knows is rejected, whatever its delimiter is, and all of them are shown", async () => {
  const reading = await read("Pers-Nr;Adresse;Austritt\n1;ada@example.com;\n");
  expect(reading).toMatchObject({
    kind: "broken",
    problems: [
      "expected a column for personId, such as personId; got 3 columns, none of which has such a name. Name it with --column personId=NAME, or in the policy's roster.columns",
    ],
    details: "the columns are: Pers-Nr, Adresse, Austritt",
  });
});
