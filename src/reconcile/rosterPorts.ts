import * as z from "zod";
import type { AddressList } from "../ledger/addresses.ts";
import type { DirectoryListing } from "./readDirectory.ts";

/** The port to where the roster is stored. */
export interface RosterSource {
  /** Throws `RosterFault` if the roster's time cannot be trusted, and another error if it cannot be read. */
  open(signal: AbortSignal): Promise<OpenRoster>;
}

/** A roster in a store, opened. */
export interface OpenRoster {
  /** To be read once, to the end. Throws if the transfer breaks off. */
  bytes: AsyncIterable<Uint8Array>;
  /** The time at which the roster was true, in milliseconds since the epoch. */
  asOf: number;
  /** Identifies exactly these bytes. */
  etag: string;
}

/** The port to the directory that a roster is compared with. */
export interface RosterDirectory {
  /** Reads whole accounts. Throws `DirectoryError`. */
  readAccounts(accountIds: readonly string[]): Promise<readonly DirectoryListing[]>;
}

/** The port to the addresses that the ledger knows people by: HR clears an address, or gives another. What cannot be read throws. */
export interface RosterAddresses {
  /** The addresses of the decisions about each person that stood, by the person's id in the roster; only of people who are known. */
  recall(personIds: readonly string[]): Promise<ReadonlyMap<string, AddressList>>;
  /** Whether HR has decided about nobody else under the address since. */
  isOwn(email: string, personId: string): Promise<boolean>;
}

/** The port to what remembers the last roster. */
export interface RosterMemory {
  /** `undefined` if there was none yet. Throws for a memory that cannot be read: without it a truncated roster would pass. */
  recall(): Promise<RememberedRoster | undefined>;
  /** Keeps what it has if that is of a newer roster: of two concurrent runs the slower one does not set it back. */
  remember(roster: RememberedRoster): Promise<void>;
}

/** The last roster of which something was published. */
export interface RememberedRoster {
  /** How many people should have had access by it. */
  present: number;
  /** Its time, in milliseconds since the epoch. */
  asOf: number;
  /** Identifies its bytes, if the store does: another export with the same time is rejected. */
  etag?: string;
  /** The digest under which all of its events were published; absent as long as some were not. */
  inputsDigest?: string;
}

/** The stored form; `circumstances` is its field for `inputsDigest`. */
const rememberedSchema = z
  .object({
    present: z.int().min(0),
    asOf: z.iso.datetime().transform((text) => Date.parse(text)),
    etag: z.string().exactOptional(),
    circumstances: z.string().exactOptional(),
  })
  .transform(
    ({ circumstances, ...roster }): RememberedRoster => ({
      ...roster,
      ...(circumstances !== undefined && { inputsDigest: circumstances }),
    }),
  );

/** Parses what `toRememberedJson` wrote; `undefined` for anything else. */
export function parseRemembered(value: unknown): RememberedRoster | undefined {
  return rememberedSchema.safeParse(value).data;
}

export function toRememberedJson({ asOf, inputsDigest, ...roster }: RememberedRoster): string {
  return JSON.stringify({
    ...roster,
    ...(inputsDigest !== undefined && { circumstances: inputsDigest }),
    asOf: new Date(asOf).toISOString(),
  });
}
