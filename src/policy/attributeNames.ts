import type { PolicyAccount } from "./policy.ts";

/** The names of the attributes by which these accounts choose their people, sorted. */
export function attributeNames(accounts: readonly Pick<PolicyAccount, "attributes">[]): string[] {
  return [...new Set(accounts.flatMap(({ attributes = {} }) => Object.keys(attributes)))].sort();
}
