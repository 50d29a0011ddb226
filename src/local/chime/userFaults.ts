import type { FaultPlan, UserFault } from "./fault.ts";
import { isUser } from "./faultPlans.ts";
import type { CarriedUser, ReceivedCall } from "./receivedCall.ts";
import type { EmailStatus, InviteStatus, UserErrorCode } from "./vocabulary.ts";

/** What befalls a user: a `UserFault` without the name that the call uses, which the plan fills in. */
export type UserFate = UserFault extends infer Fault
  ? Fault extends UserFault
    ? Omit<Fault, "sent">
    : never
  : never;

/** Decides for each user of each call; `undefined` lets the user pass. */
export function perUser(decide: (user: CarriedUser, call: ReceivedCall) => UserFate | undefined): FaultPlan {
  return (call) => {
    const users = call.users.flatMap((user): UserFault[] => {
      const fate = decide(user, call);
      return fate === undefined ? [] : [{ ...fate, sent: user.sent }];
    });
    return users.length === 0 ? undefined : { users };
  };
}

/** The user fails with `code` in every call that carries the user's id or address. */
export function userError(
  idOrEmail: string,
  code: UserErrorCode | (string & {}),
  more: { message?: string; takesEffect?: boolean } = {},
): FaultPlan {
  return perUser((user) => (isUser(user, idOrEmail) ? { kind: "userError", code, ...more } : undefined));
}

/** The invitation of this address ends with these statuses; nobody is invited, unless `takesEffect`. */
export function inviteFate(
  email: string,
  fate: { status: InviteStatus; emailStatus: EmailStatus; takesEffect?: boolean },
): FaultPlan {
  return perUser((user) => (isUser(user, email) ? { kind: "invite", ...fate } : undefined));
}

/** The answer does not mention the user; nothing happens to the user, unless `takesEffect`. */
export function leftOut(idOrEmail: string, more: { takesEffect?: boolean } = {}): FaultPlan {
  return perUser((user) => (isUser(user, idOrEmail) ? { kind: "leftOut", ...more } : undefined));
}
