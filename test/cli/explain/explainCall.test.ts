import { describe, expect, it } from "vitest";
import { explainCall } from "../../../src/cli/explain/explainCall.ts";
import { aDecision, noon } from "../../provisioning/samples.ts";

const managedElsewhere = {
  question: "call",
  answer: "no",
  text: "none: a dead letter, ManagedInDirectory",
  rule: "for accounts of type EnterpriseDirectory, EnterpriseOIDC",
};

const nothingAfter = { findAfterSuspension: () => ({ signOut: false, resetPin: false, license: undefined }) };

describe("explainCall", () => {
  it("tells what follows a suspension, where the policy asks for it", () => {
    const both = { findAfterSuspension: () => ({ signOut: true, resetPin: true, license: undefined }) };
    const { steps } = explainCall(aDecision({ intent: "offboard" }), both, noon);
    expect(steps.map(({ text, rule }) => `${rule}: ${text}`)).toEqual([
      "for accounts of type Team: BatchSuspendUser, then LogoutUser and ResetPersonalPIN",
      "for accounts of type EnterpriseLWA: BatchSuspendUser, then ResetPersonalPIN",
      `${managedElsewhere.rule}: ${managedElsewhere.text}`,
    ]);
  });

  it("tells the call of each type of account, and where there is none", () => {
    expect(explainCall(aDecision({ intent: "onboard" }), nothingAfter, noon)).toEqual({
      steps: [
        { question: "call", answer: "yes", text: "InviteUsers", rule: "for accounts of type Team" },
        {
          question: "call",
          answer: "yes",
          text: "BatchUnsuspendUser",
          rule: "for accounts of type EnterpriseLWA",
        },
        managedElsewhere,
      ],
      fate: { kind: "call", operations: ["invite", "unsuspend"] },
    });
  });

  it("tells to which license somebody would be changed", () => {
    const { steps } = explainCall(aDecision({ intent: "relicense", licenseType: "Pro" }), nothingAfter, noon);
    expect(steps).toEqual([
      {
        question: "call",
        answer: "yes",
        text: "BatchUpdateUser, to Pro",
        rule: "for accounts of type Team, EnterpriseLWA",
      },
      managedElsewhere,
    ]);
  });
});
