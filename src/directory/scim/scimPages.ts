import { attributeOf, countOf, type ScimObject, textOf } from "./scimAttributes.ts";
import type { Deadline, ScimClient } from "./scimClient.ts";
import { isSuccess, toListError, unreadable } from "./scimFailures.ts";
import type { ScimProfile } from "./scimProfiles.ts";
import { type ScimUser, toScimUser } from "./scimUsers.ts";

/** A list of users that is read page by page, whole or by a filter. */
export interface Listing {
  filter: string | undefined;
  page: number;
  position: Position;
  /** On which page each user came first: a page that brings nobody new is the end, and nobody comes twice. */
  seen: Map<string, number>;
}

type Position =
  /** The first index is the default, and is not sent: some services count from zero, and say so in their first answer. */
  | { kind: "index"; startIndex: number | undefined; first: 0 | 1 }
  /** Empty for the first page. */
  | { kind: "cursor"; cursor: string };

export interface ListedPage {
  /** Those whom no earlier page had. */
  users: readonly ScimUser[];
  /** Whether the page had nobody, known or new. */
  isEmpty: boolean;
  /** Whether all pages so far had as many users as the target says there are. */
  isComplete: boolean;
  next: Listing | undefined;
}

export interface PageContext {
  client: ScimClient;
  profile: Pick<ScimProfile, "license">;
  /** How this target pages, and how many users a page is to hold. */
  paging: { by: Position["kind"]; users: number };
}

export function beginListing({ by }: PageContext["paging"], filter?: string): Listing {
  const position: Position =
    by === "cursor" ? { kind: "cursor", cursor: "" } : { kind: "index", startIndex: undefined, first: 1 };
  return { filter, page: 1, position, seen: new Map() };
}

/**
 * Reads one page. Throws `DirectoryError`; one with the code `BadRequest` of a listing with a filter may mean the filter.
 *
 * Services clamp the count, echo it as `itemsPerPage`, overlap, or begin anew after the end: so it goes on by whoever is new.
 *
 * https://www.rfc-editor.org/rfc/rfc7644.html#section-3.4.2.4
 * https://www.rfc-editor.org/rfc/rfc9865.html
 */
export async function readPage(
  listing: Listing,
  { client, profile, paging }: PageContext,
  deadline: Deadline,
): Promise<ListedPage> {
  const query = {
    ...(listing.filter !== undefined && { filter: listing.filter }),
    ...positionQuery(listing.position),
    count: `${paging.users}`,
  };
  const answer = await client.send({ method: "GET", path: "/Users", query, repeatable: true }, deadline);
  if (!isSuccess(answer)) throw toListError(client.target, answer);
  const { body } = answer;
  const total = body && countOf(attributeOf(body, "totalResults"));
  const resources = body && attributeOf(body, "Resources");
  if (body === undefined || !isList(body)) throw unreadable(client.target, "a list of users");
  const items: unknown[] = Array.isArray(resources) ? resources : [];
  const users = items
    .map((resource) => toScimUser(resource, profile.license.value))
    .filter((user) => user !== undefined);
  const fresh = users.filter(({ id }) => isNew(listing, id));
  const isFirst = new Map(fresh.map((user) => [user.id, user]));
  for (const id of isFirst.keys()) if (!listing.seen.has(id)) listing.seen.set(id, listing.page);
  const nameless = items.length - users.length;
  const read = { body, total, items: items.length, fresh: isFirst.size + nameless };
  const position = nextPosition(listing.position, read);
  const { filter, page, seen } = listing;
  return {
    users: [...isFirst.values()],
    isEmpty: items.length === 0,
    isComplete: total === undefined || seen.size >= total,
    next: position && { filter, page: page + 1, position, seen },
  };
}

/** An empty page may leave out its users, and a page by cursor the total. */
function isList(body: ScimObject): boolean {
  const schemas = [attributeOf(body, "schemas")].flat();
  return (
    Array.isArray(attributeOf(body, "Resources")) ||
    countOf(attributeOf(body, "totalResults")) !== undefined ||
    schemas.some((schema) => typeof schema === "string" && schema.endsWith(":ListResponse"))
  );
}

/** A page may be read a second time, after a fault. */
function isNew({ seen, page }: Listing, id: string): boolean {
  return (seen.get(id) ?? page) >= page;
}

function positionQuery(position: Position): Record<string, string> {
  if (position.kind === "cursor") return { cursor: position.cursor };
  return position.startIndex === undefined ? {} : { startIndex: `${position.startIndex}` };
}

interface PageRead {
  body: ScimObject;
  total: number | undefined;
  items: number;
  /** How many of them no page had before. */
  fresh: number;
}

function nextPosition(position: Position, { body, total, items, fresh }: PageRead): Position | undefined {
  if (items > 0 && fresh === 0) return undefined;
  if (position.kind === "cursor") {
    const cursor = textOf(attributeOf(body, "nextCursor"));
    if (cursor !== undefined) return cursor === position.cursor ? undefined : { kind: "cursor", cursor };
    // A service without cursors ignores the first one, and pages by index.
    const isIgnored = position.cursor === "" && total !== undefined && total > items && items > 0;
    return isIgnored ? { kind: "index", startIndex: fresh + 1, first: 1 } : undefined;
  }
  if (items === 0) return undefined;
  const isFirst = position.startIndex === undefined;
  const first = isFirst && countOf(attributeOf(body, "startIndex")) === 0 ? 0 : position.first;
  // By those who are new, so that nobody is passed over where pages overlap.
  const startIndex = (position.startIndex ?? first) + fresh;
  return total !== undefined && startIndex - first >= total
    ? undefined
    : { kind: "index", startIndex, first };
}

/** Listings that have begun, so that a page token need not carry whom the pages before it had. */
export interface ListingMemory {
  toToken(listing: Listing): string;
  /** `undefined` for a token that is none of this target's. */
  fromToken(token: string): Listing | undefined;
}

const listingsKept = 8;

export function listingMemory(): ListingMemory {
  const kept = new Map<string, Listing["seen"]>();
  const names = new WeakMap<Listing["seen"], string>();
  let count = 0;
  return {
    toToken({ page, position, seen }) {
      count += 1;
      const name = names.get(seen) ?? `${count}`;
      names.set(seen, name);
      kept.delete(name);
      kept.set(name, seen);
      for (const oldest of kept.keys()) if (kept.size > listingsKept) kept.delete(oldest);
      const at = position.kind === "cursor" ? ["c", position.cursor] : [position.first, position.startIndex];
      return [name, page, ...at].join(":");
    },
    fromToken(token) {
      const [, name = "", page, kind, at = ""] = /^(\d+):(\d+):([c01]):(.*)$/s.exec(token) ?? [];
      if (page === undefined) return undefined;
      const first = kind === "0" ? 0 : 1;
      const position: Position =
        kind === "c" ? { kind: "cursor", cursor: at } : { kind: "index", startIndex: Number(at), first };
      return { filter: undefined, page: Number(page), position, seen: kept.get(name) ?? new Map() };
    },
  };
}
