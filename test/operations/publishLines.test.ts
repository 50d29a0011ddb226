import { describe, expect, it } from "vitest";
import { checkLines, toRejection } from "../../src/operations/publishLines.ts";
import { leaver } from "../events/eventLines.ts";

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

describe("checkLines", () => {
  it("counts every line and lists only the first rejections, so that memory stays bounded", async () => {
    async function* lines() {
      for (let number = 1; number <= 1005; number++) {
        yield { number: 2 * number, bytes: Buffer.from(leaver(`hr-${number}`)) };
        yield { number: 2 * number + 1, bytes: Buffer.from("not JSON") };
      }
    }
    let told = 0;
    const progress = { onRejection: () => void told++, onProgress: () => {} };
    const { rejected, ...counts } = await checkLines(lines(), { unchecked: false }, progress);
    expect({ ...counts, told, listed: rejected.length }).toEqual({
      events: 2010,
      valid: 1005,
      malformed: 0,
      refused: 1005,
      rejectedNotListed: 5,
      told: 1005,
      listed: 1000,
    });
  });
});
