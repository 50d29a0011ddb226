import type { TenantBehavior } from "../tenants/tenantBehavior.ts";
import {
  findByValue,
  indexedAttributes,
  type StoredUser,
  type TenantRecord,
} from "../tenants/tenantState.ts";
import { type Answer, isRefusal, type Refusal, refuse } from "./answers.ts";
import { matches, parseFilter, soughtValue, unsupportedPart } from "./userFilter.ts";
import { showUser, visibleAttributes } from "./userViews.ts";

const listSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** Lists the users that the query's filter finds, one page of them. */
export function listUsers(
  query: Readonly<Record<string, string>>,
  { record, tenantUrl }: { record: TenantRecord; tenantUrl: string },
): Answer {
  const found = findUsers(query.filter, record);
  if (isRefusal(found)) return found;
  const page = pageOf(found, query, record.behavior.pages);
  if (isRefusal(page)) return page;
  const { users, ...numbers } = page;
  const resources = users.map((user) => showUser(record, user, tenantUrl, "inList"));
  return {
    kind: "answered",
    status: 200,
    body: {
      schemas: [listSchema],
      totalResults: found.length,
      ...numbers,
      // By RFC 7644, section 3.4.2, an empty list is absent.
      ...(resources.length === 0 ? {} : { Resources: resources }),
    },
  };
}

function findUsers(text: string | undefined, record: TenantRecord): StoredUser[] | Refusal {
  const everybody = () => [...record.users.values()];
  const { filters } = record.behavior;
  if (text === undefined || filters.ignored) return everybody();
  const filter = parseFilter(text);
  if (isRefusal(filter)) return filter;
  const unsupported = unsupportedPart(filter, filters);
  if (unsupported !== undefined) {
    return filters.unsupported === "emptyList"
      ? []
      : refuse(400, `${unsupported} is not supported in a filter.`, "invalidFilter");
  }
  const sought = filters.equality === "exact" ? soughtValue(filter) : undefined;
  const indexed = indexedAttributes.find((name) => name.toLowerCase() === sought?.attribute.toLowerCase());
  const candidates =
    sought === undefined || indexed === undefined ? everybody() : findByValue(record, indexed, sought.value);
  const hits = candidates.filter((user) =>
    matches({ id: user.id, ...visibleAttributes(record, user) }, filter, filters),
  );
  return filters.duplicateHits ? hits.flatMap((user) => [user, user]) : hits;
}

interface Page {
  users: readonly StoredUser[];
  startIndex?: number;
  itemsPerPage: number;
  nextCursor?: string;
}

function pageOf(
  found: readonly StoredUser[],
  query: Readonly<Record<string, string>>,
  behavior: TenantBehavior["pages"],
): Page | Refusal {
  const { kind } = behavior;
  if (kind === "none") return { users: found, itemsPerPage: found.length };
  return kind === "cursor" || (kind === "both" && query.cursor !== undefined)
    ? cursorPage(found, query, behavior)
    : indexPage(found, query, behavior);
}

function indexPage(
  found: readonly StoredUser[],
  query: Readonly<Record<string, string>>,
  behavior: TenantBehavior["pages"],
): Page | Refusal {
  const { firstIndex, beyondEnd } = behavior;
  const asked = readWhole(query.startIndex, firstIndex);
  const count = readWhole(query.count, behavior.defaultCount);
  if (asked === undefined || count === undefined) {
    return refuse(400, "startIndex and count are whole numbers.", "invalidValue");
  }
  const startIndex = Math.max(asked, firstIndex);
  const wished = Math.min(Math.max(count, 0), behavior.maximumCount);
  const start = startIndex - firstIndex;
  const isBeyond = start >= found.length && beyondEnd === "firstPage";
  const users = slice(found, isBeyond ? 0 : start, wished, behavior);
  return { startIndex, itemsPerPage: itemsPerPage(users, count, behavior), users };
}

// By RFC 9865, section 2: an opaque text, here the place of the next user.
function cursorPage(
  found: readonly StoredUser[],
  query: Readonly<Record<string, string>>,
  behavior: TenantBehavior["pages"],
): Page | Refusal {
  const count = readWhole(query.count, behavior.defaultCount);
  if (count === undefined || count < 1) return refuse(400, "count is at least 1.", "invalidCount");
  const start = readCursor(query.cursor);
  if (start === undefined) return refuse(400, "There is no such cursor.", "invalidCursor");
  const wished = Math.min(count, behavior.maximumCount);
  const users = slice(found, start, wished, behavior);
  const end = start + wished;
  return {
    itemsPerPage: itemsPerPage(users, count, behavior),
    ...(end < found.length ? { nextCursor: writeCursor(end) } : {}),
    users,
  };
}

function slice(
  found: readonly StoredUser[],
  start: number,
  count: number,
  { overlap }: TenantBehavior["pages"],
): readonly StoredUser[] {
  return found.slice(Math.max(0, start - overlap), start + count);
}

function itemsPerPage(
  users: readonly StoredUser[],
  asked: number,
  behavior: TenantBehavior["pages"],
): number {
  return behavior.itemsPerPage === "asked" ? asked : users.length;
}

function readWhole(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined) return otherwise;
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function writeCursor(start: number): string {
  return Buffer.from(`from/${start}`).toString("base64url");
}

function readCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined || cursor === "") return 0;
  const found = /^from\/(\d{1,9})$/.exec(Buffer.from(cursor, "base64url").toString());
  return found === null ? undefined : Number(found[1]);
}
