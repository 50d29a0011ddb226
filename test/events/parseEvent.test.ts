import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventBounds } from "../../src/events/boundedJson.ts";
import { MAX_REQUEST_BYTES } from "../../src/events/eventBus.ts";
import { detailTypes } from "../../src/events/hrEvent.ts";
import { MAX_PROBLEMS, parseEnvelope, parseHrEvent } from "../../src/events/parseEvent.ts";
import { maskEmails } from "../../src/privacy/masking.ts";
import { processorTime } from "../processorTime.ts";
import { readSample } from "./sampleFiles.ts";

describe("parseEnvelope", () => {
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

  it("takes the detail-type, the detail, and the delivery's id and time out of a message body", () => {
    expect(parseEnvelope(JSON.stringify(envelope))).toEqual({
      ok: true,
      type: "EmployeeLeft",
      detail: { metadata: { id: "e1" } },
      envelopeId: envelope.id,
      time: "2026-05-14T15:00:01Z",
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
  ])("says what came in place of an object, without quoting it: %j", (body, kind) => {
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
    expect(parseEnvelope(`{${type},"${name}":{"detail":{}}}`)).toMatchObject({
      ok: true,
      detail: undefined,
    });
  });
});

describe("parseHrEvent", () => {
  const metadata = { id: "e1", schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00+02:00" };
  const person = { personId: "p1", email: "ada@example.com" };

  /** The problems of an EmployeeLeft whose data is as given. */
  function problemsOf(data: Record<string, unknown>) {
    const parsed = parseHrEvent("EmployeeLeft", { metadata, data: { ...person, ...data } });
    return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  }

  it.each(detailTypes)("takes the sample of %s as it is", (type) => {
    const { detail } = readSample(type);
    expect(parseHrEvent(type, detail)).toEqual({ ok: true, dropped: [], event: { type, ...detail } });
  });

  it("drops fields that it does not know, wherever they stand", () => {
    const detail = {
      metadata: { ...metadata, vendor: "x" },
      data: { ...person, costCentre: 1, manager: { id: 2 } },
      audit: [],
    };
    expect(parseHrEvent("EmployeeLeft", detail)).toEqual({
      ok: true,
      dropped: [],
      event: { type: "EmployeeLeft", metadata, data: person },
    });
  });

  it("names the known detail-types when it gets another one", () => {
    expect(parseHrEvent("EmployeeVanished", { metadata, data: person })).toEqual({
      ok: false,
      problems: [
        {
          path: "detail-type",
          message: `expected one of ${detailTypes.join(", ")}; got a string of 16 characters`,
        },
      ],
    });
    for (const type of [undefined, null, 7, "toString", "__proto__"]) {
      expect(parseHrEvent(type, { metadata, data: person }).ok).toBe(false);
    }
  });

  it.each([
    [
      "data.personId: expected printable text of 1 to 128 characters without white space around it; got nothing",
      { personId: undefined },
    ],
    [
      "data.personId: expected printable text of 1 to 128 characters without white space around it; got a string of 3 characters",
      { personId: " p1" },
    ],
    [
      "data.email: expected an e-mail address of at most 254 characters, such as ada@example.com; got a string of 15 characters",
      { email: "ada.example.com" },
    ],
    [
      "data.email: expected an e-mail address of at most 254 characters, such as ada@example.com; got a number",
      { email: 5 },
    ],
    [
      "data.previousEmails[1]: expected an e-mail address of at most 254 characters, such as ada@example.com; got a string of 1 character",
      { previousEmails: ["a@example.com", "b"] },
    ],
    [
      "data.previousEmails: expected an array of at most 20 e-mail addresses; got an array of 21 elements",
      { previousEmails: Array(21).fill("a@example.com") },
    ],
    [
      "data.userId: expected printable text of 1 to 256 characters without white space around it; got an empty string",
      { userId: "" },
    ],
    [
      "data.attributes.company: expected printable text of 1 to 256 characters without white space around it; got a number",
      { attributes: { company: 7 } },
    ],
    [
      "data.attributes.(a name): expected printable text of 1 to 256 characters without white space around it; got null",
      { attributes: { "ada@example.com": null } },
    ],
    [
      "data.attributes: expected an object of at most 20 texts; got an array of 0 elements",
      { attributes: [] },
    ],
    [
      'data.urgency: expected either "routine" or "immediate"; got a string of 3 characters',
      { urgency: "now" },
    ],
    [
      "data.effectiveAt: expected a timestamp with seconds and an offset, such as 2026-05-14T17:00:00+02:00; got a string of 10 characters",
      { effectiveAt: "2026-05-14" },
    ],
    [
      "data.effectiveDate: expected a calendar date, such as 2026-05-14; got a string of 10 characters",
      { effectiveDate: "2026-02-30", timeZone: "UTC" },
    ],
    [
      "data.timeZone: expected an IANA time zone, such as Pacific/Auckland, and no abbreviation; got a string of 12 characters",
      { effectiveDate: "2026-05-14", timeZone: "Mars/Olympus" },
    ],
    [
      "data.timeZone: expected an IANA time zone to go with effectiveDate; got nothing",
      { effectiveDate: "2026-05-14" },
    ],
    [
      "data.effectiveDate: expected a calendar date to go with timeZone; got nothing",
      { timeZone: "Pacific/Auckland" },
    ],
    [
      "data.effectiveAt: expected nothing here, because effectiveDate is given; got a string of 25 characters",
      { effectiveDate: "2026-05-14", timeZone: "UTC", effectiveAt: metadata.occurredAt },
    ],
  ])("names the place, what was expected and what kind of thing came: %s", (problem, data) => {
    expect(problemsOf(data)).toEqual([problem]);
  });

  it("names a part that is missing, of another type, or null", () => {
    expect(parseHrEvent("EmployeeLeft", { metadata })).toEqual({
      ok: false,
      problems: [{ path: "data", message: "expected an object; got nothing" }],
    });
    expect(parseHrEvent("EmployeeLeft", [])).toEqual({
      ok: false,
      problems: [{ path: "detail", message: "expected an object; got an array of 0 elements" }],
    });
    expect(parseHrEvent("EmployeeLeft", null)).toEqual({
      ok: false,
      problems: [{ path: "detail", message: "expected an object; got null" }],
    });
  });

  it("requires what only some detail-types carry", () => {
    const pathsOf = (type: string) => {
      const parsed = parseHrEvent(type, { metadata, data: person });
      return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
    };
    expect(Object.fromEntries(detailTypes.map((type) => [type, pathsOf(type)]))).toEqual({
      EmployeeHired: [],
      EmployeeLeft: [],
      EmployeeReturned: [],
      EmployeeRoleChanged: ["data.role"],
      LicenseChanged: ["data.licenseType"],
    });
  });

  it("reports the first problems only, where there are very many", () => {
    expect(problemsOf({ previousEmails: Array(20).fill("x") })).toHaveLength(MAX_PROBLEMS);
  });

  it("never quotes a value, which may be personal", () => {
    const { detail } = readSample("EmployeeHired");
    const keys = ["personId", "email", "role", "licenseType", "previousEmails", "timeZone", "effectiveAt"];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.uuid(), (key, secret) => {
        const data = { ...detail.data, [key]: { [secret]: secret } };
        const parsed = parseHrEvent("EmployeeHired", { ...detail, data });
        expect(parsed.ok).toBe(false);
        expect(JSON.stringify(parsed)).not.toContain(secret);
        const shorter = parseHrEvent("EmployeeHired", {
          ...detail,
          data: { ...detail.data, [key]: ` ${secret}` },
        });
        expect(shorter.ok).toBe(false);
        expect(JSON.stringify(shorter)).not.toContain(secret);
      }),
    );
  });

  it("ends as an event or as 1 to 10 problems for any JSON whatsoever", () => {
    fc.assert(
      fc.property(fc.constantFrom(...detailTypes), fc.jsonValue(), fc.jsonValue(), (type, data, whole) => {
        for (const detail of [whole, { metadata, data }, { metadata: data, data: person }]) {
          const parsed = parseHrEvent(type, detail);
          const problems = parsed.ok ? 1 : parsed.problems.length;
          expect(problems).toBeGreaterThanOrEqual(1);
          expect(problems).toBeLessThanOrEqual(MAX_PROBLEMS);
        }
      }),
    );
  });

  it("is not slowed down by a long string that is made to trip its patterns", () => {
    const hostile = `a@${".".repeat(200_000)}@`;
    const took = processorTime(() => {
      problemsOf({
        email: hostile,
        personId: ` ${hostile}`,
        previousEmails: Array(50).fill(hostile),
        timeZone: hostile,
      });
    });
    expect(took).toBeLessThan(500);
  });

  it.each([
    ["half of a surrogate pair", "p-\ud800"],
    ["the other half", "\udc00p"],
    ["a line feed", "p\n1"],
    ["an escape character", "p\u001b[2J"],
    ["a null character", "\u0000"],
    ["nothing but a space", " "],
  ])("takes no id with %s: it is no key of its own, or no text to be shown", (_, id) => {
    const parsed = parseHrEvent("EmployeeLeft", {
      metadata: { ...metadata, id },
      data: { ...person, personId: id },
    });
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual([
      "metadata.id",
      "data.personId",
    ]);
  });

  it("takes ids in any script, inner spaces included", () => {
    for (const personId of ["Ø 7", "王-1", "p😀", "a b", "7"]) {
      expect(problemsOf({ personId })).toEqual([]);
    }
  });

  it("takes no address that could not be hidden as a whole", () => {
    const unit = fc.constantFrom(..."ab.'+%@\"<>(),:;[]é ".split(""));
    const address = fc
      .tuple(fc.string({ unit, minLength: 1 }), fc.string({ unit, minLength: 1 }))
      .map(([local, domain]) => `${local}@${domain}.example`);
    fc.assert(
      fc.property(address, (email) => {
        if (problemsOf({ email }).length > 0) return;
        const [local = "", domain] = email.split("@");
        const quotes = /^'*/.exec(local)?.[0] ?? "";
        const rest = local.slice(quotes.length);
        if (rest === "") return;
        expect(maskEmails(`Nobody is ${email}.`)).toBe(
          `Nobody is ${quotes}${rest.slice(0, 1)}***@${domain}.`,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("counts what is in a list before it looks at it", () => {
    const previousEmails = Array(5000).fill("no address");
    expect(problemsOf({ previousEmails })).toEqual([
      "data.previousEmails: expected an array of at most 20 e-mail addresses; got an array of 5000 elements",
    ]);
  });

  it.each(["__proto__", "constructor", "prototype"])("takes no field from %s", (name) => {
    const data = JSON.parse(`{"${name}":${JSON.stringify({ ...person, urgency: "immediate" })}}`);
    const parsed = parseHrEvent("EmployeeLeft", { metadata, data });
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual(["data.personId", "data.email"]);
    const whole = parseHrEvent("EmployeeLeft", { metadata, data: { ...data, ...person } });
    expect(whole).toEqual({ ok: true, dropped: [], event: { type: "EmployeeLeft", metadata, data: person } });
  });
});
