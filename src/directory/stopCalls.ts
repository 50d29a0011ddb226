import { type Directory, DirectoryError } from "./directory.ts";

/**
 * Wraps a directory so that no call of an account is started while `whyStopped` gives a reason for it. Such a call fails like one
 * that may pass later, so its messages come again.
 */
export function stopCalls(
  directory: Directory,
  whyStopped: (accountId: string) => Promise<string | undefined>,
): Directory {
  const guard = async (accountId: string) => {
    const message = await whyStopped(accountId);
    if (message !== undefined) throw new DirectoryError({ class: "transient", code: "Paused", message });
  };
  return {
    async getAccount(accountId, budget) {
      await guard(accountId);
      return directory.getAccount(accountId, budget);
    },
    async listUsers(accountId, pageToken, budget) {
      await guard(accountId);
      return directory.listUsers(accountId, pageToken, budget);
    },
    async findUser(accountId, who, budget) {
      await guard(accountId);
      return directory.findUser(accountId, who, budget);
    },
    async perform(call, budget) {
      await guard(call.accountId);
      return directory.perform(call, budget);
    },
  };
}
