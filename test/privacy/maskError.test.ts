import { describe, expect, it } from "vitest";
import { maskError } from "../../src/privacy/maskError.ts";

describe("a masked error", () => {
  it("keeps its name and its place, and names nobody", () => {
    const { name, message, stack } = maskError(new TypeError("for ada.lovelace@example.com"));
    expect([name, message]).toEqual(["TypeError", "for a***@example.com"]);
    expect(stack).toMatch(/^TypeError: for a\*\*\*@example\.com\n +at .*maskError\.test\.ts/);
  });

  it("has no cause, which would be told as well", () => {
    const cause = new Error("ada.lovelace@example.com");
    expect("cause" in maskError(new Error("no", { cause }))).toBe(false);
  });

  it("can be made of anything that was thrown", () => {
    expect(maskError("ada.lovelace@example.com").message).toBe("a***@example.com");
  });
});
