import { describe, expect, it } from "vitest";
import { afterSuspensionFinder } from "../../src/policy/afterSuspension.ts";
import { policySchema } from "../../src/policy/policy.ts";

const inGeneral = { signOut: true, license: { to: "Basic", afterDays: 10 } };

/** What is done about the leavers of account "a" under these settings of the policy and of the account. */
function under(afterSuspension: object | undefined, ofAccount?: object) {
  const policy = policySchema.parse({
    ...(afterSuspension !== undefined && { afterSuspension }),
    accounts: [
      {
        id: "a",
        domains: ["a.example"],
        ...(ofAccount !== undefined && { afterSuspension: ofAccount }),
      },
    ],
  });
  return afterSuspensionFinder(policy)("a");
}

describe("afterSuspensionFinder", () => {
  it.each([
    ["nothing where nothing is said", undefined, undefined, { signOut: false, resetPin: false }],
    ["the policy's", inGeneral, undefined, { ...inGeneral, resetPin: false }],
    [
      "the account's, then the policy's",
      inGeneral,
      { signOut: false, resetPin: true },
      { ...inGeneral, signOut: false, resetPin: true },
    ],
    [
      "another license, after the usual 30 days",
      inGeneral,
      { license: { to: "Plus" } },
      { signOut: true, resetPin: false, license: { to: "Plus", afterDays: 30 } },
    ],
    [
      "the same license, where the account switches that off",
      inGeneral,
      { license: false },
      { signOut: true, resetPin: false },
    ],
  ] as const)("gives %s", (_, afterSuspension, ofAccount, expected) => {
    expect(under(afterSuspension, ofAccount)).toEqual(expected);
  });

  it.each([
    [{ license: { afterDays: 30 } }],
    [{ license: { to: "Basic", afterDays: 0 } }],
    [{ license: { to: "Basic", afterDays: 400 } }],
    [{ license: true }],
    [{ signOut: "yes" }],
    [{ signout: true }],
  ])("the policy does not take %j", (afterSuspension) => {
    const accounts = [{ id: "a", domains: ["a.example"] }];
    expect(policySchema.safeParse({ afterSuspension, accounts }).success).toBe(false);
  });
});
