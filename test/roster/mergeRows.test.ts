import { describe, expect, it } from "vitest";
import { aRoster, aRosterPerson, aRow } from "./samples.ts";

describe("the rows of a roster", () => {
  it("are one person where somebody has come back", () => {
    const rows = [
      aRow({ number: 2, email: "old@team.example", status: "left" }),
      aRow({ number: 3, previousEmails: ["older@team.example"] }),
    ];
    const person = { previousEmails: ["older@team.example"], otherEmails: ["old@team.example"] };
    expect(aRoster(rows)).toMatchObject({ people: [aRosterPerson({ number: 3, ...person })], conflicts: [] });
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

  it("count for nobody without an address", () => {
    const { email: _, ...without } = aRow();
    expect(aRoster([without])).toMatchObject({ people: [], withoutAddress: 1 });
  });
});
