import { describe, expect, it } from "vitest";
import { detailTypes } from "../../src/events/hrEvent.ts";
import { parseEnvelope } from "../../src/events/parseEnvelope.ts";

const envelope = {
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": "EmployeeLeft",
  source: "rollcall.hr",
  account: "123456789012",
  time: "2026-05-14T15:00:01Z",
  region: "us-east-1",
  resources: [],
  detail: { metadata: { id: "e1" } },
};

const problemOf = (body: string) => {
  const parsed = parseEnvelope(body);
  return parsed.ok ? undefined : parsed.problems;
};

describe("parseEnvelope", () => {
  it("takes the detail-type, the detail and the delivery's id out of a message body", () => {
    expect(parseEnvelope(JSON.stringify(envelope))).toEqual({
      ok: true,
      type: "EmployeeLeft",
      detail: { metadata: { id: "e1" } },
      envelopeId: envelope.id,
    });
  });

  it("does without the id and leaves a missing detail for the next check", () => {
    expect(parseEnvelope('{"detail-type": "EmployeeHired"}')).toEqual({
      ok: true,
      type: "EmployeeHired",
      detail: undefined,
      envelopeId: undefined,
    });
  });

  it.each([
    ["ada@example.com left", "a string of 20 characters"],
    ["", "an empty string"],
    ["null", "null"],
    ["[1, 2]", "an array of 2 elements"],
    ["42", "a number"],
    ['"text"', "a string of 4 characters"],
  ])("tells what came in place of an object, without quoting it: %j", (body, kind) => {
    const message = `expected a JSON object with detail-type and detail; got ${kind}`;
    expect(problemOf(body)).toEqual([{ path: "body", message }]);
  });

  it.each([
    ["EmployeeVanished", "a string of 16 characters"],
    [undefined, "nothing"],
    [["EmployeeLeft"], "an array of 1 element"],
  ])("names the known detail-types in place of %j", (type, kind) => {
    const message = `expected one of ${detailTypes.join(", ")}; got ${kind}`;
    expect(problemOf(JSON.stringify({ ...envelope, "detail-type": type }))).toEqual([
      { path: "detail-type", message },
    ]);
  });
});
