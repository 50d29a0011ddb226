import { describe } from "vitest";
import { approvalContract } from "./approvalContract.ts";
import { claimContract } from "./claimContract.ts";
import { concludeContract } from "./concludeContract.ts";
import { countedContract } from "./countedContract.ts";
import { discardContract } from "./discardContract.ts";
import { followUpContract } from "./followUpContract.ts";
import { heldContract } from "./heldContract.ts";
import { identityContract } from "./identityContract.ts";
import { leaseContract } from "./leaseContract.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";
import { pendingContract } from "./pendingContract.ts";
import { rivalOperatorsContract } from "./rivalOperatorsContract.ts";

/** What every ledger keeps, with its waiting decisions and remembered ids, so that the drain may be tested in memory. */
export function ledgerContract(name: string, open: () => Promise<LedgerWorld>): void {
  describe(`${name} keeps the contract of a ledger:`, () => {
    claimContract(open);
    leaseContract(open);
    concludeContract(open);
    pendingContract(open);
    heldContract(open);
    approvalContract(open);
    rivalOperatorsContract(open);
    identityContract(open);
    discardContract(open);
    countedContract(open);
    followUpContract(open);
  });
}
