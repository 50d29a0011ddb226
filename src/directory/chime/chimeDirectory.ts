import {
  type ChimeClient,
  GetAccountCommand,
  ListUsersCommand,
  type ListUsersCommandOutput,
} from "@aws-sdk/client-chime";
import { checkCall } from "../checkCall.ts";
import type { CallBudget, Directory, DirectoryUser } from "../directory.ts";
import { chimeBatchLimits, chimeUsersPerPage } from "./chimeLimits.ts";
import { sendBatch } from "./sendBatch.ts";
import { toDirectoryError } from "./toDirectoryError.ts";
import { toDirectoryAccount, toDirectoryUser } from "./toDirectoryUser.ts";

export interface ChimeClients {
  /** Retries throttles and network faults by itself. */
  retrying: ChimeClient;
  /** Makes one attempt: for invitations, which have no idempotency token, so that a retry may mail twice. */
  single: ChimeClient;
}

/** Amazon Chime as a directory. Every method throws `DirectoryError`, and no other error of the SDK. */
export function chimeDirectory({ retrying, single }: ChimeClients): Directory {
  return {
    limits: chimeBatchLimits,
    getAccount: (accountId, budget) =>
      translated(async () => {
        const { Account } = await retrying.send(
          new GetAccountCommand({ AccountId: accountId }),
          within(budget),
        );
        return toDirectoryAccount(accountId, Account);
      }),
    listUsers: (accountId, pageToken, budget) =>
      translated(async () => {
        const page = await retrying.send(
          new ListUsersCommand({ AccountId: accountId, MaxResults: chimeUsersPerPage, NextToken: pageToken }),
          within(budget),
        );
        return { users: usersOf(page), nextPageToken: page.NextToken || undefined };
      }),
    findUser: (accountId, email, budget) =>
      translated(async () => {
        const page = await retrying.send(
          new ListUsersCommand({ AccountId: accountId, UserEmail: email }),
          within(budget),
        );
        return usersOf(page).find((user) => user.email === email.toLowerCase());
      }),
    perform: async (call, budget) => {
      checkCall(call, chimeBatchLimits);
      const client = call.operation === "invite" ? single : retrying;
      return translated(() => sendBatch(client, call, within(budget)));
    },
  };
}

function usersOf(page: ListUsersCommandOutput): DirectoryUser[] {
  return (page.Users ?? []).map(toDirectoryUser).filter((user) => user !== undefined);
}

/** The SDK's own retries stop when the budget is spent. */
function within({ milliseconds }: CallBudget): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(Math.max(1, Math.floor(milliseconds))) };
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toDirectoryError(error);
  }
}
