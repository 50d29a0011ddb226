import type { CallEntry, DirectoryCall } from "../../src/directory/directory.ts";

const both = { active: true, supportedLicenses: ["Basic", "Pro"], defaultLicense: "Basic" };
/** What each account says of itself; capabilities in a word. */
export const accountCases = [
  {
    accountId: "team",
    type: "Team",
    ...both,
    capabilities: ["invite", "suspend", "invite", "updateLicense"],
  },
  {
    accountId: "lwa",
    type: "EnterpriseLWA",
    ...both,
    capabilities: ["unsuspend", "suspend", "unsuspend", "updateLicense"],
  },
  {
    accountId: "managed",
    type: "EnterpriseDirectory",
    active: true,
    supportedLicenses: ["Pro"],
    defaultLicense: "Pro",
    capabilities: Array(4).fill("ManagedInDirectory"),
  },
];

export interface Effect extends DirectoryCall {
  title: string;
  results: string[];
  after: string[];
}

/** Calls, their results, and the users of the account after them. */
export const effects: Effect[] = [
  {
    title: "a suspension suspends, also who is suspended already, and names who is unknown",
    operation: "suspend",
    accountId: "team",
    entries: targets("ada", "nobody", "alan"),
    results: ["ada done", "nobody noSuchUser NotFound", "alan done"],
    after: [
      "ada@team.example suspended Basic",
      "grace@team.example registered Basic",
      "alan@team.example suspended Basic",
      "joan@team.example invited Basic",
    ],
  },
  {
    title: "the end of a suspension lets in again, and ignores who is not suspended",
    operation: "unsuspend",
    accountId: "lwa",
    entries: targets("alan", "ada", "nobody"),
    results: ["alan done", "ada done", "nobody noSuchUser NotFound"],
    after: [
      "ada@lwa.example registered Basic",
      "grace@lwa.example registered Basic",
      "alan@lwa.example registered Basic",
      "joan@lwa.example invited Basic",
    ],
  },
  {
    title:
      "an invitation adds who is unknown, restores who is suspended, and answers by the address it was given",
    operation: "invite",
    accountId: "team",
    entries: targets("New@Team.example", "alan@team.example", "ada@team.example", "joan@team.example"),
    results: [
      "New@Team.example done",
      "alan@team.example done",
      "ada@team.example done",
      "joan@team.example done",
    ],
    after: [
      "ada@team.example registered Basic",
      "grace@team.example registered Basic",
      "alan@team.example registered Basic",
      "joan@team.example invited Basic",
      "new@team.example invited Basic",
    ],
  },
  {
    title: "a license is changed for each user who may have it",
    operation: "updateLicense",
    accountId: "lwa",
    entries: [
      { target: "ada", licenseType: "Pro" },
      { target: "grace", licenseType: "Plus" },
      { target: "nobody", licenseType: "Pro" },
      { target: "alan", licenseType: "Pro" },
    ],
    results: ["ada done", "grace permanent BadRequest", "nobody noSuchUser NotFound", "alan done"],
    after: [
      "ada@lwa.example registered Pro",
      "grace@lwa.example registered Basic",
      "alan@lwa.example suspended Pro",
      "joan@lwa.example invited Basic",
    ],
  },
];

const fiftyOne = targets(...Array.from({ length: 51 }, (_, index) => `user-${index}@team.example`));
const twentyOne = fiftyOne.slice(0, 21).map(({ target }) => ({ target, licenseType: "Pro" }));

/** Calls that no adapter may send, and why. */
export const impossibleCalls: { fault: string; call: DirectoryCall; message: string }[] = [
  impossible("nobody", "suspend", [], "the call is empty; plan no call for nobody"),
  impossible("51 suspensions", "suspend", fiftyOne, "51 entries, but a call carries at most 50"),
  impossible("51 ends of suspensions", "unsuspend", fiftyOne, "51 entries, but a call carries at most 50"),
  impossible("51 invitations", "invite", fiftyOne, "51 entries, but a call carries at most 50"),
  impossible("21 licenses", "updateLicense", twentyOne, "21 entries, but a call carries at most 20"),
  impossible(
    "two users to sign out",
    "signOut",
    targets("ada", "grace"),
    "2 entries, but a call carries at most 1",
  ),
  impossible("two PINs", "resetPin", targets("ada", "grace"), "2 entries, but a call carries at most 1"),
  impossible("a user twice", "suspend", targets("ada", "ada"), "the same target stands twice in one call"),
  impossible(
    "an address twice, in different cases",
    "invite",
    targets("Ada@team.example", "ada@team.example"),
    "the same target stands twice in one call",
  ),
  impossible("a blank user", "unsuspend", targets("ada", "  "), "a target is blank"),
  impossible("a user without an id", "suspend", targets(""), "a target is blank"),
  impossible(
    "a license change to nothing",
    "updateLicense",
    [{ target: "ada", licenseType: "Pro" }, { target: "grace" }],
    "an entry has no license to change to",
  ),
];

function impossible(
  fault: string,
  operation: DirectoryCall["operation"],
  entries: CallEntry[],
  reason: string,
): (typeof impossibleCalls)[number] {
  return {
    fault,
    call: { operation, accountId: "team", entries },
    message: `${operation} on account team: ${reason}`,
  };
}

export function targets(...names: string[]): CallEntry[] {
  return names.map((target) => ({ target }));
}
