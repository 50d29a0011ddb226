/**
 * What is known of the services that speak SCIM, as data. A fact that a document of the vendor does not confirm is marked, and the
 * adapter finds out for itself whatever can be found out: a filter, a limit, or a service that does nothing.
 */

/** One fact, how far it can be trusted, and where it is written. */
export interface Fact<T> {
  value: T;
  /** By the vendor's own document, by a third party's, or by nobody. */
  verified: "documentation" | "thirdParty" | "notVerified";
  source?: string;
}

/** Where a user's license stands, and how its value is written. */
export interface LicensePlace {
  /** `userType`, `entitlements`, or an attribute of an extension: `urn:…:User:attribute`. */
  path: string;
  /** The license itself, or a list with one element whose `value` is the license. */
  shape: "text" | "element";
  /** The element's `type`, where the service wants one. */
  type?: string;
}

/** An attribute by which a user can be looked up. */
export type LookUpAttribute = "externalId" | "userName" | "emails.value";

export interface ScimProfile {
  /** For people. */
  name: string;
  /** In the order in which they are asked. Filters that no document names are tried out first. */
  lookUp: Fact<readonly LookUpAttribute[]>;
  pages: Fact<"index" | "cursor">;
  usersPerPage: Fact<number>;
  /** `announced`: if the service's own configuration says so. */
  bulk: Fact<"announced" | "never">;
  /** The most operations that a bulk request carries, whatever the service announces. */
  bulkOperations: Fact<number>;
  /** How PATCH is written inside of a bulk request: the whole message, or its bare list of operations. */
  bulkPatch: Fact<"object" | "array">;
  /** What `active: false` does. */
  suspension: Fact<"reversible" | "deletes">;
  /** `none`: the service has no license that SCIM can set. */
  license: Fact<LicensePlace | "none">;
  /** Whether a list of users shows their licenses. */
  listsShowLicenses: Fact<boolean>;
  /** Whether a user who is read shows `active`. Where not, nobody can tell whether a suspension was made. */
  showsActive: Fact<boolean>;
  /** Without these a user cannot be created. */
  requiredNames: Fact<readonly ("givenName" | "familyName")[]>;
  /** Calls that change something, in a second, for the whole organization. `undefined`: not known. */
  callsPerSecond: Fact<number | undefined>;
  /** What else an operator has to know. */
  remarks: readonly Fact<string>[];
}

function documented<T>(value: T, source: string): Fact<T> {
  return { value, verified: "documentation", source };
}

function reported<T>(value: T, source: string): Fact<T> {
  return { value, verified: "thirdParty", source };
}

function assumed<T>(value: T): Fact<T> {
  return { value, verified: "notVerified" };
}

const rfc7644 = "https://www.rfc-editor.org/rfc/rfc7644.html";
const rfc7643 = "https://www.rfc-editor.org/rfc/rfc7643.html";
/** Its own author's correction of the example of a bulk request. */
const bulkErratum = "https://www.rfc-editor.org/errata/eid5050";

/** What the standard says, where nothing is known of the service. */
const generic: ScimProfile = {
  name: "SCIM 2.0",
  lookUp: assumed(["externalId", "userName", "emails.value"]),
  pages: documented("index", `${rfc7644}#section-3.4.2.4`),
  usersPerPage: assumed(100),
  bulk: documented("announced", `${rfc7644}#section-3.7`),
  bulkOperations: assumed(100),
  bulkPatch: documented("object", bulkErratum),
  suspension: documented("reversible", `${rfc7643}#section-4.1.1`),
  license: assumed("none"),
  listsShowLicenses: assumed(true),
  showsActive: assumed(true),
  requiredNames: assumed([]),
  callsPerSecond: assumed(undefined),
  remarks: [],
};

const slackApi = "https://docs.slack.dev/reference/scim-api";
const slackLimits = `${slackApi}/rate-limits`;

const slack: ScimProfile = {
  ...generic,
  name: "Slack",
  lookUp: reported(["emails.value", "userName"], "https://slack.dev/python-slack-sdk/scim/"),
  bulk: documented("never", slackApi),
  license: documented("none", slackApi),
  // 180 changes a minute of one kind, with bursts of 20.
  callsPerSecond: documented(3, slackLimits),
  remarks: [
    documented("The token is that of an administrator, with the scope `admin`.", slackApi),
    reported(
      "A user name is derived from the address that is given for it, and stays: users are looked up by address.",
      "https://slack.dev/python-slack-sdk/scim/",
    ),
    documented("1,000 leavers take at least 5.6 minutes.", slackLimits),
  ],
};

