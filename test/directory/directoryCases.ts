import type { CallEntry, DirectoryCall } from "../../src/directory/directory.ts";

const limits = { create: 50, suspend: 50, unsuspend: 50, setLicense: 20, signOut: 1, resetPin: 1 };
const usual = { active: true, limits, suspension: "reversible" };
const both = { ...usual, licenses: ["Basic", "Pro"], defaultLicense: "Basic" };
/** What each account says of itself; of its capabilities a word for each intent, about a user who is only remembered. */
export const accountCases = [
  {
    accountId: "team",
    type: "Team",
    ...both,
    postSuspensionActions: ["signOut", "resetPin"],
    capabilities: ["create", "suspend", "create", "setLicense"],
  },
  {
    accountId: "lwa",
    type: "EnterpriseLWA",
    ...both,
    postSuspensionActions: ["resetPin"],
    capabilities: ["unsuspend", "suspend", "unsuspend", "setLicense"],
  },
  {
    accountId: "managed",
    type: "EnterpriseDirectory",
    ...usual,
    postSuspensionActions: [],
    licenses: ["Pro"],
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
      "grace@team.example active Basic",
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
      "ada@lwa.example active Basic",
      "grace@lwa.example active Basic",
      "alan@lwa.example active Basic",
      "joan@lwa.example invited Basic",
    ],
  },
  {
    title:
      "an invitation adds who is unknown, restores who is suspended, and answers by the address it was given",
    operation: "create",
    accountId: "team",
    entries: targets("New@Team.example", "alan@team.example", "ada@team.example", "joan@team.example"),
    results: [
      "New@Team.example done",
      "alan@team.example done",
      "ada@team.example done",
      "joan@team.example done",
    ],
    after: [
      "ada@team.example active Basic",
      "grace@team.example active Basic",
      "alan@team.example active Basic",
      "joan@team.example invited Basic",
      "new@team.example invited Basic",
    ],
  },
  {
    title: "a license is changed for each user who may have it",
    operation: "setLicense",
    accountId: "lwa",
    entries: [
      { target: "ada", license: "Pro" },
      { target: "grace", license: "Plus" },
      { target: "nobody", license: "Pro" },
      { target: "alan", license: "Pro" },
    ],
    results: ["ada done", "grace permanent BadRequest", "nobody noSuchUser NotFound", "alan done"],
    after: [
      "ada@lwa.example active Pro",
      "grace@lwa.example active Basic",
      "alan@lwa.example suspended Pro",
      "joan@lwa.example invited Basic",
    ],
  },
];

const fiftyOne = targets(...Array.from({ length: 51 }, (_, index) => `user-${index}@team.example`));
const twentyOne = fiftyOne.slice(0, 21).map(({ target }) => ({ target, license: "Pro" }));

/** Calls that no adapter may send, and why. */
export const impossibleCalls: { fault: string; call: DirectoryCall; message: string }[] = [
  impossible("nobody", "suspend", [], "the call is empty; plan no call for nobody"),
  impossible("51 suspensions", "suspend", fiftyOne, "51 entries, but a call carries at most 50"),
  impossible("51 ends of suspensions", "unsuspend", fiftyOne, "51 entries, but a call carries at most 50"),
  impossible("51 invitations", "create", fiftyOne, "51 entries, but a call carries at most 50"),
  impossible("21 licenses", "setLicense", twentyOne, "21 entries, but a call carries at most 20"),
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
    "create",
    targets("Ada@team.example", "ada@team.example"),
    "the same target stands twice in one call",
  ),
  impossible("a blank user", "unsuspend", targets("ada", "  "), "a target is blank"),
  impossible("a user without an id", "suspend", targets(""), "a target is blank"),
  impossible(
    "a license change to nothing",
    "setLicense",
    [{ target: "ada", license: "Pro" }, { target: "grace" }],
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
