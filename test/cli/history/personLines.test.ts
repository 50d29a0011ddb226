import { describe, expect, it } from "vitest";
import { personLines } from "../../../src/cli/history/personLines.ts";
import { toPersonReport } from "../../../src/cli/history/toPersonReport.ts";
import { entryOf, start, timeOf, waitingFor } from "../../ledger/decisions.ts";

const left = { eventId: "hr-20260514-0002", minute: 10 };
const back = { eventId: "hr-20260514-0003", minute: 20, intent: "reinstate" } as const;
const person = toPersonReport(
  {
    personId: "P-T0042",
    heads: [
      {
        aspect: "access",
        settled: { eventId: left.eventId, version: entryOf(left, "applied").version, as: "applied" },
      },
    ],
    entries: [
      {
        ...entryOf(left, "applied"),
        accountId: "0d5b2f0e-9f7c-4d6f-8f5e-0f8f2c5b4a11",
        requestId: "b7c9f2a4-2f19-4d1a-8f4e-5a2c9e7d1f00",
      },
    ],
    waiting: [waitingFor(back, 24 * 60)],
    held: [],
  },
  (text) => text,
  start,
);
const plain = (width: number) => ({ width, paint: (_: unknown, text: string) => text });

describe("personLines", () => {
  it("fits 80 columns", () => {
    expect(personLines(person, plain(80), timeOf(60))).toEqual([
      "P-T0042: suspended (EmployeeLeft hr-20260514-0002 applied 2026-05-14T09:00:00Z)",
      "",
      "DECIDED               INTENT    OUTCOME  AFTER   WHY",
      "2026-05-14T08:10:00Z  offboard  applied  50 min",
      "  event hr-20260514-0002  account 0d5b2f0e-9f7c-4d6f-8f5e-0f8f2c5b4a11",
      "  request b7c9f2a4-2f19-4d1a-8f4e-5a2c9e7d1f00  received 2026-05-14T08:10:00Z",
      "  settled 2026-05-14T09:00:00Z",
      "",
      "DUE                   IN    INTENT     PERSON  WAITS FOR",
      "2026-05-15T08:00:00Z  24 h  reinstate  ada     its day    event hr-20260514-0003",
      "",
      "Nobody is at work on this person right now.",
    ]);
  });

  it("says of each aspect who is at work, or whose work came to no end", () => {
    const until = new Date(timeOf(61)).toISOString();
    const heads = (["held", "lapsed"] as const).map((state) => ({
      aspect: "access" as const,
      settled: null,
      lease: { state, owner: "one", until },
    }));
    const ownerless = { aspect: "license", settled: null, lease: { state: "lapsed" } } as const;
    const lines = personLines({ ...person, heads: [...heads, ownerless] }, plain(80), timeOf(60));
    expect(lines.slice(-3)).toEqual([
      "access: invocation one is at work, until 2026-05-14T09:01:00Z at the latest (in 60 s).",
      "access: invocation one had until 2026-05-14T09:01:00Z and came to no end; its message comes again.",
      "license: an earlier invocation came to no end; its message comes again.",
    ]);
  });

  it("makes one line of each record where nobody watches", () => {
    const lines = personLines(person, plain(Number.POSITIVE_INFINITY), timeOf(60));
    expect(lines.length).toBe(9);
  });
});
