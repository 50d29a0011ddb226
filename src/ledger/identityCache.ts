/** The port to the remembered user ids, by account and address. Addresses are lower-case. */
export interface IdentityCache {
  /**
   * The ids that are remembered, by address. What was remembered for another person is not given: an address can pass
   * from one to the next. A fault of the store reads as "not remembered": then the directory is asked.
   */
  recall(accountId: string, people: readonly Omit<Identity, "userId">[]): Promise<Map<string, string>>;
  /** Best effort: what could not be remembered is looked up again. */
  remember(accountId: string, identities: readonly Identity[]): Promise<void>;
  forget(accountId: string, emails: readonly string[]): Promise<void>;
}

export interface Identity {
  personId: string;
  email: string;
  userId: string;
}

/**
 * Whose id is asked for, by address. An address that two people claim in one call is left out: which of them it
 * belongs to is for the directory to say.
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
