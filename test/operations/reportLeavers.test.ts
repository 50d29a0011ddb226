import { expect, it } from "vitest";
import type { JournalEntry } from "../../src/ledger/ledger.ts";
import { reportLeavers } from "../../src/operations/reportLeavers.ts";
import { entryOf, timeOf } from "../ledger/decisions.ts";

const entry = (eventId: string, other: Partial<JournalEntry> = {}): JournalEntry => ({
  ...entryOf({ eventId, minute: 0 }, "applied"),
  ...other,
});

it("tells of each leave HR's time, ours, how late it was, who acted, and the result, and of nobody else", async () => {
  const asked: number[][] = [];
  const entries = [
    entry("left", { accountId: "team", origin: "hibob", requestId: "r-1" }),
    entry("later", { effectiveAt: "2026-05-14T08:59:30.000Z" }),
    entry("released", { by: "grace", note: "HR confirms it", origin: "hibob" }),
    entry("nobody", { outcome: "rejected", code: "UserNotFound", personId: "ada.lovelace@example.com" }),
    entry("hired", { intent: "onboard" }),
  ];
  const history = {
    async *between(from: number, to: number) {
      asked.push([from, to]);
      yield* entries;
    },
  };
  const report = await reportLeavers({ since: timeOf(0), until: timeOf(600) }, { history, table: "t" });
  expect(asked).toEqual([[timeOf(0), timeOf(600) + 1]]);
  const { leavers, ...about } = report;
  expect(about).toEqual({
    table: "t",
    since: "2026-05-14T08:00:00.000Z",
    until: "2026-05-14T18:00:00.000Z",
    count: 4,
    byResult: { applied: 3, rejected: 1 },
  });
  expect(leavers[0]).toEqual({
    personId: "ada",
    eventId: "left",
    accountId: "team",
    decidedAt: "2026-05-14T08:00:00.000Z",
    effectiveAt: "2026-05-14T08:00:00.000Z",
    receivedAt: "2026-05-14T08:00:00.000Z",
    settledAt: "2026-05-14T09:00:00.000Z",
    lateSeconds: 3600,
    actor: "hibob",
    note: null,
    result: "applied",
    code: null,
    requestId: "r-1",
  });
  expect(
    leavers.slice(1).map(({ lateSeconds, actor, note, code }) => [lateSeconds, actor, note, code]),
  ).toEqual([
    [30, null, null, null],
    [3600, "grace", "HR confirms it", null],
    [null, null, null, "UserNotFound"],
  ]);
  expect(leavers[3]?.personId).toBe("a***@example.com");
});
