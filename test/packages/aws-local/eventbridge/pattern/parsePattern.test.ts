import { describe, expect, it } from "vitest";
import { parsePattern } from "../../../../../packages/aws-local/eventbridge/pattern/parsePattern.ts";
import { PatternError } from "../../../../../packages/aws-local/eventbridge/pattern/valueTest.ts";

function refusal(pattern: unknown): string {
  try {
    parsePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
  return "(accepted)";
}

describe("a pattern that EventBridge refuses", () => {
  it.each([
    [[], "at (the pattern itself): expected an object, got []"],
    [{}, "at (the pattern itself): expected an object with at least one field, got {}"],
    [{ detail: {} }, "at detail: expected an object with at least one field, got {}"],
    [{ detail: { a: "x" } }, 'at detail.a: expected an object or an array with at least one value, got "x"'],
    [{ detail: { a: [] } }, "at detail.a: expected an object or an array with at least one value, got []"],
    [{ a: [[1]] }, "at a: expected a string, a number, true, false, null or an operator, got [1]"],
    [{ a: [{}] }, "at a: expected an object with exactly one operator, got {}"],
    [{ a: [{ prefix: "x", suffix: "y" }] }, "at a: expected an object with exactly one operator"],
    [{ a: [{ regex: "x" }] }, "at a: expected one of the operators prefix, suffix"],
    [{ a: [{ toString: "x" }] }, "at a: expected one of the operators prefix, suffix"],
    [{ a: [{ prefix: 5 }] }, "at a.prefix: expected a string, got 5"],
    [
      { a: [{ prefix: { wildcard: "x" } }] },
      "at a.prefix: expected a string or {equals-ignore-case: string}",
    ],
    [{ a: [{ exists: "yes" }] }, 'at a.exists: expected true or false, got "yes"'],
    [{ a: [{ wildcard: "a**b" }] }, "at a.wildcard: expected a wildcard without two asterisks in a row"],
    [
      { a: [{ wildcard: "a\\b" }] },
      "at a.wildcard: expected a wildcard without a backslash that escapes neither",
    ],
    [{ a: [{ cidr: "10.0.0.0/33" }] }, "at a.cidr: expected an IPv4 or IPv6 block such as 10.0.0.0/8"],
    [{ a: [{ numeric: ["!=", 3] }] }, 'at a.numeric: expected one of = < <= > >= in numeric, got "!="'],
    [{ a: [{ numeric: [] }] }, "at a.numeric: expected one bound"],
    [{ a: [{ numeric: [">", "3"] }] }, 'at a.numeric: expected a number from -5e9 to 5e9 after >, got "3"'],
    [{ a: [{ numeric: ["<", 3, ">", 1] }] }, "at a.numeric: expected one bound"],
    [{ a: [{ numeric: [">", 1, ">", 2] }] }, "at a.numeric: expected one bound"],
    [{ a: [{ numeric: [">", 1, "<", 2, "<", 3] }] }, "at a.numeric: expected one bound"],
    [{ a: [{ numeric: ["=", 1, "=", 1] }] }, "at a.numeric: expected one bound"],
    [{ a: [{ numeric: [">", 5, "<", 1] }] }, "at a.numeric: expected a lower bound below the upper one"],
    [{ a: [{ numeric: ["=", 6e9] }] }, "at a.numeric: expected a number from -5e9 to 5e9"],
    [{ a: [{ "anything-but": [] }] }, "at a.anything-but: expected at least one value"],
    [{ a: [{ "anything-but": ["x", 1] }] }, "at a.anything-but: expected strings only, or numbers"],
    [{ a: [{ "anything-but": true }] }, "at a.anything-but: expected strings only, or numbers"],
    [
      { a: [{ "anything-but": { prefix: "" } }] },
      "at a.anything-but.prefix: expected a string or a list of strings",
    ],
    [{ a: [{ "anything-but": { numeric: ["=", 1] } }] }, "at a.anything-but: expected one of prefix, suffix"],
    [{ $or: [{ a: [1] }] }, "at $or: expected an array of at least two objects"],
    [{ d: { $or: [{ a: [1] }, 5] } }, "at d.$or: expected objects only, got 5"],
    [
      { $or: [{ prefix: ["x"] }, { a: [1] }] },
      "at prefix: expected a field name that is not an operator inside $or",
    ],
  ])("%j is refused with its place", (pattern, message) => {
    expect(refusal(pattern)).toContain(`Invalid event pattern ${message}`);
  });
});

describe("a field that is named both outside and inside of $or", () => {
  it("is tested by the one that is written later", () => {
    const last = (pattern: unknown) =>
      parsePattern(pattern).alternatives.map((tests) =>
        tests.map(({ path, tests: [test] }) => ({ path, test })),
      );
    const inside = { kind: "equals", value: "inside" };
    const outside = { kind: "equals", value: "outside" };
    expect(last({ a: ["outside"], $or: [{ a: ["inside"] }, { b: ["inside"] }] })).toEqual([
      [{ path: "a", test: inside }],
      [
        { path: "a", test: outside },
        { path: "b", test: inside },
      ],
    ]);
    expect(last({ $or: [{ a: ["inside"] }, { b: ["inside"] }], a: ["outside"] })).toEqual([
      [{ path: "a", test: outside }],
      [
        { path: "a", test: outside },
        { path: "b", test: inside },
      ],
    ]);
  });
});
