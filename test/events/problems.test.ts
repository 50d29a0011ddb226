import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeProblems } from "../../src/events/problems.ts";

describe("describeProblems", () => {
  const problem = (path: string, message: string) => ({ path, message });

  it("names each problem with its place", () => {
    const problems = [problem("data.email", "expected this; got that"), problem("detail", "expected more")];
    expect(describeProblems(problems)).toBe("data.email: expected this; got that; detail: expected more");
  });

  it("names as many as there is room for, and says how many more there are", () => {
    const text = describeProblems(Array(10).fill(problem("a", "x".repeat(297))));
    expect(text).toBe(`${`a: ${"x".repeat(297)}; `.repeat(3)}and 7 more`);
  });

  it("fits a dead letter's attribute, and has each problem whole or not at all", () => {
    const anyProblem = fc.record({
      path: fc.string({ maxLength: 40 }),
      message: fc.string({ maxLength: 1200 }),
    });
    fc.assert(
      fc.property(fc.array(anyProblem, { minLength: 1, maxLength: 12 }), (problems) => {
        const text = describeProblems(problems);
        expect(text.length).toBeLessThanOrEqual(1024);
        const counts = problems.map((_, count) =>
          [
            ...problems.slice(0, count).map(({ path, message }) => `${path}: ${message}`),
            `and ${problems.length - count} more`,
          ].join("; "),
        );
        const all = problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
        expect([...counts, all]).toContain(text);
      }),
    );
  });
});
