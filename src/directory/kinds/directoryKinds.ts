import type { DirectorySettings } from "../../policy/directorySettings.ts";
import { chimeKind } from "../chime/chimeKind.ts";
import type { AccountType, DirectoryKind, FindAccountTypes } from "../directoryKind.ts";
import { scimAccountType } from "../scim/scimAccountType.ts";

/** The kinds of directories that are one service each, by their names. They are named in this folder alone. */
const directoryKinds = { chime: chimeKind } satisfies Record<string, DirectoryKind>;

export const allKinds: readonly DirectoryKind[] = Object.values(directoryKinds);

/** An account of the policy, as far as it says which directory has it. */
export interface AccountSettings {
  id: string;
  directory?: DirectorySettings;
  suspension?: "deletes";
}

export type KindName = keyof typeof directoryKinds | DirectorySettings["kind"];

export function kindNameOf({ directory }: AccountSettings): KindName {
  return directory?.kind ?? "chime";
}

/** The kinds that AWS guards by IAM actions, of which the accounts have some. */
export function guardedKindsOf(accounts: readonly AccountSettings[]): DirectoryKind[] {
  const names = new Set<string>(accounts.map(kindNameOf));
  return Object.entries(directoryKinds).flatMap(([name, kind]) => (names.has(name) ? [kind] : []));
}

/** The names of the parameters that hold the accounts' secrets, each once. */
export function secretsOf(accounts: readonly AccountSettings[]): string[] {
  return [
    ...new Set(accounts.flatMap(({ directory }) => (directory === undefined ? [] : [directory.secret]))),
  ];
}

/** An account that the policy does not know has no types. */
export function accountTypesFinder(accounts: readonly AccountSettings[]): FindAccountTypes {
  const types = new Map(accounts.map((account) => [account.id, accountTypesOf(account)]));
  return (accountId) => types.get(accountId) ?? [];
}

/** A service that the policy describes is of one type. */
function accountTypesOf({ directory, ...account }: AccountSettings): readonly AccountType[] {
  return directory === undefined
    ? directoryKinds.chime.accountTypes
    : [scimAccountType({ ...account, directory })];
}
