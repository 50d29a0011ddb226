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
