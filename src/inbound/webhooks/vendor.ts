import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { isTimeZone } from "../../events/eventTime.ts";
import type { Reading } from "../inboundEvent.ts";

/** A webhook's call as it came. */
export interface Delivery {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** As it was signed: every byte. */
  body: Uint8Array;
}

/** What a vendor's adapter has to say: what an operator configures, how a call is known for the vendor's, and what it means. */
export interface VendorAdapter<Settings> {
  /** The JSON of the vendor's parameter in SSM. */
  settings: z.ZodType<Settings>;
  /** Why a call is not to be believed; `undefined` if it is. `now` in milliseconds since the epoch. */
  refusal: (delivery: Delivery, settings: Settings, now: number) => string | undefined;
  /** The body's JSON, in which nothing is certain yet. */
  read: (payload: unknown, settings: Settings) => Reading[];
  /** What the vendor sends, unsigned, before the webhook is in use. */
  setUp?: (body: string) => SetUp | undefined;
}

/** `ping` wants an answer and no more; `token` brings what the vendor will sign with, which an operator has to see. */
export type SetUp = { kind: "ping" } | { kind: "token"; token: string };

export interface Vendor {
  configure: (settings: unknown) => Configured;
  setUp: (body: string) => SetUp | undefined;
}

export type Configured = { ok: true; account: VendorAccount } | { ok: false; problems: string };

/** A vendor with its settings. */
export interface VendorAccount {
  refusal: (delivery: Delivery, now: number) => string | undefined;
  read: (payload: unknown) => Reading[];
}

/** Ties an adapter to its settings' type, so that a table can hold vendors whose settings differ. */
export function vendor<Settings>({ settings, refusal, read, setUp }: VendorAdapter<Settings>): Vendor {
  return {
    setUp: (body) => setUp?.(body),
    configure: (value) => {
      const parsed = settings.safeParse(value);
      // A path and an expectation: zod quotes no value, and these are secrets.
      if (!parsed.success) return { ok: false, problems: z.prettifyError(parsed.error) };
      return {
        ok: true,
        account: {
          refusal: (delivery, now) => refusal(delivery, parsed.data, now),
          read: (payload) => read(payload, parsed.data),
        },
      };
    },
  };
}

/** Each is the last part of a vendor's address and of its parameter. For the template too, which needs no adapter. */
export const vendorNames = ["bamboohr", "hibob", "gusto"] as const;

export type VendorName = (typeof vendorNames)[number];

export function isVendorName(value: string): value is VendorName {
  return vendorNames.some((name) => name === value);
}

/** Where a token is put that came before its vendor was configured. */
export const verificationName = (vendor: VendorName) => `${vendor}-verification`;

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

export interface Signature {
  algorithm: "sha256" | "sha512";
  encoding: "hex" | "base64";
}

/**
 * Whether what was signed, part after part, has this signature under one of the keys. As long for a wrong signature as for
 * a right one. The texts are compared and not what they stand for, because decoders forgive what a signature must not.
 */
export function hasSignature(
  given: string,
  { algorithm, encoding }: Signature,
  { parts, keys }: { parts: readonly (string | Uint8Array)[]; keys: readonly string[] },
): boolean {
  const bytes = Buffer.from(given);
  const matches = keys.map((key) => {
    const hmac = createHmac(algorithm, key);
    for (const part of parts) hmac.update(part);
    const expected = Buffer.from(hmac.digest(encoding));
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  return matches.includes(true);
}
