import type { AccountType } from "@aws-sdk/client-chime";
import type { Intent } from "../../pipelines.ts";
import type { IntentAnswer } from "../directory.ts";

const managedElsewhere: IntentAnswer = {
  kind: "reject",
  code: "ManagedInDirectory",
  reason:
    "the account takes its users from a company directory or identity provider; change the person there instead",
};

const unsuspend: IntentAnswer = { kind: "call", operation: "unsuspend", whenUserIsUnknown: "await" };
const suspend: IntentAnswer = { kind: "call", operation: "suspend", whenUserIsUnknown: "reject" };
const suspendOnTeam: IntentAnswer = { ...suspend, closings: ["signOut", "resetPin"] };
const suspendOnEnterprise: IntentAnswer = { ...suspend, closings: ["resetPin"] };
const invite: IntentAnswer = { kind: "call", operation: "invite", whenUserIsUnknown: "await" };
const updateLicense: IntentAnswer = { kind: "call", operation: "updateLicense", whenUserIsUnknown: "await" };

/**
 * Which call answers which intent, by account type. Only Team accounts take invitations, only EnterpriseLWA
 * ones can be unsuspended: whoever is suspended from a Team account leaves it and is invited anew. An
 * EnterpriseLWA user registers alone on the claimed domain, so there is nobody to call about before that. A suspension
 * ends the sessions of an EnterpriseLWA user, and leaves those of a Team user open.
 */
export const chimeAnswers: Record<AccountType, Record<Intent, IntentAnswer>> = {
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

function allManagedElsewhere(): Record<Intent, IntentAnswer> {
  return {
    onboard: managedElsewhere,
    offboard: managedElsewhere,
    reinstate: managedElsewhere,
    relicense: managedElsewhere,
  };
}
