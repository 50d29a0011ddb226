import type { DirectoryAccount, DirectoryUser } from "../directory/directory.ts";
import type { DirectoryListing } from "./readDirectory.ts";

/** An account's users by their address. */
export interface UserIndex {
  account: DirectoryAccount;
  byEmail: ReadonlyMap<string, DirectoryUser>;
  /** Addresses that more than one active user has. */
  twice: ReadonlySet<string>;
}

/** Of a suspended and an active user with one address the active one counts. */
export function indexUsers({ account, users }: DirectoryListing): UserIndex {
  const byEmail = new Map<string, DirectoryUser>();
  const twice = new Set<string>();
  for (const user of users) {
    const other = byEmail.get(user.email);
    if (other !== undefined && isActive(other) && isActive(user)) twice.add(user.email);
    if (other === undefined || !isActive(other)) byEmail.set(user.email, user);
  }
  return { account, byEmail, twice };
}

/** Whoever is not suspended may sign in, or is about to be able to. */
export function isActive({ status }: DirectoryUser): boolean {
  return status !== "suspended";
}
