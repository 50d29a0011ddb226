import type { Invite, UserError } from "@aws-sdk/client-chime";
import { maskEmails } from "../../privacy/maskEmails.ts";
import type { TargetResult } from "../directory.ts";
import type { FailureClass } from "../failure.ts";
import { classifyUserErrorCode, faultOfInvitation } from "./classifyChimeFailure.ts";

const done: TargetResult = { kind: "done" };

/**
 * One result for each user id of a call, from the answer's `UserErrors`.
 *
 * An error that names nobody, or somebody who was not in the call, says that something failed and not for
 * whom: then everyone who is not named has failed with `unknown`, because calling it a success would be a
 * guess, and these calls may safely be made again.
 */
export function resultsFromUserErrors(
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
    const lost = failed(
      "unknown",
      "UnattributableError",
      requestId,
      "the answer has an error that names no user of the call",
    );
    for (const [userId, result] of results) if (result.kind === "done") results.set(userId, lost);
  }
  return results;
}

/**
 * One result for each address of an InviteUsers call. Invites carry neither an error code nor a user id: they
 * are matched by address, case-insensitively, and an address that is absent is not a success.
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
