import { describe, expect, it } from "vitest";
import {
  maximumRequestBytes,
  refusalOfRequest,
} from "../../../../src/local/eventbridge/putEvents/checkRequest.ts";
import { entrySize } from "../../../../src/local/eventbridge/putEvents/entrySize.ts";

describe("entrySize", () => {
  it("counts the bytes of all texts, and 14 for a time", () => {
    const entry = {
      Source: "hr",
      DetailType: "é",
      Detail: "{}",
      Resources: ["arn", "ü"],
      EventBusName: "not counted",
    };
    expect([entrySize(entry), entrySize({ ...entry, Time: 1 }), entrySize({})]).toEqual([11, 25, 0]);
  });
});

describe("refusalOfRequest", () => {
  it("wants 1 to 10 entries", () => {
    const refused = [0, 1, 10, 11].map((count) =>
      refusalOfRequest(Array.from({ length: count }, () => ({}))),
    );
    expect(refused.map((refusal) => refusal?.replace(/.*Member must/, "Member must"))).toEqual([
      "Member must have length greater than or equal to 1",
      undefined,
      undefined,
      "Member must have length less than or equal to 10",
    ]);
  });

  it("counts the size of all entries together", () => {
    const half = { Source: "", DetailType: "", Detail: "x".repeat(maximumRequestBytes / 2) };
    expect([refusalOfRequest([half, half]), refusalOfRequest([half, half, { Source: "x" }])]).toEqual([
      undefined,
      "Total size of the entries in the request is over the limit. (262145 of 262144 bytes)",
    ]);
  });
});
