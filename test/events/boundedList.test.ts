import { expect, it } from "vitest";
import * as z from "zod";
import { boundedList } from "../../src/events/boundedList.ts";

it("a list from outside is refused for its length before its elements are looked at", () => {
  const list = boundedList(z.string());
  const issuesOf = (elements: unknown[]) => list.safeParse(elements).error?.issues.map(({ code }) => code);
  expect([issuesOf(["a", "b"]), issuesOf([1]), issuesOf(Array.from({ length: 1001 }, () => 1))]).toEqual([
    undefined,
    ["invalid_type"],
    ["too_big"],
  ]);
});
