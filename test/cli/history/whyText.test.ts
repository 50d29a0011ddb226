import { describe, expect, it } from "vitest";
import { whyText } from "../../../src/cli/history/whyText.ts";

describe("why a decision came to its end", () => {
  it.each([
    ["unchanged", "duplicate", "a duplicate"],
    ["unchanged", "alreadySo", "already so"],
    ["deferred", "notRegistered", "the user has not registered"],
    ["held", "SuspensionLimit", "too many suspensions at a time"],
    ["superseded", "e-9", "by e-9"],
    ["superseded", "duplicate", "by duplicate"],
    ["rejected", "UserNotFound", "UserNotFound"],
    ["rejected", "constructor", "constructor"],
    ["rejected", "__proto__", "__proto__"],
    ["applied", undefined, ""],
  ] as const)("%s for %s reads: %s", (outcome, code, text) => {
    expect(whyText({ outcome, ...(code !== undefined && { code }) })).toBe(text);
  });
});
