import { chimeKind } from "../chime/chimeKind.ts";
import type { DirectoryKind, FindAccountTypes } from "../directoryKind.ts";

/** The kinds of directories, by their names in the policy. They are named in this folder alone. */
const directoryKinds = { chime: chimeKind } satisfies Record<string, DirectoryKind>;

export const allKinds: readonly DirectoryKind[] = Object.values(directoryKinds);

export type KindName = keyof typeof directoryKinds;

/** An account of the policy, as far as it says which directory has it. */
export interface AccountSettings {
  id: string;
  directory?: { kind: KindName };
}

export function kindNameOf({ directory }: AccountSettings): KindName {
  return directory?.kind ?? "chime";
}

/** The kinds that the accounts are of, each once. */
export function kindsOf(accounts: readonly AccountSettings[]): DirectoryKind[] {
  return [...new Set(accounts.map(kindNameOf))].map((name) => directoryKinds[name]);
}

/** An account that the policy does not know has no types. */
export function accountTypesFinder(accounts: readonly AccountSettings[]): FindAccountTypes {
  const kinds = new Map(accounts.map((account) => [account.id, directoryKinds[kindNameOf(account)]]));
  return (accountId) => kinds.get(accountId)?.accountTypes ?? [];
}
