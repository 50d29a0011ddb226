import { describe, expect, it } from "vitest";
import { rosterSchema } from "../../src/policy/rosterSettings.ts";
import { reconcileRoster } from "../../src/reconcile/planRoster.ts";
import { readDirectory } from "../../src/reconcile/readDirectory.ts";
import type { NumberedRow } from "../../src/reconcile/reading/completeRows.ts";
import { aUser, noon } from "../provisioning/samples.ts";
import { aDirectory, aRoster, aRow } from "./samples.ts";

const at = (name: string) => `${name}@team.example`;

interface World {
  rows: NumberedRow[];
  /** The active users. */
  users?: string[];
  /** The addresses that the ledger knows, by the person's id. */
  known: Record<string, string[]>;
  /** Of them those under which HR has decided about somebody else since. */
  passedOn?: string[];
  absent?: "report" | "suspend";
}

/** What would be done, and what is found, about whom. */
async function planFor({ rows, users = ["ada"], known, passedOn = [], absent = "report" }: World) {
  const asked: string[] = [];
  const directory = aDirectory(users.map((name) => aUser({ userId: `u-${name}`, email: at(name) })));
  const input = {
    roster: aRoster([...rows, aRow({ number: 99, personId: "other", email: at("other") })]),
    asOf: noon,
    last: undefined,
    policy: { accounts: [{ id: "team", domains: ["team.example"], licensePerRole: {} }] },
    settings: rosterSchema.parse({ absent, leastPercent: 0 }),
  };
  const reconciliation = await reconcileRoster(input, {
    directory: { readAccounts: (ids) => readDirectory(ids, directory) },
    addresses: {
      recall: async (ids) => {
        asked.push(...ids);
        return new Map(Object.entries(known).map(([id, names]) => [id, names.map(at)]));
      },
      isOwn: async (email) => !passedOn.map(at).includes(email),
    },
  });
  if (reconciliation.kind !== "planned") return reconciliation;
  const { changes, findings } = reconciliation.plan;
  return {
    changes: changes
      .filter(({ desired }) => desired.group.newest.personId !== "other")
      .map(({ kind, user, desired: { group } }) => ({
        kind,
        userId: user?.userId,
        email: group.newest.email,
        previousEmails: group.newest.previousEmails,
      })),
    findings: findings.map((finding) => ("conflict" in finding ? finding.conflict.kind : finding.kind)),
    asked: asked.filter((id) => id !== "other"),
  };
}

describe("a person under another address than the ledger knows", () => {
  const married = aRow({ email: at("ada.married") });

  it("keeps their user, and nobody is invited, where the old address is gone from the roster", async () => {
    expect(await planFor({ rows: [married], known: { "p-1": ["ada"] } })).toEqual({
      changes: [],
      findings: [],
      asked: ["p-1"],
    });
  });

  it("leaves as that user, and with the old address, by which the ledger knows whom it is about", async () => {
    const rows = [{ ...married, status: "left" as const }];
    const leaver = { kind: "leaver", email: at("ada.married"), previousEmails: [at("ada")] };
    const plans = [
      await planFor({ rows, known: { "p-1": ["ada"] } }),
      await planFor({ rows, known: { "p-1": ["ada"] }, users: ["ada", "ada.married"] }),
    ];
    expect(plans).toEqual([
      { changes: [{ ...leaver, userId: "u-ada" }], findings: [], asked: ["p-1"] },
      { changes: [{ ...leaver, userId: "u-ada.married" }], findings: ["leaverElsewhere"], asked: ["p-1"] },
    ]);
  });

  it("may be two people where somebody else has the old address by now, in the roster or by the ledger", async () => {
    const another = aRow({ number: 3, personId: "p-2", email: at("ada") });
    const known = { "p-1": ["ada"] };
    const plans = [
      await planFor({ rows: [married, another], known }),
      await planFor({ rows: [married], known, passedOn: ["ada"] }),
    ];
    expect(plans).toEqual([
      { changes: [], findings: ["idOfAnother"], asked: ["p-1"] },
      { changes: [], findings: ["idOfAnother", "unlisted"], asked: ["p-1"] },
    ]);
  });

  it("keeps the user of every address of theirs while it may be two people", async () => {
    const further = aRow({ number: 3, email: at("ada.second"), status: "left" });
    const another = aRow({ number: 4, personId: "p-2", email: at("ada") });
    const plan = await planFor({
      rows: [married, further, another],
      users: ["ada", "ada.second"],
      known: { "p-1": ["ada"] },
      absent: "suspend",
    });
    expect(plan).toEqual({ changes: [], findings: ["idOfAnother"], asked: ["p-1"] });
  });

  it("is invited where the ledger knows nobody of the id", async () => {
    const { changes, findings } = await planFor({ rows: [married], known: {} }).then((plan) => ({
      changes: [],
      findings: [],
      ...plan,
    }));
    expect([changes.map(({ kind }) => kind), findings]).toEqual([["joiner"], ["unlisted"]]);
  });
});

