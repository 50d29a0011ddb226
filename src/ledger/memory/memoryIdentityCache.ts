import { type IdentityCache, ownersOfAddresses } from "../identityCache.ts";
import type { MemoryStore } from "./memoryStore.ts";

/** The remembered user ids in memory. */
export function memoryIdentityCache({ identities }: MemoryStore): IdentityCache {
  const key = (accountId: string, email: string) => JSON.stringify([accountId, email]);
  return {
    recall: async (accountId, people) => {
      const found = new Map<string, string>();
      for (const [email, personId] of ownersOfAddresses(people)) {
        const identity = identities.get(key(accountId, email));
        if (identity?.personId === personId) found.set(email, identity.userId);
      }
      return found;
    },
    remember: async (accountId, people) => {
      for (const { email, personId, userId } of people)
        identities.set(key(accountId, email), { personId, userId });
    },
    forget: async (accountId, emails) => {
      for (const email of emails) identities.delete(key(accountId, email));
    },
  };
}
