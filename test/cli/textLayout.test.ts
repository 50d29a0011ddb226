import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { tableLines, withoutControlCharacters } from "../../src/cli/textLayout.ts";
import { clockText, durationText } from "../../src/operations/words/plainWords.ts";

const plain = (width: number) => ({ width, paint: (_: unknown, text: string) => text });
const rows = [
  { cells: ["1", "short", "x"], details: ["event a", "since then"] },
  { cells: ["22", "a longer one", ""], details: ["event b"] },
];

describe("tableLines", () => {
  it("puts details beside the columns where there is room for those of every row", () => {
    expect(tableLines(["N", "TEXT", "X"], rows, plain(45))).toEqual([
      "N   TEXT          X",
      "1   short         x  event a  since then",
      "22  a longer one     event b",
    ]);
  });

  it("puts them below, broken between them, where there is not", () => {
    expect(tableLines(["N", "TEXT", "X"], rows, plain(20))).toEqual([
      "N   TEXT          X",
      "1   short         x",
      "  event a",
      "  since then",
      "22  a longer one",
      "  event b",
    ]);
  });

  it("breaks no word of a table that is wider than the screen", () => {
    const wide = [
      {
        cells: ["order", "no", "superseded by a decision that somebody made later"],
        details: ["[the ledger]"],
      },
      { cells: ["call", "yes", "BatchSuspendUser"], details: [] },
    ];
    expect(tableLines(["QUESTION", "ANSWER", "WHY"], wide, plain(40))).toEqual([
      "QUESTION  ANSWER  WHY",
      "order     no      superseded by a",
      "                  decision that somebody",
      "                  made later",
      "  [the ledger]",
      "call      yes     BatchSuspendUser",
    ]);
    const ids = [{ cells: ["2026-05-14T08:00:00Z", "team-0001", "hr-0123456789"], details: [] }];
    expect(tableLines(["SINCE", "ACCOUNT", "EVENT"], ids, plain(40))).toEqual([
      "SINCE                 ACCOUNT",
      "2026-05-14T08:00:00Z  team-0001",
      "  event hr-0123456789",
    ]);
  });

  it("colours text without moving a column", () => {
    const paint = (style: unknown, text: string) => `<${style}>${text}</>`;
    const styled = [{ cells: ["1", { text: "ok", style: "green" as const }, "x"], details: ["d"] }];
    expect(tableLines(["N", "STATE", "X"], styled, { width: 80, paint })).toEqual([
      "<bold>N</>  <bold>STATE</>  <bold>X</>",
      "1  <green>ok</>     x  <dim>d</>",
    ]);
  });

  it("cuts nothing off, and makes no line longer than the screen but for a detail or a row that is", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { maxLength: 6 });
    const row = fc.record({ cells: fc.tuple(fc.stringMatching(/^[a-z]{1,20}$/)), details: words });
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 25, max: 120 }), (anyRows, width) => {
        const lines = tableLines(["A"], anyRows, plain(width));
        const said = anyRows.flatMap(({ cells, details }) => [...cells, ...details]);
        expect(lines.slice(1).join(" ").split(/ +/).filter(Boolean)).toEqual(said);
        expect(lines.filter((line) => line.length > Math.max(width, 32))).toEqual([]);
      }),
    );
  });
});

describe("durationText", () => {
  it.each([
    [0, "0 s"],
    [0.9, "0 s"],
    [-0.5, "0 s"],
    [119.9, "119 s"],
    [120, "2 min"],
    [7199, "119 min"],
    [7200, "2 h"],
    [172_799, "47 h"],
    [172_800, "2 d"],
    [31_536_000, "365 d"],
    [-90, "-90 s"],
    [-86_400, "-24 h"],
  ])("writes %d seconds as %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

describe("withoutControlCharacters", () => {
  it("lets no control character reach a terminal, in texts and names at any depth", () => {
    const evil = "hr-\u001b[2J\u009b1m\u202e\n17";
    const shown = "hr-\ufffd[2J\ufffd1m\ufffd\ufffd17";
    const report = { id: evil, count: 3, none: null, list: [{ [evil]: evil }], absent: undefined };
    expect(withoutControlCharacters(report)).toEqual({
      id: shown,
      count: 3,
      none: null,
      list: [{ [shown]: shown }],
    });
  });
});

describe("clockText", () => {
  const { TZ } = process.env;
  afterEach(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  it.each([
    ["Europe/Berlin", "2026-05-14T22:30:05.999Z", "2026-05-15T00:30:05+02:00"],
    ["Asia/Kolkata", "2026-05-14T22:30:05Z", "2026-05-15T04:00:05+05:30"],
    ["America/St_Johns", "2026-01-14T02:00:00Z", "2026-01-13T22:30:00-03:30"],
    ["UTC", "2026-05-14T22:30:05Z", "2026-05-14T22:30:05+00:00"],
  ])(
    "tells a time in the zone %s with its offset, so that nobody takes it for another",
    (zone, moment, text) => {
      process.env.TZ = zone;
      expect([clockText(moment, "local"), Date.parse(text)]).toEqual([
        text,
        Math.floor(Date.parse(moment) / 1000) * 1000,
      ]);
    },
  );

  it("tells it in UTC to the second", () => {
    process.env.TZ = "Europe/Berlin";
    expect(clockText("2026-05-14T22:30:05.999Z", "utc")).toBe("2026-05-14T22:30:05Z");
  });
});
