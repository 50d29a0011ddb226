import {
  BatchSuspendUserCommand,
  BatchUnsuspendUserCommand,
  BatchUpdateUserCommand,
  type ChimeClient,
  InviteUsersCommand,
  type UpdateUserRequestItem,
  type UserError,
} from "@aws-sdk/client-chime";
import type { CallAnswer, CallEntry, DirectoryCall } from "../directory.ts";
import { sendForUser } from "./sendForUser.ts";
import { toLicenseType } from "./toLicenseType.ts";
import { resultsFromInvites, resultsFromUserErrors } from "./toTargetResults.ts";

/** Makes the one Chime call that a `DirectoryCall` stands for. Throws what the SDK throws. */
export async function sendBatch(
  client: ChimeClient,
  { operation, accountId: AccountId, entries }: DirectoryCall,
  options: { abortSignal: AbortSignal },
): Promise<CallAnswer> {
  const targets = entries.map((entry) => entry.target);
  switch (operation) {
    case "suspend": {
      const command = new BatchSuspendUserCommand({ AccountId, UserIdList: targets });
      return fromUserErrors(targets, await client.send(command, options));
    }
    case "unsuspend": {
      const command = new BatchUnsuspendUserCommand({ AccountId, UserIdList: targets });
      return fromUserErrors(targets, await client.send(command, options));
    }
    case "updateLicense": {
      const command = new BatchUpdateUserCommand({
        AccountId,
        UpdateUserRequestItems: entries.map(toUpdateItem),
      });
      return fromUserErrors(targets, await client.send(command, options));
    }
    case "signOut":
    case "resetPin":
      return sendForUser(client, { operation, accountId: AccountId, targets }, options);
    case "invite": {
      const answer = await client.send(
        new InviteUsersCommand({ AccountId, UserEmailList: targets }),
        options,
      );
      const { requestId } = answer.$metadata;
      return { requestId, results: resultsFromInvites(targets, answer.Invites ?? [], requestId) };
    }
  }
}

interface UserErrorsAnswer {
  UserErrors?: UserError[] | undefined;
  $metadata: { requestId?: string | undefined };
}

function fromUserErrors(targets: readonly string[], { UserErrors, $metadata }: UserErrorsAnswer): CallAnswer {
  const { requestId } = $metadata;
  return { requestId, results: resultsFromUserErrors(targets, UserErrors ?? [], requestId) };
}

function toUpdateItem({ target, licenseType }: CallEntry): UpdateUserRequestItem {
  return { UserId: target, LicenseType: toLicenseType(licenseType) };
}
