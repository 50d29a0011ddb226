import * as z from "zod";
import type { LastRoster } from "./planRoster.ts";

/** The last roster of which something was published. */
export interface RememberedRoster extends LastRoster {
  /** Which bytes they were, if the store knows: another export with the same time is not believed. */
  etag?: string;
  /** Under which all of its events were published (`circumstancesOf`); absent as long as some were not. */
  circumstances?: string;
}

/** The port to what remembers the last roster. */
export interface RosterMemory {
  /** `undefined` if there was none yet. Throws for what cannot be read: without a memory a truncated roster would pass. */
  recall(): Promise<RememberedRoster | undefined>;
  /** Keeps what it has if that is of a newer roster: of two runs at a time the slower one does not set it back. */
  remember(roster: RememberedRoster): Promise<void>;
}

const rememberedSchema = z.object({
  present: z.int().min(0),
  asOf: z.iso.datetime().transform((text) => Date.parse(text)),
  etag: z.string().exactOptional(),
  circumstances: z.string().exactOptional(),
});

/** What `toRememberedJson` wrote; `undefined` for anything else. */
export function parseRemembered(value: unknown): RememberedRoster | undefined {
  return rememberedSchema.safeParse(value).data;
}

export function toRememberedJson({ asOf, ...roster }: RememberedRoster): string {
  return JSON.stringify({ ...roster, asOf: new Date(asOf).toISOString() });
}

/** A roster in a store, opened. */
export interface OpenRoster {
  /** To be read once, to the end. Throws if the transfer breaks off. */
  bytes: AsyncIterable<Uint8Array>;
  /** When it was true, in milliseconds since the epoch. */
  asOf: number;
  /** Names exactly these bytes. */
  etag: string;
}

/** The port to where the roster lies. */
export interface RosterSource {
  /** Throws `RosterFault` if its time cannot be believed, and another error if it cannot be read. */
  open(signal: AbortSignal): Promise<OpenRoster>;
}
