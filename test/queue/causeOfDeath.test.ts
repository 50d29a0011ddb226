import { describe, expect, it } from "vitest";
import { causeOfDeath } from "../../src/queue/causeOfDeath.ts";

const withAttributes = (attributes: Record<string, string>) => ({
  MessageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  ),
});

describe("causeOfDeath", () => {
  it.each([
    [
      "the drain's own words",
      { RollcallCode: "NotFound", RollcallReason: "no user", RollcallRequestId: "r" },
      { code: "NotFound", reason: "no user", requestId: "r" },
    ],
    [
      "the code alone, beside a body that left no room for more",
      { RollcallCode: "NotFound" },
      { code: "NotFound", reason: "" },
    ],
    [
      "EventBridge's words",
      { ERROR_CODE: "NO_PERMISSIONS", ERROR_MESSAGE: "not allowed", RETRY_ATTEMPTS: "3" },
      {
        code: "Undelivered",
        reason: "EventBridge could not bring it to the queue after 3 retries (NO_PERMISSIONS: not allowed)",
      },
    ],
    [
      "EventBridge's code alone",
      { ERROR_CODE: "NO_RESOURCE" },
      { code: "Undelivered", reason: "EventBridge could not bring it to the queue (NO_RESOURCE)" },
    ],
    [
      "that SQS moved it, by the lack of any",
      {},
      {
        code: "ReceivedTooOften",
        reason: "SQS handed it out as often as the queue allows, and no invocation came to an outcome",
      },
    ],
  ])("reads %s", (_, attributes, cause) => {
    expect(causeOfDeath(withAttributes(attributes))).toEqual(cause);
  });

  it("takes a message without attributes for one that SQS moved", () => {
    expect(causeOfDeath({}).code).toBe("ReceivedTooOften");
  });
});
