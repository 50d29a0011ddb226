import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHrEvent } from "../../src/events/parseEvent.ts";
import { profileFields, readProfile } from "../../src/events/userProfile.ts";

const metadata = { id: "e1", schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00+02:00" };

/** The profile that an event's decision is made with, and what is told of it. */
function read(profile: unknown) {
  const data = { personId: "p1", email: "ada@example.com", profile };
  const parsed = parseHrEvent("EmployeeHired", { metadata, data });
  if (!parsed.ok) return parsed;
  const told = parsed.dropped.map(({ path, message }) => `${path}: ${message}`);
  return { profile: parsed.event.data.profile, told };
}

const whole = {
  givenName: "Ada",
  familyName: "King-Noel, Countess of Lovelace",
  displayName: "Ada Lovelace",
  department: "Analytical Engines",
  employeeNumber: "0007",
};

describe("the profile of an event", () => {
  it("is taken as HR writes it", () => {
    expect(read(whole)).toEqual({ profile: whole, told: [] });
  });

  it("loses the white space around its texts, and the fields that are empty or that nobody knows", () => {
    const profile = { givenName: "  Ada\t", familyName: " ", displayName: null, department: "", title: "Dr" };
    expect(read(profile)).toEqual({ profile: { givenName: "Ada" }, told: [] });
  });

  it("may count employees", () => {
    expect(read({ employeeNumber: 4711 })).toEqual({ profile: { employeeNumber: "4711" }, told: [] });
  });

  it("loses a text that is wrong, of which a problem tells without the text, and the event stands", () => {
    const profile = { ...whole, givenName: "A".repeat(257), department: "Ma\u0000ths", employeeNumber: {} };
    const { givenName, department, employeeNumber, ...right } = whole;
    const printable = (longest: number) =>
      `expected printable text of 1 to ${longest} characters without white space around it`;
    expect(read(profile)).toEqual({
      profile: right,
      told: [
        `data.profile.givenName: ${printable(256)}; got a string of 257 characters`,
        `data.profile.department: ${printable(256)}; got a string of 6 characters, with U+0000 (a control character)`,
        `data.profile.employeeNumber: ${printable(128)}; got an object`,
      ],
    });
  });

  it.each([["Ada"], [7], [["Ada"]], [true]])("that is no object is left out, and told: %j", (profile) => {
    expect(read(profile)).toMatchObject({ profile: {}, told: [expect.stringMatching(/^data\.profile: /)] });
  });

  it.each([[null], [undefined]])("may be %s", (profile) => {
    expect(read(profile)).toMatchObject({ told: [] });
  });
});

it("a profile never costs the person the decision, whatever it is; what is read is bounded, and read again the same", () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record(anyField(), { requiredKeys: [] })), (profile) => {
      const { profile: texts, dropped } = readProfile(profile);
      const lengths = Object.values(texts).map((text) => text.length);
      expect([read(profile), lengths.every((length) => length > 0 && length <= 512)]).toEqual([
        { profile: profile === undefined ? undefined : texts, told: dropped.map(told) },
        true,
      ]);
      expect(readProfile(texts)).toEqual({ profile: texts, dropped: [] });
    }),
  );
});

const told = ({ path, message }: { path: string; message: string }) => `${path}: ${message}`;

function anyField() {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.constant("x".repeat(600)),
    fc.anything(),
  );
  return Object.fromEntries(profileFields.map((field) => [field, text]));
}
