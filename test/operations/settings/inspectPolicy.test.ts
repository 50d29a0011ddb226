import { describe, expect, it } from "vitest";
import { lineFinder } from "../../../src/operations/settings/inspectPolicy.ts";

const text = `# A policy.
safeguard: false

accounts:
  - id: team
    domains:
      - example.com
      - &other "example.net"
    licensePerRole: { sales: Plus,
      1001: Pro }
  - id: lwa
    domains: [*other,
      example.org]
`;

describe("lineFinder", () => {
  it.each([
    [[], 2],
    [["safeguard"], 2],
    [["accounts"], 4],
    [["accounts", 0], 5],
    [["accounts", 0, "domains"], 6],
    [["accounts", 0, "domains", 1], 8],
    [["accounts", 0, "licensePerRole", "1001"], 10],
    [["accounts", 1, "id"], 11],
    [["accounts", 1, "domains", 0], 12],
    [["accounts", 1, "domains", 1], 13],
  ])("finds %j on line %i", (path, line) => {
    expect(lineFinder(text)(path)).toBe(line);
  });

  it("gives what is missing the line of what it is missing from", () => {
    const find = lineFinder(text);
    expect([find(["accounts", 1, "attributes", "company"]), find(["exclusions"])]).toEqual([11, 2]);
  });

  it("does not lose its way in a mapping whose keys are collections", () => {
    const find = lineFinder("? [a, b]\n: [c]\nd:\n  e: f\n");
    expect(find(["d", "e"])).toBe(4);
  });

  it("finds the first line of a text without content", () => {
    expect(lineFinder("\n# nothing\n")(["accounts"])).toBe(1);
  });
});
