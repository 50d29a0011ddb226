import * as z from "zod";
import { isTimeZone } from "../../events/isTimeZone.ts";

const timeZone = z.string().max(64).refine(isTimeZone, "must be an IANA time zone, such as Pacific/Auckland");

/** What every vendor's parameter has. */
export const vendorSettings = {
  /** What the vendor signs with. Two while a key is being replaced. */
  signingKeys: z.array(z.string().min(16)).min(1).max(3),
  /** In which a date without a place is meant. */
  timeZone,
  /** The time zone of whoever works elsewhere, by the name of the place in the vendor's system. */
  timeZonePerLocation: z.record(z.string(), timeZone).default({}),
};

/** The address of a vendor's API. Secrets travel there, so it is encrypted unless it never leaves the machine. */
export const apiUrl = z
  .url()
  .refine((url) => /^(https:\/\/|http:\/\/127\.0\.0\.1(:\d+)?(\/|$))/.test(url), "must begin with https://")
  .transform((url) => url.replace(/\/+$/, ""));

/** What a header carries to a vendor's API. What does not fit there would fail at the first leaver. */
export const credential = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII characters without spaces, as the vendor gave it");

interface Places {
  timeZone: string;
  timeZonePerLocation: Record<string, string>;
}

export function timeZoneOf(location: string | undefined, { timeZone, timeZonePerLocation }: Places): string {
  const isKnown = location !== undefined && Object.hasOwn(timeZonePerLocation, location);
  return (isKnown ? timeZonePerLocation[location] : undefined) ?? timeZone;
}