const zoomApi = "https://developers.zoom.us/docs/api/scim2/";
const zoomTokens = "https://developers.zoom.us/docs/rooms/s2s-oauth/";
const zoomUserFields =
  "https://developers.qodex.ai/zoom-public/zoom-scim2-api/scim2-users-userid/deactivate-a-user";

const zoom: ScimProfile = {
  ...generic,
  name: "Zoom",
  lookUp: assumed(["userName", "emails.value"]),
  bulk: assumed("never"),
  license: reported({ path: "userType", shape: "text" }, zoomUserFields),
  listsShowLicenses: documented(
    false,
    "https://devforum.zoom.us/t/zoom-scim-api-getuser-listusers-createuser-user-profile-consistency/111286",
  ),
  remarks: [
    documented("A token ends after an hour: it is fetched by `oauth`.", zoomTokens),
    documented("It needs a Business or Education plan, a vanity URL and single sign-on.", zoomApi),
    reported(
      "A suspension takes away all licenses: whoever comes back needs one anew.",
      "https://docs.blinkops.com/docs/integrations/zoom/actions/update-user-status",
    ),
    documented(
      "Changes of a pending user are answered as done, and are not made.",
      "https://documentation.sailpoint.com/connectors/identityiq/zoom/help/integrating_zoom/zoom_api_behavior.html",
    ),
  ],
};

const awsGuide = "https://docs.aws.amazon.com/singlesignon/latest/developerguide";

const awsIdentityCenter: ScimProfile = {
  ...generic,
  name: "AWS IAM Identity Center",
  lookUp: documented(["externalId", "userName"], `${awsGuide}/listusers.html`),
  pages: documented("cursor", `${awsGuide}/listusers.html`),
  usersPerPage: documented(100, `${awsGuide}/listusers.html`),
  bulk: documented("never", `${awsGuide}/limitations.html`),
  license: documented("none", `${awsGuide}/limitations.html`),
  requiredNames: documented(["givenName", "familyName"], `${awsGuide}/createuser.html`),
  remarks: [
    documented("A user has one address, and nobody is found by it alone.", `${awsGuide}/listusers.html`),
  ],
};

const githubGuide =
  "https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/provisioning-user-accounts-with-scim";
const githubRest = `${githubGuide}/provisioning-users-and-groups-with-scim-using-the-rest-api`;
const githubReinstating = `${githubGuide}/deprovisioning-and-reinstating-users`;

const githubEmu: ScimProfile = {
  ...generic,
  name: "GitHub Enterprise Managed Users",
  lookUp: documented(["externalId", "userName"], githubRest),
  bulk: documented("never", githubRest),
  license: assumed("none"),
  // 1,000 users an hour.
  callsPerSecond: documented(1000 / 3600, githubRest),
  remarks: [
    documented("The token is that of the setup user, with the scope `scim:enterprise`.", githubRest),
    documented(
      "The login and the address of a suspended user are replaced by hashes: only the id finds the user.",
      githubReinstating,
    ),
    documented("Only one system may provision users.", githubRest),
  ],
};

const pagerDutyGuide = "https://support.pagerduty.com/main/docs/assign-or-deactivate-users";

const pagerDuty: ScimProfile = {
  ...generic,
  name: "PagerDuty",
  lookUp: assumed(["userName", "emails.value"]),
  bulk: assumed("never"),
  suspension: documented("deletes", pagerDutyGuide),
  license: documented(
    { path: "entitlements", shape: "element" },
    "https://support.pagerduty.com/docs/scim-user-provisioning",
  ),
  remarks: [
    documented("A suspension deletes the user, and cannot be undone.", pagerDutyGuide),
    documented("A user with open incidents cannot be suspended.", pagerDutyGuide),
  ],
};

/** By the names that a policy gives them. */
export const scimProfiles = {
  generic,
  slack,
  zoom,
  "aws-identity-center": awsIdentityCenter,
  "github-emu": githubEmu,
  pagerduty: pagerDuty,
} as const satisfies Record<string, ScimProfile>;
