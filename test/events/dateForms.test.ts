import { describe, expect, it } from "vitest";
import { decideForms, readDate, watchDates } from "../../src/events/dateForms.ts";

describe("reading a date", () => {
  it.each([
    ["2026-05-14", undefined, { kind: "day", day: "2026-05-14" }],
    ["2026-01-05-08:00", undefined, { kind: "day", day: "2026-01-05" }],
    ["2026-05-14T00:00:00Z", undefined, { kind: "day", day: "2026-05-14" }],
    ["2026-05-14T00:00:00-07:00", undefined, { kind: "day", day: "2026-05-14" }],
    ["2026-05-14 00:00:00.000", undefined, { kind: "day", day: "2026-05-14" }],
    ["2026-05-13T22:00:00.000Z", undefined, { kind: "moment", time: Date.UTC(2026, 4, 13, 22) }],
    ["/Date(1578182400000)/", undefined, { kind: "day", day: "2020-01-05" }],
    ["/Date(1778709600000)/", undefined, { kind: "moment", time: 1_778_709_600_000 }],
    ["04/30/2026", "M/D/YYYY", { kind: "day", day: "2026-04-30" }],
    ["1/5/2020 12:00:00 AM", "M/D/YYYY", { kind: "day", day: "2020-01-05" }],
    ["1/5/2020 12:00:00 AM", "D/M/YYYY", { kind: "day", day: "2020-05-01" }],
    ["30.04.2026", "D.M.YYYY", { kind: "day", day: "2026-04-30" }],
    ["30-Apr-2026", "D-MMM-YYYY", { kind: "day", day: "2026-04-30" }],
    ["30 April 2026", "D-MMM-YYYY", { kind: "day", day: "2026-04-30" }],
    ["Apr 30, 2026", "MMM D, YYYY", { kind: "day", day: "2026-04-30" }],
    ["20260430", "YYYYMMDD", { kind: "day", day: "2026-04-30" }],
    ["46142", "excel", { kind: "day", day: "2026-04-30" }],
    ["43835.5", "excel", { kind: "day", day: "2020-01-05" }],
    ["5/14/98", "M/D/YY", { kind: "day", day: "1998-05-14" }],
    ["2026-05-19T22:00:00+00:00", undefined, { kind: "moment", time: Date.UTC(2026, 4, 19, 22) }],
    ["9999-12-31T23:59:59Z", undefined, { kind: "day", day: "9999-12-31" }],
    ["5/14/26", "M/D/YY", { kind: "day", day: "2026-05-14" }],
    ["2026-05-14", "D.M.YYYY", { kind: "day", day: "2026-05-14" }],
    ["31/02/2026", "D/M/YYYY", undefined],
    ["2026-02-29", undefined, undefined],
    ["0000-00-00", undefined, undefined],
    ["04/30/2026", undefined, undefined],
    ["04/30/2026", "D/M/YYYY", undefined],
    ["soon", "M/D/YYYY", undefined],
  ] as const)("%s as %s", (text, form, expected) => {
    expect(readDate(text, form)).toEqual(expected);
  });
});

describe("deciding the form of dates", () => {
  function decide(cells: Record<string, string[]>, chosen: Parameters<typeof readDate>[1] = undefined) {
    const columns = new Map(Object.keys(cells).map((name) => [name, watchDates()]));
    for (const [name, texts] of Object.entries(cells))
      for (const [index, text] of texts.entries()) columns.get(name)?.see(text, index + 2);
    return Object.fromEntries(decideForms(columns, () => chosen));
  }

  it.each([
    ["ISO 8601 needs none", ["2026-05-14"], { kind: "read", form: undefined, because: "iso" }],
    [
      "a day above 12 proves it",
      ["01/05/2020", "04/30/2026"],
      { kind: "read", form: "M/D/YYYY", because: "proven" },
    ],
    ["a month in letters", ["05-Jan-2020"], { kind: "read", form: "D-MMM-YYYY", because: "sole" }],
    ["a year in front", ["20200105"], { kind: "read", form: "YYYYMMDD", because: "sole" }],
  ])("finds it by itself: %s", (_, texts, expected) => {
    expect(decide({ lastDay: texts })).toEqual({ lastDay: expected });
  });

  it.each([
    ["no cell proves which is the month", ["01/05/2020", "2/3/2021"], ["M/D/YYYY", "D/M/YYYY"]],
    ["nobody knows from which year Excel counts", ["43835"], ["excel"]],
    ["nobody knows the century", ["5/14/26"], ["M/D/YY"]],
  ])("leaves it open where %s", (_, texts, fitting) => {
    expect(decide({ lastDay: texts })).toEqual({ lastDay: { kind: "undecided", fitting, firstLine: 2 } });
  });

  it("takes another column's proof", () => {
    expect(decide({ hireDate: ["01/05/2020"], lastDay: ["", "04/30/2026"].filter(Boolean) })).toMatchObject({
      hireDate: { form: "M/D/YYYY", because: "proven" },
    });
  });

  it("names the first line that no form fits, or not the policy's", () => {
    expect(decide({ lastDay: ["04/30/2026", "30/04/2026"] })).toEqual({
      lastDay: { kind: "misfit", form: undefined, firstLine: 2 },
    });
    expect(decide({ lastDay: ["01/05/2020", "13/05/2020"] }, "M/D/YYYY")).toEqual({
      lastDay: { kind: "misfit", form: "M/D/YYYY", firstLine: 3 },
    });
  });
});
