import { describe, expect, it } from "vitest";
import { shownText } from "../../../src/cli/ledger/shownText.ts";

describe("shownText", () => {
  it("masks every address but the one that was typed, whatever its case", () => {
    const show = shownText({ typed: "Ada@example.com", forTerminal: true });
    expect(["ada@EXAMPLE.com", "bob@example.com", "to ada@example.com", "hr-17"].map(show)).toEqual([
      "ada@EXAMPLE.com",
      "b***@example.com",
      "to a***@example.com",
      "hr-17",
    ]);
  });

  it("lets no control character reach a terminal, and programs have them as they are", () => {
    const evil = "hr-\u001b[2J\u009b1m\u202e\n17";
    expect(shownText({ typed: undefined, forTerminal: true })(evil)).toBe(
      "hr-\ufffd[2J\ufffd1m\ufffd\ufffd17",
    );
    expect(shownText({ typed: undefined, forTerminal: false })(evil)).toBe(evil);
  });
});
