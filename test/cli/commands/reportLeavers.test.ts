import { beforeAll, describe, expect, it } from "vitest";
import { useLedgerBench } from "./ledgerBench.ts";

const bench = useLedgerBench();
const period = ["--since", "2026-05-14", "--until", "2026-05-14"];

describe("rollcall report leavers", () => {
  beforeAll(async () => {
    await bench.settle(
      { eventId: "hr-1", minute: 0, personId: "P-1" },
      { accountId: "team", origin: "hibob" },
    );
    await bench.settle(
      { eventId: "hr-2", minute: 10, personId: "P-2" },
      { by: "grace", note: '=HYPERLINK("x"), she said' },
    );
    await bench.record(
      { eventId: "hr-3", minute: 20, personId: "P-3" },
      { outcome: "excluded", code: "exclusions.roles: Board*" },
    );
    await bench.settle({ eventId: "hr-4", minute: 20, personId: "P-4", intent: "onboard" });
    await bench.settle(
      { eventId: "hr-5", minute: 0, personId: "P-5" },
      { settledAt: "2026-05-15T00:00:00.000Z" },
    );
  });

  it("lists the leavers of a period", async () => {
    const { exitCode, stdout, stderr } = await bench.run(["report", "leavers", ...period]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const [headings, ...lines] = stdout.trimEnd().split("\n");
    expect(headings).toMatch(/^DECIDED +WANTED +RESULT AT +LATE +RESULT +PERSON$/);
    expect(lines.filter((line) => line.includes("P-1"))).toEqual([
      expect.stringMatching(
        /^2026-05-14T08:00:00Z +2026-05-14T08:00:00Z +2026-05-14T09:00:00Z +60 min +applied +P-1/,
      ),
    ]);
    expect(lines.at(-1)).toBe(
      "3 leaves between 2026-05-14T00:00:00Z and 2026-05-14T23:59:59Z, in TARGET: 2 applied, 1 excluded.",
    );
  });

  it("prints a table for a spreadsheet, in which no text is a formula", async () => {
    const { stdout } = await bench.run(["report", "leavers", ...period, "--csv"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe(
      "personId,eventId,accountId,decidedAt,effectiveAt,receivedAt,settledAt,lateSeconds,actor,note,result,code,requestId",
    );
    const day = (minute: string) => `2026-05-14T08:${minute}:00.000Z`;
    const settledAt = "2026-05-14T09:00:00.000Z";
    expect(lines.slice(1).toSorted()).toEqual([
      `P-1,hr-1,team,${day("00")},${day("00")},${day("00")},${settledAt},3600,hibob,,applied,,`,
      `P-2,hr-2,,${day("10")},${day("10")},${day("10")},${settledAt},3000,grace,"'=HYPERLINK(""x""), she said",applied,,`,
      `P-3,hr-3,,${day("20")},${day("20")},${day("20")},${settledAt},,,,excluded,exclusions.roles: Board*,`,
    ]);
  });

  it("tells programs all of it as one JSON object, and that nobody left is no failure", async () => {
    const { stdout } = await bench.run(["report", "leavers", ...period, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ count: 3, byResult: { applied: 2, excluded: 1 } });
    expect(await bench.run(["report", "leavers", "--since", "2025-05-14", "--until", "2025-05-14"])).toEqual({
      exitCode: 0,
      stdout: "No leave has a result between 2025-05-14T00:00:00Z and 2025-05-14T23:59:59Z, in TARGET.\n",
      stderr: "",
    });
  });

  it("refuses a period that ends before it begins", async () => {
    const { exitCode, stderr } = await bench.run([
      "report",
      "leavers",
      "--since",
      "2026-05-15",
      "--until",
      "2026-05-14",
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: "error: expected --since to be before --until, or before now if --until is left out\n",
    });
  });
});
