/** What to say of an account that neither the policy nor the ledger knows: it may be mistyped. */
export function unknownAccount(
  account: string,
  { table, known }: { table: string; known: readonly string[] },
): string {
  const others = known.length === 0 ? "They know of none" : `They know ${known.join(", ")}`;
  return `neither the policy nor the ledger ${table} knows an account ${account}. ${others}; name another policy with --policy, or another ledger with --table`;
}
