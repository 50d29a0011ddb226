import { describe, expect, it } from "vitest";
import type { FailureClass } from "../../src/directory/directory.ts";
import {
  inRecordOrder,
  type Outcome,
  outcomeOfFailure,
  withoutOutcome,
} from "../../src/provisioning/outcome.ts";
import { aFailure } from "./samples.ts";

describe("a message whose user failed", () => {
  it.each<[FailureClass, "retry" | "rejected", "retry" | "rejected"]>([
    ["throttled", "retry", "retry"],
    ["transient", "retry", "retry"],
    ["configuration", "retry", "retry"],
    ["contended", "retry", "rejected"],
    ["unknown", "retry", "rejected"],
    ["invalidCall", "retry", "rejected"],
    ["permanent", "rejected", "rejected"],
    ["noSuchUser", "rejected", "rejected"],
  ])(
    "by a failure of class %s is %s at the fifth receive and %s at the sixth",
    (failureClass, fifth, sixth) => {
      const kinds = [5, 6].map((receiveCount) => outcomeOfFailure(aFailure(failureClass), receiveCount).kind);
      expect(kinds).toEqual([fifth, sixth]);
    },
  );

  it("keeps what is known of the failure for the retry", () => {
    const known = { requestId: "r-1", retryAfterSeconds: 7, mayStillHappen: true } as const;
    expect(outcomeOfFailure(aFailure("throttled", known), 1)).toEqual({
      kind: "retry",
      code: "Code",
      reason: "what happened",
      ...known,
    });
  });

  it("waits for five minutes at least where somebody has to mend something, and keeps what is known", () => {
    const known = { requestId: "r-1", retryAfterSeconds: 7 };
    expect(outcomeOfFailure(aFailure("configuration", known), 40)).toEqual({
      kind: "retry",
      code: "Code",
      reason: "what happened",
      ...known,
      atLeastSeconds: 300,
    });
  });

  it("is not renewed for ever if nobody knows what it is and no answer comes", () => {
    const silent = aFailure("unknown", { mayStillHappen: true });
    const outage = aFailure("transient", { mayStillHappen: true });
    expect([outcomeOfFailure(silent, 40), outcomeOfFailure(outage, 40)]).toEqual([
      {
        kind: "retry",
        code: "Code",
        reason: "what happened",
        mayStillHappen: true,
        receivesAreNumbered: true,
      },
      { kind: "retry", code: "Code", reason: "what happened", mayStillHappen: true },
    ]);
  });

  it("keeps the reason and the request id for the dead-letter queue", () => {
    const known = { requestId: "r-1", retryAfterSeconds: 7 };
    expect(outcomeOfFailure(aFailure("permanent", known), 1)).toEqual({
      kind: "rejected",
      code: "Code",
      reason: "what happened",
      requestId: "r-1",
    });
  });

  it("names only what is known", () => {
    const outcomes = [aFailure("transient"), aFailure("permanent")].map((failure) =>
      Object.keys(outcomeOfFailure(failure, 1)),
    );
    expect(outcomes).toEqual([
      ["kind", "code", "reason"],
      ["kind", "code", "reason"],
    ]);
  });
});

describe("inRecordOrder", () => {
  const applied: Outcome = { kind: "applied", requestId: "r-1" };
  const excluded: Outcome = { kind: "excluded", rule: "by hand" };
  const retry: Outcome = { kind: "retry", code: "Throttled", reason: "slow down" };

  it("puts each outcome where its record stands", () => {
    const outcomes = [
      { index: 2, outcome: excluded },
      { index: 0, outcome: applied },
      { index: 1, outcome: retry },
    ];
    expect(inRecordOrder(3, outcomes)).toEqual([applied, retry, excluded]);
  });

  it("lets a record without an outcome come again, instead of losing it", () => {
    expect(inRecordOrder(3, [{ index: 1, outcome: applied }])).toEqual([
      withoutOutcome,
      applied,
      withoutOutcome,
    ]);
    expect(withoutOutcome.kind).toBe("retry");
  });

  it("orders an empty batch", () => {
    expect(inRecordOrder(0, [])).toEqual([]);
  });
});
