import { describe, expect, it } from "vitest";
import { redactForDisplay } from "../../src/operations/displayText.ts";

describe("redactForDisplay", () => {
  it("masks every address but the one that was typed, whatever its case", () => {
    const redact = redactForDisplay("Ada@example.com");
    expect(["ada@EXAMPLE.com", "bob@example.com", "to ada@example.com", "hr-17"].map(redact)).toEqual([
      "ada@EXAMPLE.com",
      "b***@example.com",
      "to a***@example.com",
      "hr-17",
    ]);
  });
});