describe("a person of whom HR has cleared the address", () => {
  const { email: _, ...cleared } = aRow();

  it("leaves under the address that the ledger knows", async () => {
    const leaver = { kind: "leaver", userId: "u-ada", email: at("ada"), previousEmails: [] };
    const rows = [{ ...cleared, status: "left" as const }];
    expect(await planFor({ rows, known: { "p-1": ["older", "ada"] } })).toEqual({
      changes: [leaver],
      findings: [],
      asked: ["p-1"],
    });
    expect(await planFor({ rows, known: { "p-1": ["ada"] }, passedOn: ["ada"] })).toMatchObject({
      changes: [],
      findings: ["unlisted"],
    });
  });

  it("stays, and is not taken for somebody without a row, where they are there or nobody can tell", async () => {
    const known = { "p-1": ["ada"] };
    const present = { rows: [cleared], known, absent: "suspend" as const };
    const unclear = { ...present, rows: [{ ...cleared, status: "missing" as const }] };
    expect([await planFor(present), await planFor(unclear)]).toEqual([
      { changes: [], findings: [], asked: ["p-1"] },
      { changes: [], findings: ["unclear"], asked: ["p-1"] },
    ]);
  });

  it("is there under the address of their other row", async () => {
    const rows = [{ ...cleared, status: "present" as const }, aRow({ number: 3, status: "left" })];
    expect(await planFor({ rows, known: {} })).toEqual({ changes: [], findings: [], asked: [] });
  });
});

describe("a person whose id the directory itself has", () => {
  async function planOf(rows: NumberedRow[]) {
    const directory = aDirectory([{ ...aUser({ userId: "u-1", email: at("ada") }), externalId: "p-1" }]);
    const input = {
      roster: aRoster([...rows, aRow({ number: 99, personId: "other", email: at("other") })]),
      asOf: noon,
      last: undefined,
      policy: { accounts: [{ id: "team", domains: ["team.example"], licensePerRole: {} }] },
      settings: rosterSchema.parse({ absent: "suspend" }),
    };
    const reconciliation = await reconcileRoster(input, {
      directory: { readAccounts: (ids) => readDirectory(ids, directory) },
    });
    if (reconciliation.kind !== "planned") return reconciliation;
    const { changes, findings } = reconciliation.plan;
    return {
      leavers: changes.flatMap(({ kind, user }) => (kind === "leaver" ? [user?.userId] : [])),
      findings: findings.map((finding) => ("conflict" in finding ? finding.conflict.kind : finding.kind)),
    };
  }

  it("keeps the user who has it", async () => {
    const rows = [aRow({ email: at("ada.married") })];
    expect(await planOf(rows)).toEqual({ leavers: [], findings: [] });
  });

  it("is not taken for somebody without a row where the rows leave open who it is, or have no address", async () => {
    const { email: _, ...cleared } = aRow();
    const names = ["ada.one", "ada.two"];
    const plans = [
      await planOf(names.map((name, index) => aRow({ number: index + 2, email: at(name) }))),
      await planOf([aRow({ email: at("ada.one"), status: "missing" })]),
      await planOf([cleared]),
      await planOf([{ ...cleared, status: "left" }]),
    ];
    expect(plans).toEqual([
      { leavers: [], findings: ["personTwice", "unlisted"] },
      { leavers: [], findings: ["unclear", "unlisted"] },
      { leavers: [], findings: ["unlisted"] },
      { leavers: ["u-1"], findings: [] },
    ]);
  });
});
