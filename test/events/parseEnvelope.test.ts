import { describe, expect, it } from "vitest";
import { MAX_REQUEST_BYTES } from "../../src/events/entrySize.ts";
import { eventBounds } from "../../src/events/findBreach.ts";
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

  const within = (detail: unknown) => problemOf(JSON.stringify({ ...envelope, detail }))?.[0]?.message;

  it("does not parse a body that is larger than any event of the bus", () => {
    const largest = "x".repeat(MAX_REQUEST_BYTES - "EmployeeLeft".length - "rollcall.hr".length - 8);
    expect(within({ a: largest })).toBe(undefined);
    const body = "x".repeat(MAX_REQUEST_BYTES + 2049);
    expect(problemOf(body)).toEqual([
      { path: "body", message: "expected at most 264192 characters; got a string of 264193 characters" },
    ]);
  });

  it.each([
    ["[", "]"],
    ['{"a":', "}"],
  ])("does not parse a body whose %s are nested deeper than 500 levels, closed or not", (open, close) => {
    const bodyOf = (levels: number) =>
      JSON.stringify({ ...envelope, detail: "here" }).replace(
        '"here"',
        `${open.repeat(levels)}1${close.repeat(levels)}`,
      );
    const message = "expected JSON of at most 500 levels; got more";
    expect([problemOf(bodyOf(499)), problemOf(bodyOf(500)), problemOf(open.repeat(50_000))]).toEqual([
      undefined,
      [{ path: "body", message }],
      [{ path: "body", message }],
    ]);
  });

  it("does not parse a body of very many values, and leaves room for the envelope around those of an event", () => {
    expect(within(Array(eventBounds.values).fill(0))).toBe(undefined);
    const message = "expected at most 10100 fields and elements in all; got more";
    expect(within(Array(10_101).fill(0))).toBe(message);
  });

  it.each(["__proto__", "constructor", "toString"])("takes no detail-type and no detail from %s", (name) => {
    const type = '"detail-type":"EmployeeLeft"';
    expect(problemOf(`{"${name}":{${type},"detail":{}}}`)?.[0]?.path).toBe("detail-type");
    expect(parseEnvelope(`{${type},"${name}":{"detail":{}}}`)).toMatchObject({ ok: true, detail: undefined });
  });
});
