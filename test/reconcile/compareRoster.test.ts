import { describe, expect, it } from "vitest";
import { chimeLimits } from "../../src/directory/chime/chimeCapabilities.ts";
import { unknownLicense } from "../../src/directory/directory.ts";
import { versionKey } from "../../src/provisioning/decision.ts";
import { planRosterCalls } from "../../src/reconcile/planRoster.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aUser, noon } from "../provisioning/samples.ts";
import { compareWithDirectory, publishThroughProvisioning } from "./publishThroughProvisioning.ts";
import { aDirectory, aRoster, aRow } from "./samples.ts";

const ada = aUser({ email: "ada@team.example" });

async function compared(rows: Parameters<typeof aRoster>[0], users: readonly ReturnType<typeof aUser>[]) {
  const { changes, findings } = await compareWithDirectory(aRoster(rows), aDirectory(users));
  return { changes: changes.map(({ kind, desired }) => [kind, desired.operation, desired.target]), findings };
}

describe("a comparison", () => {
  it("finds joiners, leavers, returners and wrong licenses", async () => {
    const rows = [
      aRow({ personId: "joins", email: "joins@team.example", role: "engineer" }),
      aRow({ personId: "leaves", email: "leaves@team.example", status: "left" }),
      aRow({ personId: "returns", email: "returns@lwa.example" }),
      aRow({ personId: "moves", email: "moves@team.example", role: "engineer" }),
      aRow({ personId: "stays", email: "stays@team.example", role: "cook" }),
      aRow({ personId: "left", email: "left@team.example", status: "left" }),
    ];
    const users = [
      aUser({ userId: "u-leaves", email: "leaves@team.example" }),
      aUser({ userId: "u-returns", email: "returns@lwa.example", state: "suspended" }),
      aUser({ userId: "u-moves", email: "moves@team.example" }),
      aUser({ userId: "u-stays", email: "stays@team.example" }),
    ];
    expect(await compared(rows, users)).toEqual({
      changes: [
        ["joiner", "create", "joins@team.example"],
        ["license", "setLicense", "joins@team.example"],
        ["leaver", "suspend", "u-leaves"],
        ["returner", "unsuspend", "u-returns"],
        ["license", "setLicense", "u-moves"],
      ],
      findings: [],
    });
  });

  it("decides as of the roster's time, and not urgently", async () => {
    const rows = [aRow({ status: "left", previousEmails: ["a@team.example"] })];
    const { changes } = await compareWithDirectory(aRoster(rows), aDirectory([ada]));
    const newest = changes[0]?.desired.group.newest;
    const times = { occurredAt: noon, effectiveAt: noon };
    const version = versionKey({ ...times, intent: "offboard", eventId: String(newest?.eventId) });
    expect(newest).toMatchObject({ ...times, version, urgent: false, accountId: "team" });
  });

  it("matches a person by a previous address, but not by one that is another's today", async () => {
    const rows = [
      aRow({
        personId: "p-1",
        email: "ada.king@team.example",
        previousEmails: ["ada@team.example"],
        status: "left",
      }),
      aRow({ personId: "p-2", email: "bob@team.example" }),
      aRow({
        personId: "p-3",
        email: "b.o@team.example",
        previousEmails: ["bob@team.example"],
        status: "left",
      }),
    ];
    const users = [ada, aUser({ userId: "u-2", email: "bob@team.example" })];
    expect(await compared(rows, users)).toEqual({ changes: [["leaver", "suspend", "u-1"]], findings: [] });
  });

  it("invites anew whoever was suspended under a previous address, since invitations go by address", async () => {
    const rows = [aRow({ email: "ada.king@team.example", previousEmails: [ada.email], role: "engineer" })];
    const target = "ada.king@team.example";
    expect(await compared(rows, [aUser({ ...ada, state: "suspended" })])).toEqual({
      changes: [
        ["joiner", "create", target],
        ["license", "setLicense", target],
      ],
      findings: [],
    });
  });

  it("matches a person by whichever previous address has a user", async () => {
    const row = { email: "ada.king@team.example", previousEmails: ["a@team.example", ada.email] };
    expect(await compared([aRow({ ...row, status: "left" })], [ada])).toEqual({
      changes: [["leaver", "suspend", "u-1"]],
      findings: [],
    });
    expect(await compared([aRow(row)], [ada])).toEqual({ changes: [], findings: [] });
  });

  it("matches a person by the current address, though a previous one has a user too", async () => {
    const earlier = aUser({ userId: "u-2", email: "a.byron@team.example" });
    expect(
      await compared([aRow({ previousEmails: [earlier.email], status: "left" })], [ada, earlier]),
    ).toMatchObject({
      changes: [["leaver", "suspend", "u-1"]],
      findings: [{ conflict: { kind: "leaverElsewhere", email: earlier.email, personId: "p-1" } }],
    });
  });

  it("excludes whoever has no account, also with a previous address that has one", async () => {
    const row = aRow({ email: "ada@elsewhere.example", previousEmails: [ada.email] });
    const { changes, findings } = await compared([row], [ada]);
    expect([changes, findings.map(({ kind }) => kind)]).toEqual([[], ["excluded", "unlisted"]]);
  });

  it("lets in again by the user's id where the account does not go by addresses", async () => {
    const row = aRow({ email: "ada.king@lwa.example", previousEmails: ["ada@lwa.example"] });
    const user = aUser({ email: "ada@lwa.example", state: "suspended" });
    expect((await compared([row], [user])).changes).toEqual([["returner", "unsuspend", "u-1"]]);
  });

  it("does nothing about who is to come, and counts them", async () => {
    const rows = [
      aRow({ hireDate: "2026-06-01" }),
      aRow({ personId: "p-2", email: "b@team.example" }),
      aRow({ personId: "p-3", email: "c@team.example", status: "left" }),
      aRow({ personId: "p-4", email: "d@team.example", status: "left" }),
    ];
    const { email: _, ...without } = aRow({ personId: "p-5" });
    const users = [ada, aUser({ userId: "u-2", email: "b@team.example" })];
    expect(await compareWithDirectory(aRoster([...rows, without]), aDirectory(users))).toEqual({
      changes: [],
      findings: [],
      counts: { people: 4, present: 1, left: 2, later: 1, withoutAddress: 1 },
    });
  });

  it("counts the names that are wrong, of whomever", async () => {
    const rows = [
      aRow({ droppedTexts: 2 }),
      aRow({ personId: "p-2", email: "b@team.example", status: "left", droppedTexts: 1 }),
    ];
    expect((await compareWithDirectory(aRoster(rows), aDirectory([ada]))).counts).toMatchObject({
      droppedTexts: 3,
    });
  });

  it("leaves the license of who is to come, and of who leaves", async () => {
    const users = [ada, aUser({ userId: "u-2", email: "b@team.example" })];
    const rows = [
      aRow({ hireDate: "2026-06-01", licenseType: "Pro" }),
      aRow({ personId: "p-2", email: "b@team.example", status: "left", licenseType: "Pro" }),
    ];
    expect(await compared(rows, users)).toEqual({ changes: [["leaver", "suspend", "u-2"]], findings: [] });
  });

  it("invites anew who is suspended under the current address, and takes them for a returner", async () => {
    const suspended = aUser({ ...ada, state: "suspended" });
    const { changes } = await compareWithDirectory(aRoster([aRow()]), aDirectory([suspended]));
    expect(changes).toMatchObject([
      { kind: "returner", desired: { operation: "create", target: ada.email }, user: suspended },
    ]);
  });

  it("invites anew whose invitation lapsed, where people are invited, and leaves to the others to register", async () => {
    const rows = [aRow(), aRow({ personId: "p-2", email: "bob@lwa.example" })];
    const users = [
      aUser({ ...ada, state: "lapsed" }),
      aUser({ userId: "u-2", email: "bob@lwa.example", state: "lapsed" }),
    ];
    expect(await compared(rows, users)).toEqual({
      changes: [["joiner", "create", ada.email]],
      findings: [],
    });
  });

  it("asks for no license of whom the directory does not tell it: a plan would never become empty", async () => {
    const user = aUser({ ...ada, license: unknownLicense });
    expect(await compared([aRow({ licenseType: "Pro" })], [user])).toEqual({ changes: [], findings: [] });
  });

  it("leaves a leaver who is suspended already as they are", async () => {
    expect(await compared([aRow({ status: "left" })], [aUser({ ...ada, state: "suspended" })])).toEqual({
      changes: [],
      findings: [],
    });
  });

  it("leaves who is invited already as they are", async () => {
    expect(await compared([aRow()], [aUser({ ...ada, state: "invited" })])).toEqual({
      changes: [],
      findings: [],
    });
  });

  it("changes no license of a joiner that is the account's default, or that nobody names", async () => {
    const rows = [
      aRow({ personId: "p-1", email: "a@team.example", licenseType: "Basic" }),
      aRow({ personId: "p-2", email: "b@team.example", licenseType: "Pro" }),
      aRow({ personId: "p-3", email: "c@team.example" }),
    ];
    expect((await compared(rows, [])).changes).toEqual([
      ["joiner", "create", "a@team.example"],
      ["joiner", "create", "b@team.example"],
      ["license", "setLicense", "b@team.example"],
      ["joiner", "create", "c@team.example"],
    ]);
  });

  it("finds what would be a dead letter, with its reason", async () => {
    const { findings } = await compared([aRow({ licenseType: "Plus" })], [ada]);
    expect(findings).toEqual([
      {
        kind: "impossible",
        email: ada.email,
        accountId: "team",
        personId: "p-1",
        code: "LicenseNotSupported",
        reason: expect.stringMatching(/^account team has no license "Plus"/),
      },
    ]);
  });

  it("does nothing about a user whom two people match", async () => {
    const rows = ["p-1", "p-2"].map((personId) =>
      aRow({ personId, email: `${personId}@team.example`, previousEmails: [ada.email], status: "left" }),
    );
    const conflict = { kind: "userTwice", accountId: "team", email: ada.email, personIds: ["p-1", "p-2"] };
    expect(await compared(rows, [ada])).toEqual({ changes: [], findings: [{ kind: "conflict", conflict }] });
  });

  it("does nothing about a user whose address is contested, though a leaver had it before", async () => {
    const rows = [
      aRow({ personId: "p-1", number: 2, email: ada.email }),
      aRow({ personId: "p-2", number: 3, email: ada.email }),
      aRow({
        personId: "p-3",
        number: 4,
        email: "a.king@team.example",
        previousEmails: [ada.email],
        status: "left",
      }),
    ];
    const conflict = { kind: "addressTwice", email: ada.email, personIds: ["p-1", "p-2"] };
    expect(await compared(rows, [ada])).toEqual({ changes: [], findings: [{ kind: "conflict", conflict }] });
  });

  it("does nothing about a person with two active users, and takes the active one of two", async () => {
    const other = aUser({ ...ada, userId: "u-2" });
    const { changes, findings } = await compared([aRow({ status: "left" })], [ada, other]);
    expect(changes).toEqual([]);
    expect(findings).toContainEqual({
      kind: "conflict",
      conflict: { kind: "twoUsers", accountId: "team", email: ada.email, personId: "p-1" },
    });
    const suspended = aUser({ ...other, state: "suspended" });
    for (const users of [
      [suspended, ada],
      [ada, suspended],
    ])
      expect(await compared([aRow({ status: "left" })], users)).toEqual({
        changes: [["leaver", "suspend", "u-1"]],
        findings: [],
      });
  });

  it("finds a second account of somebody, and leaves it as it is", async () => {
    const rows = [aRow(), aRow({ number: 3, email: "ada@lwa.example", status: "left" })];
    const second = aUser({ userId: "u-2", email: "ada@lwa.example" });
    const conflict = { kind: "secondAccount", accountId: "lwa", email: "ada@lwa.example", personId: "p-1" };
    expect(await compared(rows, [ada, second])).toEqual({
      changes: [],
      findings: [{ kind: "conflict", conflict }],
    });
  });

  it("finds active users without a row, and suspends them only where the settings say so", async () => {
    const roster = aRoster([aRow({ email: "bob@team.example" })]);
    const users = [
      ada,
      aUser({ userId: "u-2", email: "bob@team.example" }),
      aUser({ userId: "u-3", email: "carl@team.example", state: "suspended" }),
    ];
    const unlisted = { kind: "unlisted", email: ada.email, accountId: "team", user: ada };
    expect(await compared([aRow({ email: "bob@team.example" })], users)).toEqual({
      changes: [],
      findings: [unlisted],
    });
    const { changes } = await compareWithDirectory(roster, aDirectory(users), { absent: "suspend" });
    expect(changes.map(({ desired }) => [desired.target, desired.group.newest.personId])).toEqual([
      ["u-1", "unlisted-u-1"],
    ]);
  });

  it("leaves alone devices, which are nobody's: in a row or without one", async () => {
    const room = aUser({ userId: "room", email: "room@team.example", type: "device" });
    const roster = aRoster([aRow(), aRow({ personId: "p-2", email: room.email, status: "left" })]);
    const reports = [roster, aRoster([aRow()])].map((one) =>
      compareWithDirectory(one, aDirectory([ada, room]), { absent: "suspend" }),
    );
    const compared = await Promise.all(reports);
    expect(compared.map(({ changes, findings }) => [changes, findings])).toEqual([
      [[], []],
      [[], []],
    ]);
  });

  it("never suspends a guest of a foreign domain, who cannot be in the roster", async () => {
    const guest = aUser({ email: "guest@elsewhere.example" });
    const directory = fakeDirectory([
      { accountId: "team", type: "Team", users: [guest] },
      { accountId: "lwa", type: "EnterpriseLWA" },
      { accountId: "oidc", type: "EnterpriseOIDC" },
    ]);
    const { changes, findings } = await compareWithDirectory(aRoster([]), directory, { absent: "suspend" });
    const rule = "no account of the policy has the domain elsewhere.example";
    expect({ changes, findings }).toEqual({
      changes: [],
      findings: [{ kind: "excluded", email: guest.email, rule }],
    });
  });

  it("never suspends an account without a row whose address belongs to another account", async () => {
    const stray = aUser({ email: "stray@lwa.example" });
    const directory = fakeDirectory([
      { accountId: "team", type: "Team", users: [stray] },
      { accountId: "lwa", type: "EnterpriseLWA" },
      { accountId: "oidc", type: "EnterpriseOIDC" },
    ]);
    const { changes, findings } = await compareWithDirectory(aRoster([]), directory, { absent: "suspend" });
    expect({ changes, findings }).toEqual({
      changes: [],
      findings: [{ kind: "unlisted", email: stray.email, accountId: "team", user: stray }],
    });
  });

  it("changes nothing in an account that is managed elsewhere, and waits for people who register by themselves", async () => {
    const rows = [
      aRow({ personId: "there", email: "there@oidc.example" }),
      aRow({ personId: "gone", email: "gone@oidc.example", status: "left" }),
      aRow({ personId: "new", email: "new@lwa.example", role: "engineer" }),
      aRow({ personId: "foreign", email: "foreign@elsewhere.example" }),
    ];
    const users = ["there", "gone"].map((name) => aUser({ userId: name, email: `${name}@oidc.example` }));
    const { changes, findings } = await compared(rows, users);
    expect(changes).toEqual([]);
    expect(findings).toEqual([
      expect.objectContaining({ kind: "impossible", email: "gone@oidc.example", code: "ManagedInDirectory" }),
      { kind: "awaited", email: "new@lwa.example", accountId: "lwa", personId: "new" },
      {
        kind: "excluded",
        email: "foreign@elsewhere.example",
        personId: "foreign",
        rule: "no account of the policy has the domain elsewhere.example",
      },
    ]);
  });

  it("plans for thousands in two accounts exactly the calls that provisioning makes then", async () => {
    const people = Array.from({ length: 2600 }, (_, index) => ({
      domain: index % 3 === 0 ? "lwa" : "team",
      index,
    }));
    const rows = people.map(({ domain, index }) =>
      aRow({
        personId: `p-${index}`,
        email: `n${index}@${domain}.example`,
        ...(index % 2 === 0 && { status: "left" as const }),
        role: "engineer",
      }),
    );
    const users = people.map(({ domain, index }) =>
      aUser({
        userId: `u-${index}`,
        email: `n${index}@${domain}.example`,
        state: index % 2 === 0 || index % 5 === 0 ? "active" : "suspended",
      }),
    );
    const directory = aDirectory(users);
    const plan = await compareWithDirectory(aRoster(rows), directory);
    const calls = planRosterCalls(
      plan.changes,
      () => chimeLimits,
      () => [],
    );
    const before = directory.calls.length;
    await publishThroughProvisioning(plan, directory);
    const made = directory.calls
      .slice(before)
      .flatMap(({ request }) => ("entries" in request ? [request] : []));
    const count = (accountId: string, operation: string) => {
      const alike = made.filter((call) => call.accountId === accountId && call.operation === operation);
      return { calls: alike.length, users: alike.reduce((sum, { entries }) => sum + entries.length, 0) };
    };
    expect(calls).toEqual(
      calls.map(({ accountId, operation }) => ({ accountId, operation, ...count(accountId, operation) })),
    );
    expect(calls.reduce((sum, { calls }) => sum + calls, 0)).toBe(made.length);
    // Nobody is looked up: the ids came with the events.
    expect(directory.calls.slice(before).filter(({ request }) => request.operation === "findUser")).toEqual(
      [],
    );
  });
});
