import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { boundedList, eventBounds, findBreach, parseExactJson } from "../../src/events/boundedJson.ts";

describe("boundedList", () => {
  it("a list from outside is refused for its length before its elements are looked at", () => {
    const list = boundedList(z.string());
    const issuesOf = (elements: unknown[]) => list.safeParse(elements).error?.issues.map(({ code }) => code);
    expect([issuesOf(["a", "b"]), issuesOf([1]), issuesOf(Array.from({ length: 1001 }, () => 1))]).toEqual([
      undefined,
      ["invalid_type"],
      ["too_big"],
    ]);
  });
});

describe("parseExactJson", () => {
  it("gives whole numbers beyond 2^53 as texts, to the last digit", () => {
    const text = '{"id":3332883854254932743,"other":[-9007199254740993],"said":"3332883854254932743 \\" 1"}';
    expect(parseExactJson(text)).toEqual({
      id: "3332883854254932743",
      other: ["-9007199254740993"],
      said: '3332883854254932743 " 1',
    });
  });

  it("reads everything else as it is, fractions with many digits too", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, (_, each) =>
          Number.isInteger(each) && !Number.isSafeInteger(each) ? 0 : each,
        );
        expect(parseExactJson(text)).toEqual(JSON.parse(text));
      }),
    );
    const fractions = [0.30000000000000004, 12.345678901234567, 1e-17];
    expect(parseExactJson(JSON.stringify(fractions))).toEqual(fractions);
  });

  it("is undefined for what is not JSON, and soon so for strings that never end", () => {
    expect(parseExactJson(`{"id":3332883854254932743`)).toBe(undefined);
    expect(parseExactJson(`"1234567890123456${'\\"'.repeat(200_000)}`)).toBe(undefined);
  });
});

describe("findBreach", () => {
  /** The same measures, taken from the parsed value. */
  function measure(value: unknown): { depth: number; values: number } {
    if (typeof value !== "object" || value === null) return { depth: 0, values: 0 };
    const inner = Object.values(value).map(measure);
    return {
      depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
      values: inner.reduce((sum, { values }) => sum + values, Math.max(1, inner.length)),
    };
  }

  const text = fc.string({ unit: fc.constantFrom('"', "\\", "[", "]", "{", "}", ",", "a") });
  const json = fc
    .oneof(fc.jsonValue({ maxDepth: 6 }), fc.array(fc.dictionary(text, fc.oneof(text, fc.array(text)))), text)
    .map((value) => ({ value, text: JSON.stringify(value, undefined, " ") }));

  it("lets through what is within its bounds, to the last level and value", () => {
    fc.assert(
      fc.property(json, ({ value, text }) => {
        expect(findBreach(text, measure(value))).toBe(undefined);
      }),
    );
  });

  it("finds one level and one value too many, whatever brackets and commas stand in strings", () => {
    fc.assert(
      fc.property(json, ({ value, text }) => {
        const { depth, values } = measure(value);
        fc.pre(depth > 0);
        const found = [
          findBreach(text, { depth: depth - 1, values })?.code,
          findBreach(text, { depth, values: values - 1 })?.code,
        ];
        expect(found).toEqual(["TooDeep", "TooManyValues"]);
      }),
    );
  });

  it("counts the levels of arrays and objects together, where the text is short enough to be counted by its brackets", () => {
    fc.assert(
      fc.property(json, ({ value, text }) => {
        const { depth } = measure(value);
        fc.pre(depth > 0);
        const values = text.length;
        expect(findBreach(text, { depth, values })).toBe(undefined);
        expect(findBreach(text, { depth: depth - 1, values })?.code).toBe("TooDeep");
      }),
    );
  });

  it("says what was expected and nothing of the text", () => {
    expect([
      findBreach("[".repeat(1002), eventBounds),
      findBreach(`[${"0,".repeat(10_000)}0]`, eventBounds),
    ]).toEqual([
      { code: "TooDeep", message: "expected JSON of at most 500 levels; got more" },
      {
        code: "TooManyValues",
        message: "expected at most 10000 fields and elements in all; got more",
      },
    ]);
  });

  it("takes any text, JSON or not", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), text), (any) => {
        const breach = findBreach(any, { depth: 2, values: 3 });
        expect([undefined, "TooDeep", "TooManyValues"]).toContain(breach?.code);
      }),
    );
  });
});
