import type { AddressList } from "./addresses.ts";

/** The port to the addresses that the ledger knows people by: HR may clear an address, or delete the person with it. It never throws. */
export interface AddressMemory {
  /** @param personId with its namespace in front, where the policy names one */
  addressesOf(personId: string): Promise<RememberedAddresses>;
}

/**
 * - `known`: at least one address, each of them nobody else's. `decidedBy`: the id of the event that stands about their access.
 * - `passedOn`: HR has decided about somebody else under the address since.
 * - `fault`: a later try may succeed. The reason names nobody.
 */
export type RememberedAddresses =
  | { kind: "known"; addresses: AddressList; decidedBy?: string }
  | { kind: "unknown" }
  | { kind: "passedOn" }
  | { kind: "fault"; reason: string };
