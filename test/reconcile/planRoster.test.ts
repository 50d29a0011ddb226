import { describe, expect, it } from "vitest";
import { chimeCapabilities } from "../../src/directory/chime/chimeCapabilities.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import {
  findHeld,
  inPublishOrder,
  planRosterCalls,
  postSuspensionFinder,
} from "../../src/reconcile/planRoster.ts";
import { anAccount, aUser } from "../provisioning/samples.ts";
import { compareWithDirectory } from "./publishThroughProvisioning.ts";
import { aDirectory, aRoster, aRow } from "./samples.ts";

describe("the calls of a plan", () => {
  const rows = ["lwa", "team", "lwa", "team"].flatMap((account, index) => [
    aRow({ personId: `new-${index}`, email: `new-${index}@${account}.example` }),
    aRow({ personId: `left-${index}`, email: `left-${index}@${account}.example`, status: "left" }),
  ]);
  const users = ["lwa", "team", "lwa", "team"].map((account, index) =>
    aUser({ userId: `u-${index}`, email: `left-${index}@${account}.example` }),
  );

  it("go out leavers first, and the people of one account together", async () => {
    const { changes } = await compareWithDirectory(aRoster(rows), aDirectory(users));
    expect(
      inPublishOrder(changes).map(({ desired }) => [desired.operation, desired.accountId, desired.target]),
    ).toEqual([
      ["suspend", "lwa", "u-0"],
      ["suspend", "lwa", "u-2"],
      ["suspend", "team", "u-1"],
      ["suspend", "team", "u-3"],
      ["invite", "team", "new-1@team.example"],
      ["invite", "team", "new-3@team.example"],
    ]);
  });

  it("have one more for each leaver where the policy asks for a sign-out, in accounts that need it", async () => {
    const directory = aDirectory(users);
    const { changes } = await compareWithDirectory(aRoster(rows), directory);
    const listings = [
      { account: anAccount({ accountId: "team", capabilities: chimeCapabilities.Team }) },
      { account: anAccount({ accountId: "lwa", capabilities: chimeCapabilities.EnterpriseLWA }) },
    ];
    const { findAfterSuspension } = toPolicyRules({
      afterSuspension: { signOut: true },
      accounts: ["team", "lwa"].map((id) => ({ id, domains: [`${id}.example`], licensePerRole: {} })),
    });
    const actionsOf = postSuspensionFinder(listings, findAfterSuspension);
    expect(planRosterCalls(changes, directory.limits, actionsOf)).toEqual([
      { accountId: "lwa", operation: "suspend", calls: 1, users: 2 },
      { accountId: "team", operation: "suspend", calls: 1, users: 2 },
      { accountId: "team", operation: "signOut", calls: 2, users: 2 },
      { accountId: "team", operation: "invite", calls: 1, users: 2 },
    ]);
    expect(actionsOf("elsewhere", "offboard")).toEqual([]);
  });

  it("are held where more leave an account than the safeguard lets pass, and not where just so many do", async () => {
    const { changes } = await compareWithDirectory(aRoster(rows), aDirectory(users));
    const listings = ["team", "lwa", "oidc"].map((accountId) => ({
      account: anAccount({ accountId }),
      users: (["registered", "registered", "registered", "suspended", "invited"] as const).map(
        (status, index) => aUser({ userId: `${index}`, status }),
      ),
    }));
    const heldBy = (limits: Record<string, { atLeast: number; percent: number }>) =>
      findHeld(changes, listings, (accountId) => {
        const own = limits[accountId];
        return own && { ...own, windowMinutes: 60, immediate: 0 };
      });
    expect(heldBy({ team: { atLeast: 1, percent: 34 }, lwa: { atLeast: 2, percent: 0 } })).toEqual([
      { accountId: "team", leavers: 2, limit: 1 },
    ]);
    expect(heldBy({ lwa: { atLeast: 0, percent: 67 } })).toEqual([]);
  });
});
