import { describe, expect, it } from "vitest";
import { presenceAt } from "../../src/reconcile/mergeRows.ts";
import { aRoster, aRosterPerson, aRow } from "./samples.ts";

describe("the rows of a roster", () => {
  it("are one person where somebody has come back", () => {
    const rows = [
      aRow({ number: 2, email: "old@team.example", status: "left" }),
      aRow({ number: 3, previousEmails: ["older@team.example"] }),
    ];
    const person = { previousEmails: ["older@team.example"], otherEmails: ["old@team.example"] };
    expect(aRoster(rows)).toMatchObject({
      people: [aRosterPerson({ number: 3, ...person })],
      conflicts: [],
    });
  });

  it("are one person by whatever names, of which those of the decisive row count", () => {
    const rows = [
      aRow({ number: 2, status: "left", profile: { familyName: "Byron" } }),
      aRow({ number: 3, profile: { familyName: "King" } }),
      aRow({ number: 4, profile: { familyName: "Lovelace" } }),
    ];
    expect(aRoster(rows)).toMatchObject({
      people: [aRosterPerson({ number: 3, profile: { familyName: "King" } })],
      conflicts: [],
    });
  });

  it("leave a person without access between two employments", () => {
    const rows = [aRow({ status: "left" }), aRow({ number: 3, hireDate: "2026-06-01" })];
    expect(aRoster(rows).people).toEqual([aRosterPerson({ presence: "left" })]);
  });

  it("are a conflict where they give somebody who is there two addresses, roles or licenses", () => {
    for (const other of [{ email: "a.l@team.example" }, { role: "cook" }, { licenseType: "Pro" }]) {
      const { people, conflicts, contested } = aRoster([aRow(), aRow({ number: 3, ...other })]);
      expect({ people, conflicts }).toEqual({
        people: [],
        conflicts: [{ kind: "personTwice", personId: "p-1", rows: [2, 3] }],
      });
      expect(contested.has("ada@team.example")).toBe(true);
    }
  });

  it("are contested with every address of a person about whom they contradict themselves", () => {
    const rows = [
      aRow({ number: 2, email: "a@team.example", previousEmails: ["b@team.example"], role: "cook" }),
      aRow({ number: 3, email: "a@team.example", role: "engineer" }),
      aRow({ number: 4, email: "c@team.example", previousEmails: ["d@team.example"], status: "left" }),
      aRow({ number: 5, personId: "p-2", email: "e@team.example", status: "left" }),
      aRow({ number: 6, personId: "p-2", email: "f@team.example", previousEmails: ["g@team.example"] }),
      aRow({ number: 7, personId: "p-3", email: "f@team.example" }),
    ];
    const { people, conflicts, contested } = aRoster(rows);
    expect({ people, conflicts, contested: [...contested].sort() }).toEqual({
      people: [],
      conflicts: [
        { kind: "personTwice", personId: "p-1", rows: [2, 3] },
        { kind: "addressTwice", email: "f@team.example", personIds: ["p-2", "p-3"] },
      ],
      contested: ["a", "b", "c", "d", "e", "f", "g"].map((name) => `${name}@team.example`),
    });
  });

  it("of several jobs are one person, with each address once and the role that they agree on", () => {
    const job = { email: "ada@team.example", previousEmails: ["b@team.example"], role: "cook" };
    expect(aRoster([aRow(job), aRow({ ...job, number: 3 })])).toMatchObject({
      people: [aRosterPerson({ ...job, otherEmails: [] })],
      conflicts: [],
    });
  });

  it("give an address to the first of those who have left, and to those rather than to who is to come", () => {
    const left = (personId: string, number: number) => aRow({ personId, number, status: "left" });
    const later = aRow({ personId: "p-9", hireDate: "2026-06-01" });
    expect(
      [
        [left("p-1", 2), left("p-2", 3)],
        [later, left("p-1", 2)],
      ].map((rows) => aRoster(rows).people),
    ).toEqual(Array(2).fill([aRosterPerson({ presence: "left" })]));
  });

  it("may differ where somebody is still to come: nothing is done about them yet", () => {
    const rows = ["Acme", "Other"].map((company) =>
      aRow({ hireDate: "2026-06-01", attributes: { company } }),
    );
    expect(aRoster(rows).conflicts).toEqual([]);
  });

  it("are a conflict where two people who are there have one address", () => {
    expect(aRoster([aRow(), aRow({ personId: "p-2" })])).toMatchObject({
      people: [],
      conflicts: [{ kind: "addressTwice", email: "ada@team.example", personIds: ["p-1", "p-2"] }],
    });
  });

  it("give an address to who is there, not to who had it before and has left", () => {
    const rows = [aRow({ personId: "p-0", status: "left" }), aRow()];
    expect(aRoster(rows)).toMatchObject({ people: [aRosterPerson()], conflicts: [] });
  });

  it("keep a leaver whose address has passed on, under the other address that nobody else has", () => {
    const rows = [
      aRow({ number: 2, email: "shared@team.example", status: "left" }),
      aRow({ number: 3, email: "ada@team.example", status: "left" }),
      aRow({ number: 4, personId: "p-2", email: "shared@team.example", status: "present" }),
    ];
    const { people, conflicts } = aRoster(rows);
    expect([people.map(({ personId, email, presence }) => [personId, email, presence]), conflicts]).toEqual([
      [
        ["p-1", "ada@team.example", "left"],
        ["p-2", "shared@team.example", "present"],
      ],
      [],
    ]);
  });

  it("keep such a leaver under an earlier address, unless it may be that of somebody who is there", () => {
    const leaver = aRow({ number: 2, email: "shared@team.example", status: "left" });
    const previousEmails = ["earlier@team.example"];
    const present = aRow({ number: 3, personId: "p-2", email: "shared@team.example", status: "present" });
    const leaversOf = (...rows: ReturnType<typeof aRow>[]) =>
      aRoster(rows).people.flatMap(({ presence, email }) => (presence === "left" ? [email] : []));
    expect([
      leaversOf({ ...leaver, previousEmails }, present),
      leaversOf({ ...leaver, previousEmails }, { ...present, previousEmails }),
    ]).toEqual([previousEmails, []]);
  });

  it("count for nobody without an address", () => {
    const { email: _, ...without } = aRow();
    expect(aRoster([without])).toMatchObject({ people: [], withoutAddress: 1 });
  });
});

