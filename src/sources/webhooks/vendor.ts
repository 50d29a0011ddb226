import * as z from "zod";
import type { Reading } from "../reading.ts";

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
