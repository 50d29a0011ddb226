import { type Directory, DirectoryError } from "./directory.ts";

/**
 * One directory of all accounts: each call goes to the directory that has the account. An account that none has fails every
 * method as `configuration`, and blames no user.
 */
export function routeByAccount(directoryOf: (accountId: string) => Directory | undefined): Directory {
  const route = (accountId: string): Directory => {
    const directory = directoryOf(accountId);
    if (directory === undefined) throw new DirectoryError(unknownAccount(accountId));
    return directory;
  };
  return {
    getAccount: async (accountId, budget) => route(accountId).getAccount(accountId, budget),
    listUsers: async (accountId, pageToken, budget) =>
      route(accountId).listUsers(accountId, pageToken, budget),
    findUser: async (accountId, who, budget) => route(accountId).findUser(accountId, who, budget),
    perform: async (call, budget) => route(call.accountId).perform(call, budget),
  };
}

function unknownAccount(accountId: string) {
  return {
    class: "configuration",
    code: "UnknownAccount",
    message: `the policy has no account ${accountId}, so that no directory is known for it`,
  } as const;
}
