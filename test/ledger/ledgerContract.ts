import { afterEach, beforeEach, describe } from "vitest";
import { claimContract } from "./claimContract.ts";
import { commitContract } from "./commitContract.ts";
import { discardContract } from "./discardContract.ts";
import { heldContract } from "./heldContract.ts";
import { identityContract } from "./identityContract.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";
import { observationContract } from "./observationContract.ts";
import { pendingContract } from "./pendingContract.ts";
import { rivalOperatorsContract } from "./rivalOperatorsContract.ts";
import { trailContract } from "./trailContract.ts";

/**
 * The contract that every ledger keeps, with its waiting decisions and remembered ids. The adapters in memory and in DynamoDB
 * run all parts of it, so that other tests may use the one in memory.
 *
 * @param open a world with an empty store; each test gets a new one
 */
export function ledgerContract(name: string, open: () => Promise<LedgerWorld>): void {
  describe(`${name} keeps the contract of a ledger:`, () => {
    let current: LedgerWorld;
    beforeEach(async () => {
      current = await open();
    });
    afterEach(() => current.close());

    const world = worldOf(() => current);
    claimContract(world);
    commitContract(world);
    pendingContract(world);
    heldContract(world);
    rivalOperatorsContract(world);
    discardContract(world);
    identityContract(world);
    observationContract(world);
    trailContract(world);
  });
}

/** One object for all tests, whose ports are those of the running test's world. */
function worldOf(current: () => LedgerWorld): LedgerWorld {
  return {
    get ledger() {
      return current().ledger;
    },
    get observations() {
      return current().observations;
    },
    get pending() {
      return current().pending;
    },
    get held() {
      return current().held;
    },
    get identities() {
      return current().identities;
    },
    get discards() {
      return current().discards;
    },
    entryOf: (personId, eventId) => current().entryOf(personId, eventId),
    trailOf: (personId, eventId) => current().trailOf(personId, eventId),
    close: () => current().close(),
  };
}
