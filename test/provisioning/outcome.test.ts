import { describe, expect, it } from "vitest";
import type { FailureClass } from "../../src/directory/directory.ts";
import { outcomeOfFailure } from "../../src/provisioning/outcome.ts";
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
