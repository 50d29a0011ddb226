import {
  type ChimeClient,
  ChimeServiceException,
  LogoutUserCommand,
  ResetPersonalPINCommand,
} from "@aws-sdk/client-chime";
import type { CallAnswer, Closing } from "../directory.ts";
import { classifyUserRefusal } from "./classifyChimeFailure.ts";
import { toDirectoryError } from "./toDirectoryError.ts";

interface UserCall {
  operation: Closing;
  accountId: string;
  /** One user id: what a call of more would be is refused before it comes here. */
  targets: readonly string[];
}

/**
 * Makes one of the calls that are about a single user. Where the service refuses that user, the exception becomes the
 * user's result; whatever else it throws is thrown on.
 *
 * The answer to a reset holds the new PIN, which is a secret of the user's: nothing is taken from it but the request id.
 *
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_LogoutUser.html
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_ResetPersonalPIN.html
 */
export async function sendForUser(
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
  operation: Closing,
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
