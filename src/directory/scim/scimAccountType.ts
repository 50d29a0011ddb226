import type { DirectorySettings, ScimProfileName } from "../../policy/directorySettings.ts";
import type { AccountType } from "../directoryKind.ts";
import { capabilitiesOf } from "./scimDirectory.ts";
import { type Fact, type ScimProfile, scimProfiles } from "./scimProfiles.ts";

/** An account of the policy whose users a SCIM service has. */
export interface ScimAccount {
  directory: DirectorySettings;
  /** The consent to a service that deletes; of a service that nothing is known of it is also the word for it. */
  suspension?: "deletes";
}

const profiles: Readonly<Record<ScimProfileName, ScimProfile>> = scimProfiles;

/** What is known of the account's service: its profile, with what the policy says differently. */
export function toScimProfile({ directory, suspension }: ScimAccount): ScimProfile {
  const { profile, bulk, license, rate, showsActive } = directory;
  return {
    ...profiles[profile],
    ...(bulk === false && { bulk: saidByPolicy("never") }),
    ...(license !== undefined && { license: saidByPolicy(license) }),
    ...(showsActive === false && { showsActive: saidByPolicy(false) }),
    ...(rate !== undefined && { callsPerSecond: saidByPolicy(rate) }),
    ...(profile === "generic" && suspension === "deletes" && { suspension: saidByPolicy(suspension) }),
  };
}

function saidByPolicy<T>(value: T): Fact<T> {
  return { value, verified: "notVerified" };
}

/** A SCIM service's account is of one type, which its profile is. */
export function scimAccountType(account: ScimAccount): AccountType {
  const profile = toScimProfile(account);
  const { license } = profile;
  return {
    type: profile.name,
    capabilities: capabilitiesOf(profile),
    postSuspensionActions: [],
    suspension: profile.suspension.value,
    callNames: {
      create: "POST /Users",
      suspend: "PATCH /Users (active: false)",
      unsuspend: "PATCH /Users (active: true)",
      setLicense: `PATCH /Users (${license.value === "none" ? "no license" : license.value.path})`,
      signOut: "no sign-out",
      resetPin: "no new PIN",
    },
  };
}
