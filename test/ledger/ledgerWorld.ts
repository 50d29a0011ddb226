import type { Discards } from "../../src/ledger/discards.ts";
import type { IdentityCache } from "../../src/ledger/identityCache.ts";
import type { JournalEntry } from "../../src/ledger/journalEntry.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { PendingStore } from "../../src/ledger/pendingStore.ts";

/** The ports over one empty store, and a look at the journal behind their backs. */
export interface LedgerWorld {
  ledger: Ledger;
  pending: PendingStore;
  identities: IdentityCache;
  /** Their clock stands at the tests' start. */
  discards: Discards;
  entryOf(personId: string, eventId: string): Promise<JournalEntry | undefined>;
  close(): Promise<void>;
}
