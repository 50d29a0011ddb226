import { describe, expect, it } from "vitest";
import { toRejection } from "../../../src/cli/publish/rejection.ts";

const line = { number: 17, bytes: Buffer.from("{}\n") };

describe("toRejection", () => {
  it("gives nothing for a line that is well", () => {
    expect(toRejection({ line, status: "accepted", eventId: "1" })).toBeUndefined();
    expect(toRejection({ line, status: "valid" })).toBeUndefined();
  });

  it("tells each problem of a malformed line, and leaves the examples in it alone", () => {
    const problems = [
      { path: "data.email", message: "expected an e-mail address, such as ada@example.com; got a number" },
      { path: "data.role", message: "expected text; got nothing" },
    ];
    expect(toRejection({ line, status: "malformed", problems })).toEqual({
      line: 17,
      status: "malformed",
      reasons: [
        "data.email: expected an e-mail address, such as ada@example.com; got a number",
        "data.role: expected text; got nothing",
      ],
    });
  });

  it("masks addresses in what the service says", () => {
    const message = "Detail of grace.hopper@example.com is malformed.";
    expect(toRejection({ line, status: "refused", code: "MalformedDetail", message })?.reasons).toEqual([
      "MalformedDetail: Detail of g***@example.com is malformed.",
    ]);
    expect(toRejection({ line, status: "unsent", reason: `stopped after X: ${message}` })?.reasons).toEqual([
      "not sent: stopped after X: Detail of g***@example.com is malformed.",
    ]);
  });
});
