import type { IdentityCache } from "../../src/ledger/identityCache.ts";
import type { JournalEntry, Ledger } from "../../src/ledger/ledger.ts";
import type { Discards, HeldDecisions } from "../../src/ledger/operatorDecisions.ts";
import type { PendingStore } from "../../src/ledger/pendingStore.ts";

/** The ports over one empty store, and a look at the journal behind their backs. */
export interface LedgerWorld {
  ledger: Ledger;
  pending: PendingStore;
  held: HeldDecisions;
  identities: IdentityCache;
  /** Their clock stands at the tests' start. */
  discards: Discards;
  entryOf(personId: string, eventId: string): Promise<JournalEntry | undefined>;
  close(): Promise<void>;
}
