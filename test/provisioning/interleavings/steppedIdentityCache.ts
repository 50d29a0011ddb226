import type { IdentityCache } from "../../../src/ledger/identityCache.ts";
import type { MemoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache } from "../../../src/ledger/memory/memoryPorts.ts";
import type { Steps, Worker } from "./steps.ts";

/** One worker's view of the remembered ids. A fault reads as "not remembered". */
export function steppedIdentityCache(store: MemoryStore, steps: Steps, worker: Worker): IdentityCache {
  const cache = memoryIdentityCache(store);
  const write = (text: string, effect: () => Promise<void>) =>
    steps.request({
      worker,
      text,
      effect,
      mishaps: [{ text: "throttled", effect: "none", answer: () => {} }],
      tell: () => "done",
      late: "always",
    });
  return {
    recall: (accountId, people) =>
      steps.request({
        worker,
        text: "recalls user ids",
        effect: () => cache.recall(accountId, people),
        mishaps: [{ text: "throttled", effect: "none", answer: () => new Map<string, string>() }],
        tell: (found) => `${found.size} of ${people.length} known`,
      }),
    remember: (accountId, people) => write("remembers user ids", () => cache.remember(accountId, people)),
    forget: (accountId, emails) => write("forgets user ids", () => cache.forget(accountId, emails)),
  };
}
