import type { CallRank } from "../callPace.ts";
import { DirectoryError, type UserKeys, userOfAddress } from "../directory.ts";
import type { Deadline } from "./scimClient.ts";
import { isScimError, isSuccess, toError, unreadable } from "./scimFailures.ts";
import { beginListing, type Listing, type PageContext, readPage } from "./scimPages.ts";
import type { LookUpAttribute, ScimProfile } from "./scimProfiles.ts";
import {
  filterBy,
  hasAddress,
  lookUpValue,
  matches,
  type ScimUser,
  toDirectoryUser,
  toScimUser,
} from "./scimUsers.ts";

export interface LookUpContext {
  client: PageContext["client"];
  profile: ScimProfile;
  paging: (deadline: Deadline) => Promise<PageContext["paging"]>;
}

export interface ScimLookUp {
  /** The user of this id, read anew; `undefined` if the target has none. */
  readUser(id: string, deadline: Deadline, rank?: CallRank): Promise<ScimUser | undefined>;
  /** The user of these keys. `undefined`: the target has none, as far as it can be known. */
  findUser(who: UserKeys, deadline: Deadline): Promise<ScimUser | undefined>;
}

interface Searched {
  wanted: ScimUser[];
  /** Whether anybody else was shown: a filter that shows others is ignored, or matches parts. */
  sawOthers: boolean;
  isComplete: boolean;
}

/**
 * Finds users by what the target can be asked for, and verifies each hit. A target that ignores a filter shows everybody or
 * nobody: so "nobody" counts only where the filter has been seen to find somebody, and else the whole list is read.
 */
export function scimLookUp({ client, profile, paging }: LookUpContext): ScimLookUp {
  /** What is known of the filters, for as long as the environment lives. */
  const { value: attributes, verified } = profile.lookUp;
  const works = new Map<LookUpAttribute, boolean>(
    verified === "documentation" ? attributes.map((attribute) => [attribute, true]) : [],
  );

  const context = async (deadline: Deadline): Promise<PageContext> => ({
    client,
    profile,
    paging: await paging(deadline),
  });

  async function readUser(
    id: string,
    deadline: Deadline,
    rank: CallRank = "usual",
  ): Promise<ScimUser | undefined> {
    const path = userPath(id);
    const answer = await client.send({ method: "GET", path, repeatable: true, rank }, deadline);
    if (answer.status === 404 && isScimError(answer.body)) return undefined;
    if (!isSuccess(answer)) throw toError(client.target, answer);
    const user = toScimUser(answer.body, profile.license.value);
    if (user?.id !== id) throw unreadable(client.target, "the user of the id that it was asked for");
    return user;
  }

  /** Everybody of a listing, up to the end of the page that has whom `isWanted` names. */
  async function search(
    listing: Listing,
    isWanted: (user: ScimUser) => boolean,
    deadline: Deadline,
  ): Promise<Searched> {
    const pages = await context(deadline);
    let sawOthers = false;
    let isComplete = false;
    for (let next: Listing | undefined = listing; next !== undefined; ) {
      const page = await readPage(next, pages, deadline);
      const wanted = page.users.filter(isWanted);
      sawOthers ||= page.users.length > wanted.length;
      ({ isComplete } = page);
      if (wanted.length > 0) return { wanted, sawOthers, isComplete };
      next = page.next;
    }
    return { wanted: [], sawOthers, isComplete };
  }

  /** `unusable`: the target has no such filter. */
  async function ask(
    attribute: LookUpAttribute,
    value: string,
    deadline: Deadline,
  ): Promise<Searched | "unusable"> {
    const listing = beginListing(filterPaging, filterBy(attribute, value));
    try {
      return await search(listing, (user) => matches(user, attribute, value), deadline);
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      const { code } = error.failure;
      if (refusals.has(code)) works.set(attribute, false);
      // One that fails once may pass the next time.
      else if (code !== "ServerError") throw error;
      return "unusable";
    }
  }

  /** Whether an empty answer of the filter means that nobody is there. Asked once: there is a user whom it has to find, alone. */
  async function isProven(attribute: LookUpAttribute, deadline: Deadline): Promise<boolean> {
    const known = works.get(attribute);
    if (known !== undefined) return known;
    const page = await readPage(beginListing(await paging(deadline)), await context(deadline), deadline);
    // In an empty directory there is nobody, and nothing to learn. One that only shows nobody is not empty.
    if (page.isEmpty) return page.isComplete;
    // A name that is no address says nothing of an address.
    const value = page.users.map((user) => lookUpValue(user, attribute)).find((text) => text?.includes("@"));
    if (value === undefined) return false;
    const answer = await ask(attribute, value, deadline);
    const isFound = answer !== "unusable" && answer.wanted.length > 0 && !answer.sawOthers;
    works.set(attribute, isFound);
    return isFound;
  }

  async function findUser({ userId, externalId, email }: UserKeys, deadline: Deadline) {
    const byId = userId === undefined ? undefined : await readUser(userId, deadline);
    if (byId !== undefined) return byId;
    const found: ScimUser[] = [];
    let isAbsent = false;
    for (const attribute of attributes) {
      for (const value of valuesFor(attribute, externalId, email)) {
        if (works.get(attribute) === false) break;
        const answer = await ask(attribute, value, deadline);
        if (answer === "unusable") break;
        found.push(...answer.wanted);
        // Somebody else may have come back under the address of who is suspended: so the next attribute is asked too.
        if (answer.wanted.some(({ active }) => active !== false)) return choose(found);
        if (attribute === "externalId" || isAbsent) continue;
        const sawAll = answer.sawOthers && answer.isComplete;
        isAbsent = sawAll || (await isProven(attribute, deadline));
      }
    }
    if (found.length > 0) return choose(found);
    if (isAbsent) return undefined;
    const isWanted = (user: ScimUser) =>
      hasAddress(user, email) || (externalId !== undefined && user.externalId === externalId);
    const everybody = await search(beginListing(await paging(deadline)), isWanted, deadline);
    if (everybody.wanted.length === 0 && !everybody.isComplete) throw listIncomplete(client.target);
    return choose(everybody.wanted);
  }

  return { readUser, findUser };
}

export function userPath(id: string): string {
  return `/Users/${encodeURIComponent(id)}`;
}

/** A filter is answered with few users, and services that page by cursor answer it without one. */
const filterPaging = { by: "index", users: 100 } as const;

/** As it is, and in lower case for a service that compares exactly. */
function valuesFor(attribute: LookUpAttribute, externalId: string | undefined, email: string): string[] {
  if (attribute === "externalId") return externalId === undefined ? [] : [externalId];
  return [...new Set([email, email.toLowerCase()])];
}

/** An active user goes first. Throws `DirectoryError` where two active ones are meant alike. */
function choose(found: readonly ScimUser[]): ScimUser | undefined {
  const chosen = userOfAddress(found.map((user) => toDirectoryUser(user, false)));
  return found.find(({ id }) => id === chosen?.userId);
}

/** Services that lack a filter say so in several ways. */
const refusals = new Set(["BadRequest", "Unprocessable", "NotImplemented"]);

function listIncomplete(target: string): DirectoryError {
  return new DirectoryError({
    class: "unknown",
    code: "ListIncomplete",
    message: `${target} finds nobody by the keys of the person, and does not list all of its users, so that nobody knows whether it has the person`,
  });
}
