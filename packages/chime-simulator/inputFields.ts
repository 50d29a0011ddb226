import { z } from "zod";
import { licenses, userTypes } from "./chimeApi.ts";

/**
 * These are the fields of requests with the limits of the service model. The SDK checks none of them before it sends,
 * so a lenient simulator would hide a mistake until production.
 */

/** The most users that BatchSuspendUser, BatchUnsuspendUser or InviteUsers may carry. */
const usersPerCall = 50;
/** The most items that BatchUpdateUser may carry. */
const updatesPerCall = 20;
/** The largest `max-results` of a list, and its default. */
const pageLimits = { largest: 200, usual: 100 };
const accountNameLength = 100;

export const nonBlank = z.string().regex(/\S/, "must not be blank");

/** Checks the model's `.+@.+\..+` without a regular expression, which would take quadratic time on a long value. */
export const emailAddress = z.string().refine(isEmailAddress, "must look like name@domain.tld");

export const license = z.enum(licenses);
export const userType = z.enum(userTypes);
export const accountName = z.string().min(1).max(accountNameLength).regex(/\S/, "must not be blank");

export const userIds = z.array(nonBlank).min(1).max(usersPerCall);
export const userEmails = z.array(emailAddress).min(1).max(usersPerCall);

/** The fields that UpdateUser and each item of BatchUpdateUser may change. */
export const userChange = z.object({
  LicenseType: license.optional(),
  UserType: userType.optional(),
  AlexaForBusinessMetadata: z
    .object({
      IsAlexaForBusinessEnabled: z.boolean().optional(),
      AlexaForBusinessRoomArn: z.string().optional(),
    })
    .optional(),
});
export type UserChange = z.output<typeof userChange>;

export const updateItems = z
  .array(userChange.extend({ UserId: nonBlank }))
  .min(1)
  .max(updatesPerCall);

/** The paging fields of a list. `MaxResults` is the text of a query parameter. */
export const pageFields = {
  MaxResults: z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(1).max(pageLimits.largest))
    .default(pageLimits.usual),
  NextToken: z.string().optional(),
};

function isEmailAddress(text: string): boolean {
  const at = text.indexOf("@", 1);
  return at !== -1 && text.lastIndexOf(".", text.length - 2) > at + 1;
}

/** A page of a list, and the token of the next one if there is more. */
export interface Page<Item> {
  items: Item[];
  nextToken: string | undefined;
}

/** Returned for a token that another list issued. */
export const foreignToken = Symbol("foreign token");

/**
 * Takes up to `size` matching items from the position in `token`. The time depends on the page, not on the list: only
 * skipped items cost extra. `list` names the list and its filter, because a token is valid only for the list that
 * issued it.
 */
export function takePage<Item>(
  all: readonly (Item | undefined)[],
  request: { list: string; size: number; token: string | undefined; fits: (item: Item) => boolean },
): Page<Item> | typeof foreignToken {
  const start = request.token === undefined ? 0 : placeOf(request.token, request.list);
  if (start === undefined) return foreignToken;
  const items: Item[] = [];
  for (let place = start; place < all.length; place += 1) {
    const item = all[place];
    if (item === undefined || !request.fits(item)) continue;
    // A token is returned only if another item follows, so that nobody pays a call for an empty last page.
    if (items.length === request.size) return { items, nextToken: tokenOf(place, request.list) };
    items.push(item);
  }
  return { items, nextToken: undefined };
}

function tokenOf(place: number, list: string): string {
  return Buffer.from(`${place} ${list}`).toString("base64url");
}

function placeOf(token: string, list: string): number | undefined {
  const [, place, issuer] = /^(\d{1,9}) (.*)$/s.exec(Buffer.from(token, "base64url").toString()) ?? [];
  return place === undefined || issuer !== list ? undefined : Number(place);
}
