import { expect, it } from "vitest";
import { printReport } from "../../src/cli/commandResult.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

it("a report as JSON holds nothing that a terminal takes for a command, and says the same", () => {
  const evil = "hr-\u001b[2J\u009b1m\u202e\u007f\u2028\u00ad\n17 ✓ é 😀";
  const report = { [evil]: [evil] };
  const { terminal, screen } = fakeTerminal();
  printReport(report, true, terminal.stdout, () => []);
  const json = screen();
  expect(JSON.parse(json)).toEqual(report);
  expect(json.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(json).toContain("✓ é 😀");
});
