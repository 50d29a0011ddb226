import { attempt, type DirectoryAccount, type Found } from "../../../directory/directory.ts";
import type { AccountSettings } from "../../../directory/kinds/directoryKinds.ts";
import {
  type OpenedAdministration,
  openAdministration,
} from "../../../directory/kinds/openAdministration.ts";
import {
  type OpenDirectories,
  type OpenOptions,
  openDirectories,
} from "../../../directory/kinds/openDirectories.ts";
import type { DirectoryService, OpenService } from "../../../directory/serviceOperation.ts";
import { type DirectoryListing, readDirectory } from "../../../reconcile/readDirectory.ts";
import { endpointSettings } from "../../awsClients.ts";
import type { DirectoryOptions } from "../../options.ts";
import { isLoopback } from "../../target.ts";

/** Opens the directories of accounts, with the operator's own credentials. Nothing is asked before the first call. */
export function openAccounts(
  accounts: readonly AccountSettings[],
  options: DirectoryOptions,
): OpenDirectories {
  return openDirectories(accounts, placeOfDirectories(options));
}

/** Opens what an operator asks the directories beyond that. Nothing is asked before the first question. */
export function openOperatorQuestions(
  accounts: readonly AccountSettings[],
  options: DirectoryOptions,
): OpenedAdministration {
  return openAdministration(accounts, placeOfDirectories(options));
}

/** Opens a service for calls of its own operations. Nothing is asked before the first call. */
export function openService(service: DirectoryService<OpenOptions>, options: DirectoryOptions): OpenService {
  return service.open(placeOfDirectories(options));
}

/** Where the directories are, and the secrets that they are asked with. */
function placeOfDirectories({ directoryEndpoint, ssmEndpoint, region }: DirectoryOptions): OpenOptions {
  const { region: _, ...aws } = endpointSettings(
    directoryEndpoint === undefined ? {} : { endpoint: directoryEndpoint },
  );
  const secrets = endpointSettings({
    ...(ssmEndpoint !== undefined && { endpoint: ssmEndpoint }),
    ...(region !== undefined && { region }),
  });
  // Whoever has the secrets of the embedded stack has its services too, which know no https.
  const allowLoopbackHttp = ssmEndpoint !== undefined && isLoopback(ssmEndpoint);
  return { aws, secrets, allowLoopbackHttp };
}

/** A call that reads an account, the client's own retries included. */
const readingMilliseconds = 30_000;

/** Opens what reads accounts of the policy, passes it to `use`, and closes it again. Of others it answers `undefined`. */
export async function withAccountReader<T>(
  accounts: readonly AccountSettings[],
  options: DirectoryOptions,
  use: (read: (accountId: string) => Promise<Found<DirectoryAccount> | undefined>) => Promise<T>,
): Promise<T> {
  const { directory, close } = openAccounts(accounts, options);
  const budget = () => ({ milliseconds: readingMilliseconds });
  try {
    return await use(async (accountId) =>
      accounts.some(({ id }) => id === accountId)
        ? attempt(budget, (time) => directory.getAccount(accountId, time))
        : undefined,
    );
  } finally {
    close();
  }
}

/** Reads whole accounts from their directories. Throws `DirectoryError`. `onUsers` is told how many users each page has. */
export async function readAccounts(
  accounts: readonly AccountSettings[],
  options: DirectoryOptions,
  onUsers: (count: number) => void,
): Promise<DirectoryListing[]> {
  const { directory, close } = openAccounts(accounts, options);
  try {
    return await readDirectory(
      accounts.map(({ id }) => id),
      directory,
      { onUsers },
    );
  } finally {
    close();
  }
}
