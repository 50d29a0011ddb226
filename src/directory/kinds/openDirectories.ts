import { type ChimeEndpoint, chimeClients } from "../chime/chimeClients.ts";
import { chimeDirectory } from "../chime/chimeDirectory.ts";
import type { Directory } from "../directory.ts";
import { routeByAccount } from "../routeByAccount.ts";
import { type AccountSettings, type KindName, kindNameOf } from "./directoryKinds.ts";

export interface OpenOptions {
  /** The endpoint and the credentials of a directory of AWS, if not those of the environment. */
  aws?: ChimeEndpoint;
  /** How many times longer to wait for answers than usual. */
  clientTimeoutFactor?: number;
}

export interface OpenDirectories {
  /** All accounts, each by the adapter of its kind. */
  directory: Directory;
  /** Lets go of the connections. */
  close(): void;
}

/** Opens the directories of the policy's accounts: one adapter for each kind, whose clients all of its accounts share. */
export function openDirectories(
  accounts: readonly AccountSettings[],
  options: OpenOptions = {},
): OpenDirectories {
  const opened = new Map<KindName, OpenDirectories>();
  const kinds = new Map(accounts.map((account) => [account.id, kindNameOf(account)]));
  for (const kind of new Set(kinds.values())) opened.set(kind, openers[kind](options));
  const directoryOf = (accountId: string) => {
    const kind = kinds.get(accountId);
    return kind === undefined ? undefined : opened.get(kind)?.directory;
  };
  return {
    directory: routeByAccount(directoryOf),
    close: () => {
      for (const { close } of opened.values()) close();
    },
  };
}

const openers: Record<KindName, (options: OpenOptions) => OpenDirectories> = {
  chime: ({ aws = {}, clientTimeoutFactor = 1 }) => {
    const clients = chimeClients(aws, clientTimeoutFactor);
    return {
      directory: chimeDirectory(clients),
      close: () => {
        clients.retrying.destroy();
        clients.single.destroy();
      },
    };
  },
};
