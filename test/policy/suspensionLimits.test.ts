import { describe, expect, it } from "vitest";
import { policySchema } from "../../src/policy/policy.ts";
import { limitsFinder, usualLimits } from "../../src/policy/suspensionLimits.ts";

/** The limits of account "a" under these settings of the policy and of the account. */
function limitsUnder(safeguard: object | false | undefined, ofAccount?: object | false) {
  const account = {
    id: "a",
    domains: ["a.example"],
    ...(ofAccount !== undefined && { safeguard: ofAccount }),
  };
  const policy = policySchema.parse({ accounts: [account], ...(safeguard !== undefined && { safeguard }) });
  return limitsFinder(policy)("a");
}

describe("limitsFinder", () => {
  it.each([
    ["the usual ones where nothing is said", undefined, undefined, usualLimits],
    [
      "the policy's, and the usual ones for the rest",
      { suspensions: { percent: 2 } },
      undefined,
      { ...usualLimits, percent: 2 },
    ],
    [
      "the account's, then the policy's, then the usual ones",
      { suspensions: { atLeast: 10 }, immediate: 1 },
      { suspensions: { percent: 50 }, windowMinutes: 10 },
      { atLeast: 10, percent: 50, windowMinutes: 10, immediate: 1 },
    ],
    ["none where the policy switches it off", false, undefined, undefined],
    ["none where the account switches it off", { immediate: 1 }, false, undefined],
    [
      "the account's, where only the others are switched off",
      false,
      { immediate: 1 },
      { ...usualLimits, immediate: 1 },
    ],
  ] as const)("gives %s", (_, safeguard, ofAccount, limits) => {
    expect(limitsUnder(safeguard, ofAccount)).toEqual(limits);
  });

  it.each([
    [true],
    ["off"],
    [{ suspensions: { percent: 101 } }],
    [{ suspensions: { atLeast: -1 } }],
    [{ suspensions: { atleast: 5 } }],
    [{ windowMinutes: 0 }],
    [{ immediate: 0.5 }],
  ])("the policy does not take %j for limits", (safeguard) => {
    expect(
      policySchema.safeParse({ safeguard, accounts: [{ id: "a", domains: ["a.example"] }] }).success,
    ).toBe(false);
  });
});
