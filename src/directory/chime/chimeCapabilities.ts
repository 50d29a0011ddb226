import { type AccountType, License } from "@aws-sdk/client-chime";
import type { Intent } from "../../pipelineSettings.ts";
import type { BatchOperation, Capability } from "../directory.ts";

const managedElsewhere: Capability = {
  kind: "reject",
  code: "ManagedInDirectory",
  reason:
    "the account takes its users from a company directory or identity provider; change the person there instead",
};

const unsuspend: Capability = { kind: "call", operation: "unsuspend", whenUserIsUnknown: "await" };
const suspend: Capability = { kind: "call", operation: "suspend", whenUserIsUnknown: "reject" };
const suspendOnTeam: Capability = { ...suspend, postSuspensionActions: ["signOut", "resetPin"] };
const suspendOnEnterprise: Capability = { ...suspend, postSuspensionActions: ["resetPin"] };
const invite: Capability = { kind: "call", operation: "invite", whenUserIsUnknown: "await" };
const updateLicense: Capability = { kind: "call", operation: "updateLicense", whenUserIsUnknown: "await" };

/**
 * The capabilities of each account type: which call carries out which intent. Only Team accounts take invitations, and only
 * EnterpriseLWA accounts can unsuspend: a user who is suspended from a Team account leaves it and is invited anew. An
 * EnterpriseLWA user registers alone on the claimed domain, so there is no user to call about before that. A suspension ends
 * the sessions of an EnterpriseLWA user, and leaves those of a Team user open.
 */
export const chimeCapabilities: Record<AccountType, Record<Intent, Capability>> = {
  Team: { onboard: invite, offboard: suspendOnTeam, reinstate: invite, relicense: updateLicense },
  EnterpriseLWA: {
    onboard: unsuspend,
    offboard: suspendOnEnterprise,
    reinstate: unsuspend,
    relicense: updateLicense,
  },
  EnterpriseDirectory: allManagedElsewhere(),
  EnterpriseOIDC: allManagedElsewhere(),
};

function allManagedElsewhere(): Record<Intent, Capability> {
  return {
    onboard: managedElsewhere,
    offboard: managedElsewhere,
    reinstate: managedElsewhere,
    relicense: managedElsewhere,
  };
}

/**
 * Entries that one call may carry, from the API reference of BatchSuspendUser, BatchUnsuspendUser,
 * InviteUsers and BatchUpdateUser. The SDK checks none of them, so the adapter does. LogoutUser and ResetPersonalPIN have
 * one user in their path.
 */
export const chimeBatchLimits = {
  suspend: 50,
  unsuspend: 50,
  invite: 50,
  updateLicense: 20,
  signOut: 1,
  resetPin: 1,
} as const satisfies Record<BatchOperation, number>;

/** The largest page of ListUsers. */
export const chimeUsersPerPage = 200;

const licenses: readonly string[] = Object.values(License);

/** Throws `RangeError` for a license that Chime does not have; a plan holds only licenses that the account supports. */
export function toLicenseType(name: string | undefined): License {
  if (isLicenseType(name)) return name;
  throw new RangeError(`license ${name ?? "(none)"}: expected one of ${licenses.join(", ")}`);
}

export function isLicenseType(name: string | undefined): name is License {
  return name !== undefined && licenses.includes(name);
}
