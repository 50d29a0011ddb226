import { type AccountType, License } from "@aws-sdk/client-chime";
import {
  type CallLimits,
  type DirectoryAccount,
  type StateAnswer,
  type StateAnswers,
  userNotFound,
} from "../directory.ts";

const create: StateAnswer = { kind: "call", operation: "create" };
const suspend: StateAnswer = { kind: "call", operation: "suspend" };
const unsuspend: StateAnswer = { kind: "call", operation: "unsuspend" };
const setLicense: StateAnswer = { kind: "call", operation: "setLicense" };
const awaitRegistration: StateAnswer = { kind: "await" };
const unchanged: StateAnswer = { kind: "unchanged" };
const managed: StateAnswer = {
  kind: "reject",
  code: "ManagedInDirectory",
  reason:
    "the account takes its users from a company directory or identity provider; change the person there instead",
};

/** A user who is suspended from a Team account leaves it, and is invited anew. So is one whose invitation lapsed. */
const invite: StateAnswers = { ...everyState(create), invited: unchanged, active: unchanged };

/** A user registers alone on the claimed domain, so there is no user to call about before that. */
const letIn: StateAnswers = {
  ...everyState(unchanged),
  absent: awaitRegistration,
  suspended: unsuspend,
  remembered: unsuspend,
};

const leave: StateAnswers = { ...everyState(suspend), absent: userNotFound, suspended: unchanged };
const relicense: StateAnswers = { ...everyState(setLicense), absent: awaitRegistration };

const managedElsewhere: ChimeAccountType = {
  capabilities: {
    onboard: everyState(managed),
    offboard: everyState(managed),
    reinstate: everyState(managed),
    relicense: everyState(managed),
  },
  postSuspensionActions: [],
};

type ChimeAccountType = Pick<DirectoryAccount, "capabilities" | "postSuspensionActions">;

/**
 * What each account type can do. Only Team accounts take invitations, and only EnterpriseLWA accounts can unsuspend. A suspension
 * ends the sessions of an EnterpriseLWA user, and leaves those of a Team user open.
 */
export const chimeAccountTypes: Record<AccountType, ChimeAccountType> = {
  Team: {
    capabilities: { onboard: invite, offboard: leave, reinstate: invite, relicense },
    postSuspensionActions: ["signOut", "resetPin"],
  },
  EnterpriseLWA: {
    capabilities: { onboard: letIn, offboard: leave, reinstate: letIn, relicense },
    postSuspensionActions: ["resetPin"],
  },
  EnterpriseDirectory: managedElsewhere,
  EnterpriseOIDC: managedElsewhere,
};

function everyState(answer: StateAnswer): Required<StateAnswers> {
  return {
    absent: answer,
    invited: answer,
    lapsed: answer,
    active: answer,
    suspended: answer,
    remembered: answer,
  };
}

/**
 * Entries that one call may carry, from the API reference of BatchSuspendUser, BatchUnsuspendUser,
 * InviteUsers and BatchUpdateUser. The SDK checks none of them, so the adapter does. LogoutUser and ResetPersonalPIN have
 * one user in their path.
 */
export const chimeLimits: CallLimits = {
  suspend: 50,
  unsuspend: 50,
  create: 50,
  setLicense: 20,
  signOut: 1,
  resetPin: 1,
};

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
