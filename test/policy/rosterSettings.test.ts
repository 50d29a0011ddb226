import { describe, expect, it } from "vitest";
import { policySchema } from "../../src/policy/policy.ts";

const parse = (roster: object) =>
  policySchema.safeParse({ roster, accounts: [{ id: "team", domains: ["team.example"] }] });

describe("the policy's section on rosters", () => {
  it("may say a little, and the rest is as usual", () => {
    expect(parse({ columns: { email: "Adresse" }, left: ["Ausgetreten"] }).data?.roster).toMatchObject({
      columns: { email: "Adresse" },
      left: ["ausgetreten"],
      lists: "everybody",
      timeZone: "UTC",
      absent: "report",
      leastPercent: 90,
    });
  });

  it.each([
    [{ columns: { shoe: "Size" } }, "columns"],
    [{ timeZone: "Europe/Atlantis" }, "timeZone"],
    [{ absent: "delete" }, "absent"],
    [{ leastPercent: 101 }, "leastPercent"],
    [{ left: [] }, "left"],
  ])("refuses %j", (roster, field) => {
    expect(parse(roster).error?.issues.map(({ path }) => path.slice(0, 2))).toEqual([["roster", field]]);
  });
});
