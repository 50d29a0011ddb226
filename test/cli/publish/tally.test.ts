import { describe, expect, it } from "vitest";
import { summaryObject } from "../../../src/cli/publish/summary.ts";
import {
  count,
  emptyTally,
  MAX_LISTED_REJECTIONS,
  rejectedOf,
  totalOf,
} from "../../../src/cli/publish/tally.ts";

describe("the tally of a publication", () => {
  it("counts every line and lists only the first rejections, so that memory stays bounded", () => {
    const tally = emptyTally();
    for (let number = 1; number <= MAX_LISTED_REJECTIONS + 5; number++) {
      const line = { number, bytes: Buffer.alloc(0) };
      count(tally, { line, status: "accepted", eventId: "1" });
      count(tally, { line, status: "refused", code: "NotJson", message: "no" });
    }
    expect([totalOf(tally), rejectedOf(tally), tally.rejections.length]).toEqual([2010, 1005, 1000]);
    expect(summaryObject({ kind: "dryRun", tally })).toMatchObject({ rejectedNotListed: 5 });
  });
});
