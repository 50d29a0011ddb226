import {
  BatchSuspendUserCommand,
  BatchUnsuspendUserCommand,
  BatchUpdateUserCommand,
  type ChimeClient,
  ChimeServiceException,
  type Invite,
  InviteUsersCommand,
  LogoutUserCommand,
  ResetPersonalPINCommand,
  type UpdateUserRequestItem,
  type UserError,
} from "@aws-sdk/client-chime";
import { maskEmails } from "../../privacy/masking.ts";
import type {
  CallAnswer,
  CallEntry,
  DirectoryCall,
  FailureClass,
  PostSuspensionAction,
  TargetResult,
} from "../directory.ts";
import { toLicenseType } from "./chimeCapabilities.ts";
import {
  classifyUserErrorCode,
  classifyUserRefusal,
  faultOfInvitation,
  toDirectoryError,
} from "./chimeFailures.ts";

/** Makes one call of the port as one call of Amazon Chime. Throws what the SDK throws. */
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
    case "setLicense": {
      const command = new BatchUpdateUserCommand({
        AccountId,
        UpdateUserRequestItems: entries.map(toUpdateItem),
      });
      return fromUserErrors(targets, await client.send(command, options));
    }
    case "signOut":
    case "resetPin":
      return sendForUser(client, { operation, accountId: AccountId, targets }, options);
    case "create": {
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
  $metadata: { requestId?: string | undefined; attempts?: number | undefined };
}

export function fromUserErrors(
  targets: readonly string[],
  { UserErrors, $metadata }: UserErrorsAnswer,
): CallAnswer {
  const { requestId, attempts = 1 } = $metadata;
  const results = resultsFromUserErrors(targets, UserErrors ?? [], requestId);
  return { requestId, results, ...(attempts > 1 && { repeated: true }) };
}

function toUpdateItem({ target, license }: CallEntry): UpdateUserRequestItem {
  return { UserId: target, LicenseType: toLicenseType(license) };
}

interface UserCall {
  operation: PostSuspensionAction;
  accountId: string;
  /** One user id: `checkCall` has refused a call of more. */
  targets: readonly string[];
}

/**
 * Makes a call about a single user. If the service refuses that user, the exception becomes the user's result; any other
 * exception is thrown on.
 *
 * The answer to a reset holds the new PIN, which is the user's secret: only the request id is taken from it.
 *
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_LogoutUser.html
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_ResetPersonalPIN.html
 */
async function sendForUser(
  client: ChimeClient,
  { operation, accountId: AccountId, targets }: UserCall,
  options: { abortSignal: AbortSignal },
): Promise<CallAnswer> {
  const [UserId] = targets;
  try {
    const { $metadata } = await send(client, operation, { AccountId, UserId }, options);
    return { requestId: $metadata.requestId, results: new Map(targets.map((id) => [id, { kind: "done" }])) };
  } catch (error) {
    const { failure } = toDirectoryError(error);
    const status = error instanceof ChimeServiceException ? error.$metadata.httpStatusCode : undefined;
    const ofUser = classifyUserRefusal(failure, status);
    if (ofUser === undefined) throw error;
    const result = { kind: "failed", failure: { ...failure, class: ofUser } } as const;
    return { requestId: failure.requestId, results: new Map(targets.map((id) => [id, result])) };
  }
}

function send(
  client: ChimeClient,
  operation: PostSuspensionAction,
  input: { AccountId: string; UserId: string | undefined },
  options: { abortSignal: AbortSignal },
) {
  switch (operation) {
    case "signOut":
      return client.send(new LogoutUserCommand(input), options);
    case "resetPin":
      return client.send(new ResetPersonalPINCommand(input), options);
  }
}

const done: TargetResult = { kind: "done" };

/**
 * One result for each user id of a call, from the answer's `UserErrors`.
 *
 * An error may name no user of the call. Then every user who is not named has failed with `unknown`, because a success would
 * be a guess, and these calls may safely be made again.
 */
function resultsFromUserErrors(
  userIds: readonly string[],
  userErrors: readonly UserError[],
  requestId: string | undefined,
): Map<string, TargetResult> {
  const results = new Map<string, TargetResult>(userIds.map((id) => [id, done]));
  let unattributable = false;
  for (const { UserId: userId, ErrorCode: code, ErrorMessage: message } of userErrors) {
    if (userId === undefined || !results.has(userId)) unattributable = true;
    else results.set(userId, failed(classifyUserErrorCode(code), code ?? "NoErrorCode", requestId, message));
  }
  if (unattributable) {
    const unattributed = failed(
      "unknown",
      "UnattributableError",
      requestId,
      "the answer has an error that names no user of the call",
    );
    for (const [userId, result] of results) if (result.kind === "done") results.set(userId, unattributed);
  }
  return results;
}

/**
 * One result for each address of an InviteUsers call. Invites carry neither an error code nor a user id: they are matched by
 * address, case-insensitively, and an address that is absent is no success.
 */
export function resultsFromInvites(
  emails: readonly string[],
  invites: readonly Invite[],
  requestId: string | undefined,
): Map<string, TargetResult> {
  const byEmail = new Map(invites.map((invite) => [invite.EmailAddress?.toLowerCase(), invite]));
  return new Map(emails.map((email) => [email, resultOfInvite(byEmail.get(email.toLowerCase()), requestId)]));
}

function resultOfInvite(invite: Invite | undefined, requestId: string | undefined): TargetResult {
  if (invite === undefined)
    return failed("unknown", "InviteMissing", requestId, "the answer does not mention the address");
  const fault = faultOfInvitation(invite);
  return fault === undefined ? done : failed("unknown", fault.code, requestId, fault.message);
}

function failed(
  failureClass: FailureClass,
  code: string,
  requestId: string | undefined,
  message = "the service gives no message",
): TargetResult {
  return {
    kind: "failed",
    failure: {
      class: failureClass,
      code,
      message: maskEmails(message),
      ...(requestId !== undefined && { requestId }),
    },
  };
}
