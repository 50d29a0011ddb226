/** The port to the remembered user ids, by account and address. Addresses are lower-case. */
export interface IdentityCache {
  /**
   * Returns the remembered ids, by address. An id that was remembered for another person is left out: an address can pass
   * from one person to the next. A fault of the store reads as "not remembered": then the directory is asked.
   */
  recall(accountId: string, people: readonly Omit<Identity, "userId">[]): Promise<Map<string, string>>;
  /** Best effort: an id that could not be remembered is looked up again. */
  remember(accountId: string, identities: readonly Identity[]): Promise<void>;
  forget(accountId: string, emails: readonly string[]): Promise<void>;
}

export interface Identity {
  personId: string;
  email: string;
  userId: string;
}

/**
 * Maps each address to its person. An address that two people claim in one call is left out: the directory has to say whose
 * it is.
 */
export function ownersOfAddresses(people: readonly Omit<Identity, "userId">[]): Map<string, string> {
  const owners = new Map<string, string>();
  const disputed = new Set<string>();
  for (const { email, personId } of people) {
    if (owners.has(email) && owners.get(email) !== personId) disputed.add(email);
    owners.set(email, personId);
  }
  for (const email of disputed) owners.delete(email);
  return owners;
}
