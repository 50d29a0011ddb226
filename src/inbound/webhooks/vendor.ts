import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { isTimeZone } from "../../events/eventTime.ts";
import type { Reading } from "../inboundEvent.ts";

/** What a vendor's file provides: its settings, how its requests are authenticated, and what its messages mean. */
export interface VendorAdapter<Settings> {
  /** The schema of the vendor's parameter in SSM, which is JSON. */
  settings: z.ZodType<Settings>;
  /** Why a request is not authentic; `undefined` if it is. `now` in milliseconds since the epoch. */
  rejectionReason: (delivery: Delivery, settings: Settings, now: number) => string | undefined;
  /** Reads the JSON of an authentic body, which is unchecked. */
  read: (payload: unknown, settings: Settings) => Reading[];
  /** Reads what the vendor sends, unsigned, before the webhook is in use. */
  readHandshake?: (body: string) => Handshake | undefined;
}

/** A webhook's request as it came. */
export interface Delivery {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Every byte, as it was signed. */
  body: Uint8Array;
}

/** `ping` only wants a response; `token` brings the key that the vendor will sign with, which an operator has to see. */
export type Handshake = { kind: "ping" } | { kind: "token"; token: string };

/** A vendor in the table, which hides the type of its settings. */
export interface Vendor {
  configure: (settings: unknown) => Configured;
  readHandshake: (body: string) => Handshake | undefined;
}

export type Configured = { ok: true; vendor: ConfiguredVendor } | { ok: false; problems: string };

/** A vendor with its settings. */
export interface ConfiguredVendor {
  rejectionReason: (delivery: Delivery, now: number) => string | undefined;
  read: (payload: unknown) => Reading[];
}

/** Binds an adapter to its settings, so that a table can hold vendors whose settings differ. */
export function defineVendor<Settings>(adapter: VendorAdapter<Settings>): Vendor {
  return {
    readHandshake: (body) => adapter.readHandshake?.(body),
    configure: (value) => {
      const parsed = adapter.settings.safeParse(value);
      // A path and an expectation: zod quotes no value, and these are secrets.
      if (!parsed.success) return { ok: false, problems: z.prettifyError(parsed.error) };
      return {
        ok: true,
        vendor: {
          rejectionReason: (delivery, now) => adapter.rejectionReason(delivery, parsed.data, now),
          read: (payload) => adapter.read(payload, parsed.data),
        },
      };
    },
  };
}

/** Each is the last part of a vendor's address and of its parameter. The template needs them without the adapters. */
export const vendorNames = ["bamboohr", "hibob", "gusto"] as const;

export type VendorName = (typeof vendorNames)[number];

export function isVendorName(value: string): value is VendorName {
  return vendorNames.some((name) => name === value);
}

/** The parameter that keeps a token which came before its vendor was configured. */
export const verificationName = (vendor: VendorName) => `${vendor}-verification`;

/** The port to the vendors' settings. A fault of the store is thrown. */
export interface ParameterStore {
  /** The text under that name; `undefined` if there is none. */
  read: (name: string) => Promise<string | undefined>;
  write: (name: string, text: string) => Promise<void>;
}

/**
 * What a vendor's API says about somebody.
 *
 * - `found`: JSON, unchecked.
 * - `notFound`: the vendor knows nobody of that id.
 * - `failed`: no response, or a refusal; a retry may succeed.
 */
export type VendorResponse =
  | { kind: "found"; json: unknown }
  | { kind: "notFound" }
  | { kind: "failed"; why: string };

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, "must be an IANA time zone, such as Pacific/Auckland, and no abbreviation");

/** The settings that every vendor's parameter has. */
export const vendorSettings = {
  /** The keys that the vendor signs with. Two while a key is being replaced. */
  signingKeys: z.array(z.string().min(16)).min(1).max(3),
  /** The time zone of dates without a location. */
  timeZone,
  /** The time zone of whoever works elsewhere, by the name of the location in the vendor's system. */
  timeZonePerLocation: z.record(z.string(), timeZone).default({}),
};

/** The URL of a vendor's API. Secrets travel there, so it is encrypted unless it never leaves the machine. */
export const apiUrl = z
  .url()
  .refine((url) => /^(https:\/\/|http:\/\/127\.0\.0\.1(:\d+)?(\/|$))/.test(url), "must begin with https://")
  .transform((url) => url.replace(/\/+$/, ""));

/** A key or token for a vendor's API. One that fits in no HTTP header would fail at the first leaver. */
export const credential = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII characters without spaces, as the vendor gave it");

interface TimeZoneSettings {
  timeZone: string;
  timeZonePerLocation: Record<string, string>;
}

export function timeZoneOf(
  location: string | undefined,
  { timeZone, timeZonePerLocation }: TimeZoneSettings,
): string {
  const isKnown = location !== undefined && Object.hasOwn(timeZonePerLocation, location);
  return (isKnown ? timeZonePerLocation[location] : undefined) ?? timeZone;
}

export interface Signature {
  algorithm: "sha256" | "sha512";
  encoding: "hex" | "base64";
}

/**
 * Whether one of the keys gives the parts this HMAC. A wrong signature takes as long as a right one. The texts are compared
 * and not the bytes that they encode, because decoders forgive what a signature must not.
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
