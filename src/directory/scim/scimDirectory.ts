import {
  type CallBudget,
  checkCall,
  type Directory,
  type DirectoryAccount,
  DirectoryError,
  type DirectoryUser,
  type StateAnswer,
  type StateAnswers,
  userNotFound,
} from "../directory.ts";
import { peoplePerCall, performScimCall } from "./scimCalls.ts";
import { type Deadline, type ScimClientOptions, scimClient } from "./scimClient.ts";
import { scimDiscovery } from "./scimDiscovery.ts";
import { scimLookUp } from "./scimLookUp.ts";
import { beginListing, listingMemory, type PageContext, readPage } from "./scimPages.ts";
import type { ScimProfile } from "./scimProfiles.ts";
import { toDirectoryUser } from "./scimUsers.ts";
import { targetTrust } from "./targetTrust.ts";

export interface ScimDirectoryOptions extends Omit<ScimClientOptions, "target"> {
  profile: ScimProfile;
  /** From 0 to below 1; chooses who is read again. */
  random: () => number;
}

export interface ScimDirectory extends Directory {
  /** The user of an id, read anew; `undefined` if the service has none. Throws `DirectoryError`. */
  readUser(userId: string, budget: CallBudget): Promise<DirectoryUser | undefined>;
}

/**
 * A SCIM 2.0 service as the directory of one account. It lives as long as the execution environment: what it learns of the target, a
 * limit or a filter that is not there, it need not learn again.
 *
 * https://www.rfc-editor.org/rfc/rfc7644.html
 */
export function scimDirectory(options: ScimDirectoryOptions): ScimDirectory {
  const { profile } = options;
  const client = scimClient({ ...options, target: profile.name });
  const announcement = scimDiscovery(client, options.now);
  const trust = targetTrust(options.random);
  const listings = listingMemory();

  const paging = async (deadline: Deadline): Promise<PageContext["paging"]> => {
    const { pagesByCursorOnly, usersPerPage } = await announcement(deadline);
    return {
      by: pagesByCursorOnly ? "cursor" : profile.pages.value,
      users: Math.min(profile.usersPerPage.value, usersPerPage ?? Number.POSITIVE_INFINITY),
    };
  };
  const lookUp = scimLookUp({ client, profile, paging });

  return {
    async getAccount(accountId, budget) {
      const { bulk } = await announcement(client.deadline(budget));
      const most = profile.bulkOperations.value;
      const isBulk = bulk !== undefined && profile.bulk.value === "announced";
      trust.allowBulk(isBulk ? Math.min(bulk.operations ?? most, most) : undefined);
      return toAccount(accountId, profile, trust.bulkOperations());
    },
    async listUsers(_accountId, pageToken, budget) {
      const deadline = client.deadline(budget);
      const pages: PageContext = { client, profile, paging: await paging(deadline) };
      const listing = pageToken === undefined ? beginListing(pages.paging) : listings.fromToken(pageToken);
      if (listing === undefined) throw new DirectoryError(foreignToken);
      const page = await readPage(listing, pages, deadline);
      return {
        users: page.users.map((user) => toDirectoryUser(user, profile.listsShowLicenses.value)),
        nextPageToken: page.next && listings.toToken(page.next),
      };
    },
    async findUser(_accountId, who, budget) {
      const user = await lookUp.findUser(who, client.deadline(budget));
      return user && toDirectoryUser(user, profile.listsShowLicenses.value);
    },
    async readUser(userId, budget) {
      const user = await lookUp.readUser(userId, client.deadline(budget));
      return user && toDirectoryUser(user, profile.listsShowLicenses.value);
    },
    async perform(call, budget) {
      // The account may have been read when the target still took more.
      const most = profile.bulk.value === "announced" ? profile.bulkOperations.value : 1;
      checkCall(call, limitsOf(peoplePerCall(most)));
      return performScimCall(call, budget, { client, profile, lookUp, trust, announcement });
    },
  };
}

function toAccount(accountId: string, profile: ScimProfile, bulkOperations: number): DirectoryAccount {
  const hasLicenses = profile.license.value !== "none";
  return {
    accountId,
    type: profile.name,
    active: true,
    limits: limitsOf(peoplePerCall(bulkOperations)),
    licenses: hasLicenses ? "unknown" : "none",
    defaultLicense: undefined,
    ...(hasLicenses && { createsWithLicense: true }),
    suspension: profile.suspension.value,
    ...(!profile.showsActive.value && { hidesStates: true }),
    postSuspensionActions: [],
    capabilities: capabilitiesOf(profile),
  };
}

function limitsOf(changes: number): DirectoryAccount["limits"] {
  return {
    create: changes,
    suspend: changes,
    unsuspend: changes,
    setLicense: changes,
    signOut: 1,
    resetPin: 1,
  };
}

const create: StateAnswer = { kind: "call", operation: "create" };
const suspend: StateAnswer = { kind: "call", operation: "suspend" };
const unsuspend: StateAnswer = { kind: "call", operation: "unsuspend" };
const setLicense: StateAnswer = { kind: "call", operation: "setLicense" };
const unchanged: StateAnswer = { kind: "unchanged" };

const noLicenses: StateAnswer = {
  kind: "reject",
  code: "LicenseNotSupported",
  reason: "has no license that SCIM can set; leave licenses to the target, and out of the policy",
};

/**
 * What a SCIM service can do for a user in each state. Whoever is new is created without a look-up: who is there already is adopted.
 * A service that deletes has nobody to let in again, so that whoever returns is created.
 */
export function capabilitiesOf({
  suspension,
  license,
}: Pick<ScimProfile, "suspension" | "license">): DirectoryAccount["capabilities"] {
  const letIn = { absent: create, invited: unchanged, active: unchanged, suspended: unsuspend };
  const isDeleted = suspension.value === "deletes";
  return {
    onboard: { ...letIn, remembered: create },
    offboard: {
      absent: userNotFound,
      invited: suspend,
      active: suspend,
      suspended: unchanged,
      remembered: suspend,
    },
    reinstate: { ...letIn, remembered: isDeleted ? create : unsuspend },
    relicense:
      license.value === "none" ? always(noLicenses) : { ...always(setLicense), absent: { kind: "await" } },
  };
}

function always(answer: StateAnswer): StateAnswers {
  return { absent: answer, invited: answer, active: answer, suspended: answer, remembered: answer };
}

const foreignToken = {
  class: "unknown",
  code: "PageTokenUnknown",
  message: "the page token is none of this target's; read the list from its beginning",
} as const;
