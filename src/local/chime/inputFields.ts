import { z } from "zod";
import { licenses, userTypes } from "./vocabulary.ts";

/**
 * The members of the requests with their limits, as the service model states them. The SDK checks none of these
 * before it sends, so a simulator that let them pass would hide a mistake until production.
 */

/** Users a call of BatchSuspendUser, BatchUnsuspendUser or InviteUsers may carry. */
const usersPerCall = 50;
/** Items a call of BatchUpdateUser may carry. */
const updatesPerCall = 20;
/** `max-results` of the lists: the largest, and what holds where it is absent. */
const pageLimits = { largest: 200, usual: 100 };
const accountNameLength = 100;

export const nonBlank = z.string().regex(/\S/, "must not be blank");

/** The model's `.+@.+\..+`, without a regular expression, which would take quadratic time on a long value. */
export const emailAddress = z.string().refine(isEmailAddress, "must look like name@domain.tld");

export const license = z.enum(licenses);
export const userType = z.enum(userTypes);
export const accountName = z.string().min(1).max(accountNameLength).regex(/\S/, "must not be blank");

export const userIds = z.array(nonBlank).min(1).max(usersPerCall);
export const userEmails = z.array(emailAddress).min(1).max(usersPerCall);

/** What UpdateUser changes, and each item of BatchUpdateUser. */
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

/** The paging members of a list; `MaxResults` comes as the text of a query parameter. */
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
