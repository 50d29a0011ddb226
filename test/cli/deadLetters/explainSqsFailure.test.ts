import { describe, expect, it } from "vitest";
import { explainSqsFailure } from "../../../src/cli/deadLetters/explainSqsFailure.ts";

const asked = { stack: "rollcall-prod", region: "eu-west-1" };
const named = (name: string, more: object = {}) => Object.assign(new Error("its words"), { name, ...more });

describe("explainSqsFailure", () => {
  it.each([
    [
      named("QueueDoesNotExist"),
      "misused",
      "there are no queues of rollcall-prod at eu-west-1; name another stack with --stack, or another --region",
    ],
    [
      named("AccessDenied"),
      "failed",
      'these credentials may not use queues of rollcall-prod (its words); "Dead letters" in the README lists what they need',
    ],
    [
      named("RequestThrottled"),
      "failed",
      "SQS throttles the requests to queues of rollcall-prod (RequestThrottled); try again in a minute",
    ],
    [
      named("OverLimit", { $fault: "client" }),
      "failed",
      "SQS refused to read queues of rollcall-prod: OverLimit: its words",
    ],
  ])("explains %s", (error, kind, message) => {
    expect(explainSqsFailure(error, asked)).toEqual({ kind, message });
  });

  it("throws on what is a mistake of the program", () => {
    expect(() => explainSqsFailure(named("TypeError"), asked)).toThrow("its words");
  });
});
