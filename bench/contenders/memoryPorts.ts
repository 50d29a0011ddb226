import { memoryIdentityCache } from "../../src/ledger/memory/memoryIdentityCache.ts";
import { memoryLedger } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore } from "../../src/ledger/memory/memoryPendingStore.ts";
import { memoryStore } from "../../src/ledger/memory/memoryStore.ts";

/** A ledger that remembers nothing yet, in memory. */
export function memoryPorts() {
  const store = memoryStore();
  return {
    ledger: memoryLedger(store),
    pending: memoryPendingStore(store),
    identities: memoryIdentityCache(store),
  };
}
