import { type ChimeEndpoint, chimeClients } from "../chime/chimeClients.ts";
import { chimeDirectory } from "../chime/chimeDirectory.ts";
import type { Directory } from "../directory.ts";
import { routeByAccount } from "../routeByAccount.ts";
import { openScim, type ScimEnvironment } from "../scim/openScim.ts";
import { type AccountSettings, type KindName, kindNameOf } from "./directoryKinds.ts";

export interface OpenOptions {
  /** The endpoint and the credentials of a directory of AWS, if not those of the environment. */
  aws?: ChimeEndpoint;
  /** Where the parameters with the secrets are, if not where the environment says. */
  secrets?: ScimEnvironment["ssm"];
  /** How many times longer to wait for answers than usual. */
  clientTimeoutFactor?: number;
  /** Takes servers of this machine that know no https: on the embedded stack alone. */
  allowLoopbackHttp?: boolean;
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
  for (const kind of new Set(kinds.values())) {
    const ofKind = accounts.filter((account) => kindNameOf(account) === kind);
    opened.set(kind, openers[kind](ofKind, options));
  }
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

type OpenKind = (accounts: readonly AccountSettings[], options: OpenOptions) => OpenDirectories;

const openers: Record<KindName, OpenKind> = {
  chime: (_accounts, { aws = {}, clientTimeoutFactor = 1 }) => {
    const clients = chimeClients(aws, clientTimeoutFactor);
    return {
      directory: chimeDirectory(clients),
      close: () => {
        clients.retrying.destroy();
        clients.single.destroy();
      },
    };
  },
  /**
   * A package of a policy without such an account has no code for it: esbuild replaces the variable by a constant (`serverless.yml`), and
   * drops what nothing imports then. Everywhere else the variable is not set.
   */
  scim: process.env.PACKAGED_WITHOUT_SCIM === "true" ? refuse : openScimAccounts,
};

function refuse(): never {
  throw new Error(
    "the policy has an account with directory.kind scim, and the package was made for a policy without one; package and deploy it again",
  );
}

function openScimAccounts(
  accounts: readonly AccountSettings[],
  { secrets = {}, clientTimeoutFactor = 1, allowLoopbackHttp = false }: OpenOptions,
): OpenDirectories {
  const { directories, close } = openScim(
    accounts.flatMap(({ directory, ...account }) =>
      directory === undefined ? [] : [{ ...account, directory }],
    ),
    { ssm: secrets, clientTimeoutFactor, allowLoopbackHttp },
  );
  return { directory: routeByAccount((accountId) => directories.get(accountId)), close };
}
