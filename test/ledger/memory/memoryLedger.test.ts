import { memoryDiscards } from "../../../src/ledger/memory/memoryDiscards.ts";
import { memoryIdentityCache } from "../../../src/ledger/memory/memoryIdentityCache.ts";
import { memoryLedger } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore } from "../../../src/ledger/memory/memoryPendingStore.ts";
import { journalKey, memoryStore } from "../../../src/ledger/memory/memoryStore.ts";
import { start } from "../decisions.ts";
import { ledgerContract } from "../ledgerContract.ts";

ledgerContract("the ledger in memory", async () => {
  const store = memoryStore();
  return {
    ledger: memoryLedger(store),
    pending: memoryPendingStore(store),
    identities: memoryIdentityCache(store),
    discards: memoryDiscards(store, () => start),
    entryOf: async (personId, eventId) => store.journal.get(journalKey({ personId, eventId })),
    close: async () => undefined,
  };
});
