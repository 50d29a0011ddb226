import { readdirSync, readFileSync } from "node:fs";
import Ajv from "ajv-draft-04";
import { describe, expect, it } from "vitest";
import { toJsonSchema } from "../../dev/jsonSchemas.ts";
import { type DetailType, detailTypes } from "../../src/events/hrEvent.ts";
import { parseHrEvent } from "../../src/events/parseEvent.ts";
import { readSample } from "../events/sampleFiles.ts";

const folder = new URL("../../events/schemas/", import.meta.url);
const readSchema = (type: DetailType) => JSON.parse(readFileSync(new URL(`${type}.json`, folder), "utf8"));

// Formats are annotations here: the patterns beside them are what both sides check.
const ajv = new Ajv({ strict: false, validateFormats: false });
const validators = new Map(detailTypes.map((type) => [type, ajv.compile(readSchema(type))]));
const isValid = (event: { "detail-type": DetailType }) => validators.get(event["detail-type"])?.(event);

describe("the JSON Schemas", () => {
  it("on disk are the ones that the code would write: run `npm run schemas`", () => {
    const onDisk = readdirSync(folder).map((file) => [
      file,
      JSON.parse(readFileSync(new URL(file, folder), "utf8")),
    ]);
    const generated = detailTypes.map((type) => [`${type}.json`, toJsonSchema(type)]);
    expect(Object.fromEntries(onDisk)).toEqual(Object.fromEntries(generated));
  });

  it.each(detailTypes)("of %s is a draft 4 schema, named for the EventBridge registry", (type) => {
    const schema = readSchema(type);
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(schema).toMatchObject({
      $schema: "http://json-schema.org/draft-04/schema#",
      id: `urn:rollcall:hr-event:${type}:1`,
      title: type,
      "x-amazon-events-detail-type": type,
      "x-amazon-events-source": "rollcall.hr",
    });
  });

  it.each(detailTypes)("take the sample of %s, as it is published and as it is delivered", (type) => {
    const sample = readSample(type);
    const delivered = { version: "0", id: "d1", account: "1", region: "us-east-1", resources: [], ...sample };
    expect([isValid(sample), isValid(delivered)]).toEqual([true, true]);
  });

  it("take no event of another detail-type", () => {
    expect(validators.get("EmployeeLeft")?.(readSample("EmployeeHired"))).toBe(false);
  });

  it.each([
    {},
    { unknownField: { a: 1 } },
    { personId: undefined },
    { personId: "" },
    { personId: "p 1 " },
    { personId: "x".repeat(129) },
    { email: "ada.example.com" },
    { email: `${"a".repeat(250)}@example.com` },
    { previousEmails: [] },
    { previousEmails: "ada@example.com" },
    { previousEmails: ["ada"] },
    { previousEmails: Array(21).fill("a@example.com") },
    { userId: " " },
    { role: "engineer" },
    { role: 7 },
    { attributes: {} },
    { attributes: { company: "Acme", "cost centre": "7" } },
    { attributes: { company: 7 } },
    { attributes: ["company"] },
    { attributes: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`a${index}`, "x"])) },
    { urgency: "immediate" },
    { urgency: "now" },
    { reason: "x".repeat(257) },
    { effectiveAt: "2026-05-14T17:00:00Z" },
    { effectiveAt: "2026-05-14T17:00:00" },
    { effectiveAt: `2026-05-14T17:00:00.${"0".repeat(40)}Z` },
    { effectiveDate: "2026-05-14", timeZone: "UTC" },
    { effectiveDate: "2026-05-32", timeZone: "UTC" },
    { effectiveDate: "2026-05-14" },
    { timeZone: "UTC" },
    { effectiveDate: "2026-05-14", timeZone: "UTC", effectiveAt: "2026-05-14T17:00:00Z" },
  ])("agree with the code about a leaver with %j", (change) => {
    const metadata = { id: "e1", schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00Z" };
    const data = { personId: "p1", email: "ada@example.com", ...change };
    const event = JSON.parse(JSON.stringify({ "detail-type": "EmployeeLeft", detail: { metadata, data } }));
    expect(isValid(event)).toBe(parseHrEvent("EmployeeLeft", event.detail).ok);
  });
});
