import { beforeAll, describe, expect, it } from "vitest";
import { useLedgerBench } from "./ledgerBench.ts";

const bench = useLedgerBench();
const day = ["--since", "2026-05-14", "--until", "2026-05-14", "--utc"];
const at = (time: string) => ({ settledAt: `2026-05-14T${time}.000Z` });

beforeAll(async () => {
  await bench.settle(
    { eventId: "hr-1", minute: 0, personId: "P-1", intent: "onboard" },
    { ...at("08:10:00"), accountId: "team-0001", requestId: "request-1" },
  );
  await bench.settle(
    { eventId: "hr-2", minute: 5, personId: "P-2" },
    { ...at("09:30:00"), accountId: "lwa-0001", outcome: "rejected", code: "UserNotFound" },
  );
  await bench.record(
    { eventId: "hr-3", minute: 9, personId: "P-3" },
    { ...at("09:00:00"), outcome: "held", code: "SuspensionLimit", accountId: "team-0001" },
  );
  await bench.settle(
    { eventId: "hr-4", minute: 10, personId: "P-1" },
    { ...at("23:59:59"), by: "eve@example.com" },
  );
  await bench.settle(
    { eventId: "hr-5", minute: 11, personId: "P-5" },
    { settledAt: "2026-05-15T00:00:00.000Z" },
  );
});

const eventsOf = async (...args: string[]) => {
  const { stdout } = await bench.run(["recent", ...args, "--json"]);
  return JSON.parse(stdout).entries.map(({ eventId }: { eventId: string }) => eventId);
};

describe("rollcall recent", () => {
  it("lists what happened in a period, the newest first", async () => {
    const { stdout, ...end } = await bench.run(["recent", ...day]);
    expect(end).toEqual({ exitCode: 0, stderr: "" });
    expect(
      stdout
        .replaceAll(/\d+ (d|h|min|s) /g, "? d ")
        .replaceAll(/ {2,}/g, " | ")
        .split("\n"),
    ).toEqual([
      "WHEN | AGO | OUTCOME | PIPELINE | PERSON | WHY",
      "2026-05-14T23:59:59Z | ? d | applied | offboard | P-1 | event hr-4 | by e***@example.com",
      "2026-05-14T09:30:00Z | ? d | rejected | offboard | P-2 | UserNotFound | event hr-2 | account lwa-0001",
      "2026-05-14T09:00:00Z | ? d | held | offboard | P-3 | too many suspensions at a time | event hr-3 | account team-0001",
      "2026-05-14T08:10:00Z | ? d | applied | onboard | P-1 | event hr-1 | account team-0001 | request request-1",
      "",
      "4 outcomes between 2026-05-14T00:00:00Z and 2026-05-14T23:59:59Z, in TARGET.",
      "",
    ]);
  });

  it.each([
    [
      ["--outcome", "rejected", "--outcome", "held"],
      ["hr-2", "hr-3"],
    ],
    [["--pipeline", "onboard"], ["hr-1"]],
    [
      ["--account", "team-0001"],
      ["hr-3", "hr-1"],
    ],
    [["--code", "UserNotFound"], ["hr-2"]],
    [
      ["--person", "P-1"],
      ["hr-4", "hr-1"],
    ],
    [["--person", "p-2@example.com"], ["hr-2"]],
    [["--person", "P-1", "--outcome", "held"], []],
    [
      ["--limit", "3"],
      ["hr-4", "hr-2", "hr-3"],
    ],
  ])("narrows them down by %j", async (filter, events) => {
    expect(await eventsOf(...day, ...filter)).toEqual(events);
  });

  it("says of a limit that there are older ones, and of nothing where it looked", async () => {
    const runs = await Promise.all([
      bench.run(["recent", ...day, "--limit", "1"]),
      bench.run([
        "recent",
        "--since",
        "2025-05-14",
        "--until",
        "2025-05-14",
        "--utc",
        "--pipeline",
        "offboard",
      ]),
      bench.run(["recent"]),
    ]);
    expect(runs.map(({ exitCode, stdout }) => [exitCode, stdout.trimEnd().split("\n").at(-1)])).toEqual([
      [
        0,
        "The 1 newest outcome between 2026-05-14T00:00:00Z and 2026-05-14T23:59:59Z, in TARGET. There are older ones: ask for more with --limit.",
      ],
      [
        0,
        "Nothing happened between 2025-05-14T00:00:00Z and 2025-05-14T23:59:59Z, pipeline offboard, in TARGET.",
      ],
      [0, expect.stringMatching(/^Nothing happened between \S+ and \S+, in TARGET\.$/)],
    ]);
  });

  it("tells programs the filters, and each outcome with its steps and its age", async () => {
    const { stdout } = await bench.run(["recent", ...day, "--code", "UserNotFound", "--json"]);
    const { entries, ...about } = JSON.parse(stdout);
    expect(about).toEqual({
      target: { stage: "dev", account: null, region: "us-east-1" },
      table: "rollcall-dev-ledger",
      since: "2026-05-14T00:00:00.000Z",
      until: "2026-05-14T23:59:59.999Z",
      outcome: null,
      pipeline: null,
      account: null,
      code: ["UserNotFound"],
      person: null,
      count: 1,
      more: false,
    });
    expect(entries).toMatchObject([
      { personId: "P-2", outcome: "rejected", settledAt: "2026-05-14T09:30:00.000Z", trail: [{}, {}] },
    ]);
  });

  it("refuses what it does not know", async () => {
    const runs = await Promise.all([
      bench.run(["recent", "--outcome", "lost"]),
      bench.run(["recent", "--limit", "0"]),
      bench.run(["recent", "--since", "2026-05-15", "--until", "2026-05-14"]),
    ]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr.split("\n")[0]])).toEqual([
      [2, expect.stringContaining("Allowed choices are applied, unchanged,")],
      [2, expect.stringContaining("Expected a whole number from 1 to 10,000.")],
      [2, "error: expected --since to be before --until, or before now if --until is left out"],
    ]);
  });
});
