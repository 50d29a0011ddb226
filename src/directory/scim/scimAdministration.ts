import type { AccountDetails, Administration } from "../administration.ts";
import { DirectoryError } from "../directory.ts";
import type { ScimDirectory } from "./scimDirectory.ts";

/**
 * What an operator asks SCIM services. One service has the users of one account, and knows nothing of accounts: those of the policy are
 * all there are.
 */
export function scimAdministration(directories: ReadonlyMap<string, ScimDirectory>): Administration {
  const directoryOf = (accountId: string) => {
    const directory = directories.get(accountId);
    if (directory === undefined) throw new DirectoryError(foreignAccount(accountId));
    return directory;
  };
  const describeAccount: Administration["describeAccount"] = async (accountId, budget) => {
    const { type, active, licenses, suspension } = await directoryOf(accountId).getAccount(accountId, budget);
    const named = typeof licenses === "string" ? undefined : licenses.join(", ");
    const suspended = suspension === "deletes" ? "deletes the user" : "keeps the user";
    return {
      accountId,
      type,
      active,
      actions: [],
      facts: { ...(named !== undefined && { licenses: named }), "a suspension": suspended },
    };
  };
  return {
    async readUser(accountId, userId, budget) {
      const user = await directoryOf(accountId).readUser(userId, budget);
      return user && { ...user, facts: {} };
    },
    describeAccount,
    async listAccounts({ name = "", userEmail }, budget) {
      const found: AccountDetails[] = [];
      for (const [accountId, directory] of directories) {
        if (!accountId.startsWith(name)) continue;
        const isMeant =
          userEmail === undefined ||
          (await directory.findUser(accountId, { email: userEmail }, budget)) !== undefined;
        if (isMeant) found.push(await describeAccount(accountId, budget));
      }
      return found;
    },
  };
}

function foreignAccount(accountId: string) {
  return {
    class: "configuration",
    code: "UnknownAccount",
    message: `the policy has no account ${accountId} of a SCIM service`,
  } as const;
}
