import { describe, expect, it } from "vitest";
import { groupBy } from "../../src/drain/groupBy.ts";

describe("groupBy", () => {
  it("lists what shares a key, and keeps the order of keys and of items", () => {
    const lists = groupBy([5, 2, 3, 8, 1], (number) => (number % 2 === 0 ? "even" : "odd"));
    expect([...lists]).toEqual([
      ["odd", [5, 3, 1]],
      ["even", [2, 8]],
    ]);
  });

  it("has no list where there is nothing", () => {
    expect([...groupBy([], () => "key")]).toEqual([]);
  });
});
