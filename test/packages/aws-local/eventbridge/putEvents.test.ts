import { describe, expect, it } from "vitest";
import {
  checkEntry,
  entrySize,
  maximumRequestBytes,
  refusalOfRequest,
} from "../../../../packages/aws-local/eventbridge/putEvents.ts";

describe("checkRequest", () => {
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
});

describe("checkEntry", () => {
  const valid = { Source: "rollcall", DetailType: "EmployeeLeft", Detail: '{"a":1}' };

  describe("checkEntry", () => {
    it("accepts an entry and parses its detail", () => {
      expect(checkEntry(valid)).toEqual({
        kind: "accepted",
        source: "rollcall",
        detailType: "EmployeeLeft",
        detail: { a: 1 },
      });
    });

    it.each(["Source", "DetailType", "Detail"])(
      "refuses an entry without %s, in the words of AWS",
      (name) => {
        const refusal = {
          kind: "refused",
          code: "InvalidArgument",
          message: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
        };
        const { [name as keyof typeof valid]: _, ...without } = valid;
        expect([checkEntry(without), checkEntry({ ...valid, [name]: "" })]).toEqual([refusal, refusal]);
      },
    );

    it.each([
      ["no JSON at all", "{"],
      ["an array", "[]"],
      ["a text", '"x"'],
      ["null", "null"],
      ["a number", "5"],
      [
        "an object that is nested deeper than the parser goes",
        `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      ],
    ])("refuses a detail that is %s", (_, Detail) => {
      expect(checkEntry({ ...valid, Detail })).toEqual({
        kind: "refused",
        code: "MalformedDetail",
        message: "Detail is malformed.",
      });
    });

    it("refuses a source that belongs to AWS", () => {
      expect(checkEntry({ ...valid, Source: "aws.events" })).toMatchObject({
        code: "NotAuthorizedForSourceException",
      });
    });

    it("takes a detail-type of 128 characters and no longer one", () => {
      const kinds = [128, 129].map((length) => checkEntry({ ...valid, DetailType: "x".repeat(length) }).kind);
      expect(kinds).toEqual(["accepted", "refused"]);
    });
  });
});
