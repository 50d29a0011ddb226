import { seededUuid } from "@rollcall/simulated-service/seededDraws";
import { z } from "zod";
import type { Invite, InviteStatus, UserType } from "./chimeApi.ts";
import { type AccountRecord, addSuccessor, addUser, findByEmail, replaceUser } from "./directoryState.ts";
import { userEmails, userType } from "./inputFields.ts";
import {
  firstRepeated,
  type Operation,
  onAccount,
  refuseRepeated,
  type ServiceContext,
} from "./operation.ts";
import type { UserFault } from "./scriptedFault.ts";

/**
 * InviteUsers invites people to a Team account. An unknown address becomes an unregistered user with the default
 * license. A suspended user is restored under the same id, or gets a successor: see `reinvitedTeamUsers` in the settings.
 * Every address gets a mail each time, even a registered one: the API has no idempotency token and promises no
 * restraint, so the simulator assumes none. A needless invitation shows as a mail in the log.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_InviteUsers.html
 */
export const invitations = {
  InviteUsers: onAccount(
    z.object({ UserEmailList: userEmails, UserType: userType.default("PrivateUser") }),
    ({ UserEmailList: emails, UserType }, record, context) => {
      const repeated = firstRepeated(emails.map((email) => email.toLowerCase()));
      if (context.settings.refuseDuplicates && repeated !== undefined) return refuseRepeated(repeated);
      const results = emails.map((email) => inviteOne(email, UserType, record, context));
      return {
        kind: "answered",
        body: { Invites: results.flatMap(({ invite }) => invite ?? []) },
        mailedTo: results.flatMap(({ mailedTo }) => mailedTo ?? []),
      };
    },
  ),
} satisfies Record<string, Operation>;

interface InviteResult {
  invite?: Invite;
  mailedTo?: string;
}

function inviteOne(
  email: string,
  type: UserType,
  record: AccountRecord,
  context: ServiceContext,
): InviteResult {
  const fault = context.userFault(email);
  if (fault !== undefined && !fault.takesEffect) return toFaultyResult(email, fault, record, context);
  const status = inviteOrRestore(email, type, record, context);
  const sent = {
    invite: toInvite(email, { Status: status, EmailStatus: "Sent" }, record, context),
    mailedTo: email,
  };
  return fault === undefined ? sent : { ...toFaultyResult(email, fault, record, context), mailedTo: email };
}

/** Creates or restores the user and returns the status of the invitation. */
function inviteOrRestore(
  email: string,
  type: UserType,
  record: AccountRecord,
  context: ServiceContext,
): InviteStatus {
  const invitedAt = new Date(context.now());
  const user = findByEmail(record, email);
  if (user === undefined) {
    const invited = { registration: "Unregistered", invitation: "Pending", invitedAt } as const;
    addUser(context.state, record, { email, type, ...invited }, invitedAt);
    return "Pending";
  }
  if (user.registration === "Suspended") {
    const registration = user.registeredAt === undefined ? "Unregistered" : "Registered";
    const restored = { registration, invitation: "Pending", invitedAt } as const;
    if (context.settings.reinvitedTeamUsers === "restored") replaceUser(record, { ...user, ...restored });
    else addSuccessor(context.state, record, { email, type, ...restored }, invitedAt);
    return "Pending";
  }
  if (user.registration === "Registered") return "Accepted";
  replaceUser(record, { ...user, invitation: "Pending", invitedAt });
  return "Pending";
}

/**
 * Applies a fault to an invitation's result. An invitation has no error code, so a fault with a code shows as failed.
 */
function toFaultyResult(
  email: string,
  fault: UserFault,
  record: AccountRecord,
  context: ServiceContext,
): InviteResult {
  switch (fault.kind) {
    case "leftOut":
      return {};
    case "userError":
      return { invite: toInvite(email, { Status: "Failed", EmailStatus: "Failed" }, record, context) };
    case "invite": {
      const statuses = { Status: fault.status, EmailStatus: fault.emailStatus };
      return { invite: toInvite(email, statuses, record, context) };
    }
  }
}

function toInvite(
  email: string,
  statuses: Pick<Invite, "Status" | "EmailStatus">,
  { account }: AccountRecord,
  { state, now }: ServiceContext,
): Invite {
  const label = `invite/${account.id}/${email.toLowerCase()}/${now()}`;
  return { InviteId: seededUuid(state.seed, label), EmailAddress: email, ...statuses };
}
