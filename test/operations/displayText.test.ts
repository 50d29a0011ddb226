import { describe, expect, it } from "vitest";
import { redactForDisplay, redactJson, revealJson } from "../../src/operations/displayText.ts";

describe("redactForDisplay", () => {
  it("masks every address but the one that was typed, whatever its case", () => {
    const redact = redactForDisplay("Ada@example.com");
    expect(["ada@EXAMPLE.com", "bob@example.com", "to ada@example.com", "hr-17"].map(redact)).toEqual([
      "ada@EXAMPLE.com",
      "b***@example.com",
      "to a***@example.com",
      "hr-17",
    ]);
  });
});

describe("redactJson", () => {
  const redact = redactForDisplay();

  it("masks the names of fields as well, and shows both of two that are masked alike", () => {
    const json = JSON.stringify({
      "ada@example.com": { "bob@example.com": "eve@example.com" },
      "abe@example.com": [{ "ann@example.com": 1 }],
      plain: 2,
    });
    expect(redactJson(json, redact)).toEqual({
      "a***@example.com": { "b***@example.com": "e***@example.com" },
      "a***@example.com (2)": [{ "a***@example.com": 1 }],
      plain: 2,
    });
  });

  const event = {
    detail: {
      data: { personId: "p1", profile: { givenName: "Ada", department: "Maths", note: ["Lovelace"] } },
      target: [{ displayName: "Ada Lovelace", id: "00u1" }],
    },
  };

  it("hides what names a person in an event of ours or of Okta's, and keeps the names of its fields", () => {
    expect(redactJson(JSON.stringify(event), redact)).toEqual({
      detail: {
        data: { personId: "p1", profile: { givenName: "***", department: "***", note: "***" } },
        target: [{ displayName: "***", id: "00u1" }],
      },
    });
  });

  it("hides the names in a text that was cut off, too", () => {
    const text = '{"profile":{"givenName": "A\\"da","familyName":"Love';
    expect(redactJson(text, redact)).toBe('{"profile":{"givenName": "***","familyName":"***"');
  });

  it("shows everything where it is revealed", () => {
    expect([revealJson(JSON.stringify(event)), revealJson("no JSON")]).toEqual([event, "no JSON"]);
  });

  it("keeps names that mean something to JavaScript", () => {
    const json = '{"__proto__":{"a":1},"constructor":2}';
    expect(JSON.stringify(redactJson(json, redact))).toBe(json);
  });

  it.each([
    ["of 60,000 levels", `${"[".repeat(60_000)}${"]".repeat(60_000)}`],
    ["of 60,000 levels of objects", `${'{"a":'.repeat(60_000)}1${"}".repeat(60_000)}`],
    ["of 200,000 values", `[${"0,".repeat(200_000)}0]`],
  ])("shows JSON %s as the text that it is, and reads none of it", (_, json) => {
    expect(redactJson(json, redact)).toBe(json);
  });
});
