import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  flattenEvent,
  matchPattern,
} from "../../../../../packages/aws-local/eventbridge/pattern/matchPattern.ts";
import { parsePattern } from "../../../../../packages/aws-local/eventbridge/pattern/parsePattern.ts";
import { PatternError } from "../../../../../packages/aws-local/eventbridge/pattern/valueTest.ts";

interface Case {
  pattern: unknown;
  event: unknown;
  expect: boolean | "invalid";
}

const casesFile = new URL("../../../../fixtures/eventPatterns.json", import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(casesFile, "utf8"));

function answer(pattern: unknown, event: unknown): boolean | "invalid" {
  try {
    return matchPattern(parsePattern(pattern), flattenEvent(event));
  } catch (error) {
    if (error instanceof PatternError) return "invalid";
    throw error;
  }
}

describe("the answers of AWS's own matcher, event-ruler", () => {
  it("cover matches, misses and patterns that are refused", () => {
    const counts = cases.map((one) => String(one.expect));
    expect({
      true: counts.filter((one) => one === "true").length,
      false: counts.filter((one) => one === "false").length,
      invalid: counts.filter((one) => one === "invalid").length,
    }).toEqual({ true: 300, false: 300, invalid: 60 });
  });

  it("are given for every recorded case", () => {
    const disagreements = cases.filter((one) => answer(one.pattern, one.event) !== one.expect);
    expect(disagreements).toEqual([]);
  });
});

describe("arrays in an event", () => {
  const people = {
    people: [
      { name: "Ann", state: "active", teams: [{ id: 1 }, { id: 2 }] },
      { name: "Bob", state: "left", teams: [{ id: 3, lead: true }] },
    ],
  };

  it.each([
    ["one field is found in any element", { people: { name: ["Bob"] } }, true],
    ["two fields of one element match together", { people: { name: ["Bob"], state: ["left"] } }, true],
    ["two fields of two elements do not", { people: { name: ["Ann"], state: ["left"] } }, false],
    ["an inner array is kept to its element, too", { people: { name: ["Ann"], teams: { id: [3] } } }, false],
    ["an inner array of the right element matches", { people: { name: ["Bob"], teams: { id: [3] } } }, true],
    [
      "absence is judged within the element that was chosen before",
      { people: { name: ["Ann"], teams: { lead: [{ exists: false }] } } },
      true,
    ],
    [
      "presence in that element defeats absence",
      { people: { name: ["Bob"], teams: { lead: [{ exists: false }] } } },
      false,
    ],
  ])("%s", (_, pattern, expected) => {
    expect(answer(pattern, people)).toBe(expected);
  });

  it.each([
    ["arrays inside arrays are looked through", { a: [[1, 2], [3]] }, { a: [3] }, true],
    ["an empty array counts as absent", { a: [] }, { a: [{ exists: false }] }, true],
    [
      "an object is no leaf, so its field counts as absent",
      { a: { b: 1 } },
      { a: [{ exists: true }] },
      false,
    ],
    [
      "a plain value of an array binds no element, so that an object beside it can match as well",
      { a: [1, { b: 2 }] },
      { a: [1], "a.b": [2] },
      true,
    ],
    ["null is a value that is there", { a: null }, { a: [{ exists: true }] }, true],
  ])("%s", (_, event, pattern, expected) => {
    expect(answer(pattern, event)).toBe(expected);
  });
});

describe("addresses", () => {
  it.each([
    ["10.0.0.0/8", "10.200.3.4", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["10.0.0.7/32", "10.0.0.7", true],
    ["2001:db8::/32", "2001:0db8:0::1", true],
    ["2001:db8::/32", "2001:db9::1", false],
    ["10.0.0.0/8", "10.0.0", false],
    ["10.0.0.0/8", 10, false],
  ])("block %s and %s: %s", (block, value, expected) => {
    expect(answer({ ip: [{ cidr: block }] }, { ip: value })).toBe(expected);
  });

  it("are equal by meaning, not by spelling", () => {
    expect(answer({ ip: ["::1"] }, { ip: "0:0:0:0:0:0:0:1" })).toBe(true);
  });
});

describe("any value", () => {
  const scalar = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));

  it("is matched by itself", () => {
    fc.assert(fc.property(scalar, (value) => answer({ f: [value] }, { f: value }) === true));
  });

  it("is matched by anything-but a text exactly when the text itself does not match", () => {
    fc.assert(
      fc.property(fc.string(), scalar, (text, value) => {
        const excluded = answer({ f: [{ "anything-but": text }] }, { f: value });
        expect(excluded).toBe(value !== text);
      }),
    );
  });

  it("lies in a numeric range exactly when it is a number between the bounds", () => {
    const bound = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(bound, bound, fc.oneof(bound, fc.string()), (a, b, value) => {
        fc.pre(a !== b);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const expected = typeof value === "number" && value > low && value <= high;
        expect(answer({ f: [{ numeric: [">", low, "<=", high] }] }, { f: value })).toBe(expected);
      }),
    );
  });
});

describe("$or", () => {
  it("multiplies with another $or: one branch of each must match", () => {
    const pattern = {
      $or: [{ a: [1] }, { b: [1] }],
      inner: { $or: [{ c: [1] }, { d: [1] }] },
    };
    const answers = [
      { a: 1, inner: { d: 1 } },
      { b: 1, inner: { c: 1 } },
      { a: 1, b: 1 },
      { inner: { c: 1 } },
    ];
    expect(answers.map((event) => answer(pattern, event))).toEqual([true, true, false, false]);
  });
});
