import * as z from "zod";
import { RosterFault } from "./rosterFault.ts";

const time = z.iso.datetime({ offset: true });

interface StoredTimes {
  /** What whoever exported says of when it was true. */
  stated: string | undefined;
  /** When the object was written, in milliseconds since the epoch. */
  writtenAt: number;
}

/**
 * The roster's time, in milliseconds since the epoch. Throws `RosterFault` for a stated time that is none, or is still to
 * come: such a roster would go before every decision until then.
 */
export function toAsOf({ stated, writtenAt }: StoredTimes, now: number): number {
  // The store's clock may be a little ahead of ours.
  if (stated === undefined) return Math.min(writtenAt, now);
  if (!time.safeParse(stated).success)
    throw new RosterFault(
      "expected the object's metadata as-of to be a time such as 2026-05-14T06:00:00Z; got something else. Mend the export, or leave it out",
    );
  const asOf = Date.parse(stated);
  if (asOf <= now) return asOf;
  throw new RosterFault(
    `the object's metadata as-of, ${new Date(asOf).toISOString()}, is still to come; say there when the roster was true`,
  );
}
