import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/drain/outcome.ts";
import { inRecordOrder, report, unsettled } from "../../src/drain/report.ts";

const applied: Outcome = { kind: "applied", requestId: "r-1" };
const excluded: Outcome = { kind: "excluded", rule: "by hand" };
const retry: Outcome = { kind: "retry", code: "Throttled", reason: "slow down" };
const rejected: Outcome = { kind: "rejected", code: "NotFound", reason: "gone" };

describe("inRecordOrder", () => {
  it("puts each outcome where its record stands", () => {
    const settlements = [
      { index: 2, outcome: excluded },
      { index: 0, outcome: applied },
      { index: 1, outcome: retry },
    ];
    expect(inRecordOrder(3, settlements)).toEqual([applied, retry, excluded]);
  });

  it("lets a record without an outcome come again, instead of losing it", () => {
    expect(inRecordOrder(3, [{ index: 1, outcome: applied }])).toEqual([unsettled, applied, unsettled]);
    expect(unsettled.kind).toBe("retry");
  });

  it("orders an empty batch", () => {
    expect(inRecordOrder(0, [])).toEqual([]);
  });
});

describe("report", () => {
  it("fails the messages that are to come again, and no other", () => {
    const unchanged: Outcome = { kind: "unchanged", because: "alreadySo" };
    expect(report([applied, retry, rejected, excluded, unchanged])).toEqual([
      { status: "fulfilled", value: applied },
      { status: "rejected", reason: retry },
      { status: "fulfilled", value: rejected },
      { status: "fulfilled", value: excluded },
      { status: "fulfilled", value: unchanged },
    ]);
  });
});
