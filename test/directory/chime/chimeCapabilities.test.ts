import { describe, expect, it } from "vitest";
import {
  chimeAccountTypes,
  isLicenseType,
  toLicenseType,
} from "../../../src/directory/chime/chimeCapabilities.ts";
import type { StateAnswers } from "../../../src/directory/directory.ts";

describe("chimeAccountTypes", () => {
  const letIn = {
    absent: "await",
    invited: "unchanged",
    lapsed: "unchanged",
    active: "unchanged",
    suspended: "unsuspend",
    remembered: "unsuspend",
  };
  const invite = {
    absent: "create",
    invited: "unchanged",
    lapsed: "create",
    active: "unchanged",
    suspended: "create",
    remembered: "create",
  };
  const leave = {
    absent: "UserNotFound",
    invited: "suspend",
    lapsed: "suspend",
    active: "suspend",
    suspended: "unchanged",
    remembered: "suspend",
  };
  const relicense = {
    absent: "await",
    invited: "setLicense",
    lapsed: "setLicense",
    active: "setLicense",
    suspended: "setLicense",
    remembered: "setLicense",
  };

  it.each([
    ["Team", { onboard: invite, offboard: leave, reinstate: invite, relicense }],
    ["EnterpriseLWA", { onboard: letIn, offboard: leave, reinstate: letIn, relicense }],
  ] as const)("a %s account answers to each intent by the state of the user", (type, expected) => {
    const { onboard, offboard, reinstate, relicense } = chimeAccountTypes[type].capabilities;
    const words = { onboard, offboard, reinstate, relicense };
    expect(
      Object.fromEntries(Object.entries(words).map(([intent, answers]) => [intent, inWords(answers)])),
    ).toEqual(expected);
  });

  it.each(["EnterpriseDirectory", "EnterpriseOIDC"] as const)(
    "an account of type %s takes no orders about anybody",
    (type) => {
      const answers = Object.values(chimeAccountTypes[type].capabilities).flatMap((states) =>
        Object.values(inWords(states)),
      );
      expect(new Set(answers)).toEqual(new Set(["ManagedInDirectory"]));
    },
  );

  /** Each answer in a word. */
  function inWords(answers: StateAnswers): Record<string, string> {
    return Object.fromEntries(
      Object.entries(answers).map(([state, answer]) => {
        if (answer.kind === "call") return [state, answer.operation];
        return [state, answer.kind === "reject" ? answer.code : answer.kind];
      }),
    );
  }
});

describe("toLicenseType", () => {
  it("takes the licenses of Chime, in their own spelling", () => {
    const names = ["Basic", "Plus", "Pro", "ProTrial", "pro", "", undefined];
    expect(names.map(isLicenseType)).toEqual([true, true, true, true, false, false, false]);
    expect(toLicenseType("ProTrial")).toBe("ProTrial");
  });

  it.each([
    ["Platinum", "Platinum"],
    [undefined, "(none)"],
  ])("names the licenses that there are to who asks for %s", (name, shown) => {
    expect(() => toLicenseType(name)).toThrow(
      new RangeError(`license ${shown}: expected one of Basic, Plus, Pro, ProTrial`),
    );
  });
});
