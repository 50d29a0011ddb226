import type { Administration } from "../administration.ts";
import { chimeAdministration } from "../chime/chimeAdministration.ts";
import { chimeClients } from "../chime/chimeClients.ts";
import { chimeService } from "../chime/chimeService.ts";
import { openScim } from "../scim/openScim.ts";
import { scimAdministration } from "../scim/scimAdministration.ts";
import type { DirectoryService } from "../serviceOperation.ts";
import { type AccountSettings, kindNameOf } from "./directoryKinds.ts";
import type { OpenOptions } from "./openDirectories.ts";

// What only an operator asks the directories. It is no part of the functions' packages.

/** The services whose own operations an operator may call. */
export const directoryServices: readonly DirectoryService<OpenOptions>[] = [chimeService];

export interface OpenedAdministration {
  administration: Administration;
  /** Lets go of the connections. */
  close(): void;
}

/**
 * Opens what an operator asks the directories: those of the policy's accounts by their kinds, and for every other account the kind
 * whose accounts the credentials tell.
 */
export function openAdministration(
  accounts: readonly AccountSettings[],
  { aws = {}, secrets = {}, clientTimeoutFactor = 1, allowLoopbackHttp = false }: OpenOptions = {},
): OpenedAdministration {
  const clients = chimeClients(aws, clientTimeoutFactor);
  const chime = chimeAdministration(clients.retrying);
  const ofScim = accounts.flatMap(({ directory, ...account }) =>
    directory === undefined ? [] : [{ ...account, directory }],
  );
  const opened = openScim(ofScim, { ssm: secrets, clientTimeoutFactor, allowLoopbackHttp });
  const scim = scimAdministration(opened.directories);
  const kinds = new Map(accounts.map((account) => [account.id, kindNameOf(account)]));
  const of = (accountId: string) => (kinds.get(accountId) === "scim" ? scim : chime);
  const isScimOnly = accounts.length > 0 && ofScim.length === accounts.length;
  return {
    administration: {
      readUser: (accountId, userId, budget) => of(accountId).readUser(accountId, userId, budget),
      describeAccount: (accountId, budget) => of(accountId).describeAccount(accountId, budget),
      // A policy of SCIM services alone needs no credentials of AWS but for the secrets.
      listAccounts: async (filter, budget) => [
        ...(isScimOnly ? [] : await chime.listAccounts(filter, budget)),
        ...(await scim.listAccounts(filter, budget)),
      ],
    },
    close: () => {
      clients.retrying.destroy();
      clients.single.destroy();
      opened.close();
    },
  };
}
