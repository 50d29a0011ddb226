import { describe, expect, it } from "vitest";
import { chimeAccountTypes, chimeLimits } from "../../src/directory/chime/chimeCapabilities.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { rosterSchema } from "../../src/policy/rosterSettings.ts";
import {
  findHeld,
  inPublishOrder,
  planRosterCalls,
  postSuspensionFinder,
  reconcileRoster,
} from "../../src/reconcile/planRoster.ts";
import { anAccount, aUser, noon } from "../provisioning/samples.ts";
import { compareWithDirectory } from "./publishThroughProvisioning.ts";
import { aDirectory, aRoster, aRow } from "./samples.ts";

describe("a reconciliation", () => {
  it.each([
    ["suspend", 9, "rejected"],
    ["suspend", 2, "planned"],
    ["report", 9, "planned"],
  ] as const)(
    "where accounts without a row are to %s, and %i active users have none, is %s",
    async (absent, without, kind) => {
      const emails = ["ada", ...Array.from({ length: without }, (_, index) => `user-${index}`)].map(
        (name) => `${name}@team.example`,
      );
      const active = emails.map((email) => aUser({ userId: `u-${email}`, email }));
      const suspended = aUser({ userId: "u-s", email: "s@team.example", state: "suspended" });
      const account = anAccount({ accountId: "team", ...chimeAccountTypes.Team });
      const present = ["ada", "b", "c", "d", "e"].map((name) =>
        aRow({ personId: name, email: `${name}@team.example` }),
      );
      const input = {
        roster: aRoster(present),
        asOf: noon,
        last: undefined,
        policy: { accounts: [{ id: "team", domains: ["team.example"], licensePerRole: {} }] },
        settings: rosterSchema.parse({ absent, leastPercent: 90 }),
      };
      const users = [...active, suspended, suspended, suspended];
      const directory = { readAccounts: async () => [{ account, users }] };
      const reconciliation = await reconcileRoster(input, { directory });
      expect(reconciliation.kind).toBe(kind);
    },
  );
});

describe("the calls of a plan", () => {
  const rows = ["lwa", "team", "lwa", "team"].flatMap((account, index) => [
    aRow({ personId: `new-${index}`, email: `new-${index}@${account}.example` }),
    aRow({ personId: `left-${index}`, email: `left-${index}@${account}.example`, status: "left" }),
  ]);
  const users = ["lwa", "team", "lwa", "team"].map((account, index) =>
    aUser({ userId: `u-${index}`, email: `left-${index}@${account}.example` }),
  );

  it("go out leavers first, and the people of one account together", async () => {
    const others = [
      aRow({ personId: "moves", email: "moves@team.example", licenseType: "Pro" }),
      aRow({ personId: "back", email: "back@lwa.example" }),
    ];
    const theirs = [
      aUser({ userId: "u-moves", email: "moves@team.example" }),
      aUser({ userId: "u-back", email: "back@lwa.example", state: "suspended" }),
    ];
    const { changes } = await compareWithDirectory(
      aRoster([...others, ...rows]),
      aDirectory([...theirs, ...users]),
    );
    expect(
      inPublishOrder(changes).map(({ desired }) => [desired.operation, desired.accountId, desired.target]),
    ).toEqual([
      ["suspend", "lwa", "u-0"],
      ["suspend", "lwa", "u-2"],
      ["suspend", "team", "u-1"],
      ["suspend", "team", "u-3"],
      ["create", "team", "new-1@team.example"],
      ["create", "team", "new-3@team.example"],
      ["unsuspend", "lwa", "u-back"],
      ["setLicense", "team", "u-moves"],
    ]);
  });

  it("have one more for each leaver where the policy asks for a sign-out, in accounts that need it", async () => {
    const directory = aDirectory(users);
    const { changes } = await compareWithDirectory(aRoster(rows), directory);
    const listings = [
      { account: anAccount({ accountId: "team", ...chimeAccountTypes.Team }) },
      { account: anAccount({ accountId: "lwa", ...chimeAccountTypes.EnterpriseLWA }) },
    ];
    const { findAfterSuspension } = toPolicyRules({
      afterSuspension: { signOut: true },
      accounts: ["team", "lwa"].map((id) => ({ id, domains: [`${id}.example`], licensePerRole: {} })),
    });
    const actionsOf = postSuspensionFinder(listings, findAfterSuspension);
    expect(planRosterCalls(changes, () => chimeLimits, actionsOf)).toEqual([
      { accountId: "lwa", operation: "suspend", calls: 1, users: 2 },
      { accountId: "team", operation: "suspend", calls: 1, users: 2 },
      { accountId: "team", operation: "signOut", calls: 2, users: 2 },
      { accountId: "team", operation: "create", calls: 1, users: 2 },
    ]);
    expect(actionsOf("elsewhere", "offboard")).toEqual([]);
  });

  it("are held where more leave an account than the safeguard lets pass, and not where just so many do", async () => {
    const leaving = ["lwa", "team", "lwa", "team", "lwa"].map((account, index) => ({
      row: aRow({ personId: `p-${index}`, email: `left-${index}@${account}.example`, status: "left" }),
      user: aUser({ userId: `u-${index}`, email: `left-${index}@${account}.example` }),
    }));
    const joiner = aRow({ personId: "p-9", email: "new@team.example" });
    const { changes } = await compareWithDirectory(
      aRoster([joiner, ...leaving.map(({ row }) => row)]),
      aDirectory(leaving.map(({ user }) => user)),
    );
    const listings = ["team", "lwa", "oidc"].map((accountId) => ({
      account: anAccount({ accountId }),
      users: (["active", "active", "active", "suspended", "invited"] as const).map((state, index) =>
        aUser({ userId: `${index}`, state }),
      ),
    }));
    const heldBy = (limits: Record<string, { atLeast: number; percent: number }>) =>
      findHeld(changes, listings, (accountId) => {
        const own = limits[accountId];
        return own && { ...own, windowMinutes: 60, immediate: 0 };
      });
    // Of the registered users alone: one of three, where it would be two of all five.
    expect(heldBy({ team: { atLeast: 1, percent: 40 }, lwa: { atLeast: 3, percent: 0 } })).toEqual([
      { accountId: "team", leavers: 2, limit: 1 },
    ]);
    expect(heldBy({ lwa: { atLeast: 2, percent: 0 } })).toEqual([{ accountId: "lwa", leavers: 3, limit: 2 }]);
  });
});