describe("presence", () => {
  const at = (iso: string, row: Parameters<typeof aRow>[0], zone = "UTC") =>
    presenceAt(Date.parse(iso), zone)(aRow(row));

  it.each([
    ["Pacific/Auckland", "2026-05-14T11:59:59Z", "2026-05-14T12:00:00Z"],
    ["America/Los_Angeles", "2026-05-15T06:59:59Z", "2026-05-15T07:00:00Z"],
    // The clocks go back in the night after: the day has 24 h, the next one 25.
    ["Europe/Berlin", "2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z"],
  ])("ends at the end of the last day in %s", (timeZone, before, after) => {
    const lastDay = timeZone === "Europe/Berlin" ? "2026-10-24" : "2026-05-14";
    expect([at(before, { lastDay, timeZone }), at(after, { lastDay, timeZone })]).toEqual([
      "present",
      "left",
    ]);
  });

  it("ends in the roster's time zone where a row names none", () => {
    const row = { lastDay: "2026-05-14" };
    expect(at("2026-05-14T13:00:00Z", row, "Pacific/Auckland")).toBe("left");
    expect(at("2026-05-14T13:00:00Z", row)).toBe("present");
  });

  it("depends on the dates and the time zone of each row, though many share them", () => {
    const presenceOf = presenceAt(Date.parse("2026-05-14T12:00:00Z"), "UTC");
    const rows = [
      { lastDay: "2026-05-14", timeZone: "Pacific/Auckland" },
      { lastDay: "2026-05-14" },
      { lastDay: "2026-05-13" },
      { lastDay: "2026-05-14", timeZone: "Pacific/Auckland" },
      { lastDay: "2026-05-14" },
    ];
    expect(rows.map((row) => presenceOf(aRow(row)))).toEqual(["left", "present", "left", "left", "present"]);
  });

  it("begins with the hire date", () => {
    const row = { hireDate: "2026-05-15", timeZone: "Pacific/Auckland" };
    expect(at("2026-05-14T11:59:59Z", row)).toBe("later");
    expect(at("2026-05-14T12:00:00Z", row)).toBe("present");
  });

  it("follows the last day rather than a status that was set ahead, or not yet", () => {
    const noon = "2026-05-14T12:00:00Z";
    expect(at(noon, { status: "left", lastDay: "2026-05-20" })).toBe("present");
    expect(at(noon, { status: "present", lastDay: "2026-05-13" })).toBe("left");
    expect(at(noon, { status: "left" })).toBe("left");
  });

  it("ends with the last day of an employment of one day, which is not an earlier one", () => {
    const row = { hireDate: "2026-05-13", lastDay: "2026-05-13" };
    expect(at("2026-05-13T23:59:59Z", row)).toBe("present");
    expect(at("2026-05-14T00:00:00Z", row)).toBe("left");
  });

  it("does not end by the last day of an earlier employment", () => {
    const row = { hireDate: "2026-05-01", lastDay: "2025-12-31" };
    expect(at("2026-05-14T12:00:00Z", { ...row, status: "present" })).toBe("present");
    expect(at("2026-05-14T12:00:00Z", { ...row, status: "left" })).toBe("left");
  });

  it("believes a last day beside a present status for a month, and then takes nobody for a leaver", () => {
    const row = { status: "present", lastDay: "2026-04-12" } as const;
    expect(at("2026-05-13T23:59:59Z", row)).toBe("left");
    expect(at("2026-05-14T00:00:00Z", row)).toBe("endedLongAgo");
    expect(at("2026-05-14T00:00:00Z", { ...row, rehireDate: "2026-05-01" })).toBe("present");
    expect(at("2026-05-14T00:00:00Z", { ...row, status: "left" })).toBe("left");
  });

  it("tells nothing by an empty status, but what a last day tells", () => {
    expect(at("2026-05-14T12:00:00Z", { status: "missing" })).toBe("statusMissing");
    expect(at("2026-05-14T12:00:00Z", { status: "differing" })).toBe("statusesDiffer");
    expect(at("2026-05-14T12:00:00Z", { status: "missing", lastDay: "2026-05-13" })).toBe("left");
    expect(at("2026-05-14T12:00:00Z", { status: "missing", hireDate: "2026-06-01" })).toBe("later");
  });
});
