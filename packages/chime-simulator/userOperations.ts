import { z } from "zod";
import { refuse } from "./chimeApi.ts";
import { type AccountRecord, replaceUser, seededPin, toWireUser, type User } from "./directoryState.ts";
import {
  emailAddress,
  foreignToken,
  pageFields,
  takePage,
  type UserChange,
  updateItems,
  userChange,
  userIds,
  userType,
} from "./inputFields.ts";
import {
  type Answer,
  eachUser,
  isVisible,
  type Operation,
  onAccount,
  onUser,
  type ServiceContext,
  visibleByEmail,
} from "./operation.ts";

const noInput = z.object({});
const listInput = z.object({
  ...pageFields,
  UserEmail: emailAddress.optional(),
  UserType: userType.optional(),
});
type ListInput = z.output<typeof listInput>;

/**
 * These operations look users up and act on one user at a time.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_ListUsers.html
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_LogoutUser.html
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_ResetPersonalPIN.html
 */
export const singleUsers = {
  ListUsers: onAccount(listInput, listUsers),
  GetUser: onUser(noInput, (_, user, record) => answerUser(user, record)),
  LogoutUser: onUser(noInput, (_, user, record) => {
    replaceUser(record, { ...user, signedIn: false });
    return { kind: "answered" };
  }),
  ResetPersonalPIN: onUser(noInput, (_, user, record, { state }) => {
    // The new PIN depends on the old one, so each reset differs from the last and a run can be repeated.
    const personalPin = seededPin(state.seed, `${user.id}/${user.personalPin}`);
    return answerUser(replaceUser(record, { ...user, personalPin }), record);
  }),
} satisfies Record<string, Operation>;

function listUsers(input: ListInput, record: AccountRecord, { settings }: ServiceContext): Answer {
  const ofType = (user: User) => input.UserType === undefined || user.type === input.UserType;
  // The index is used and no scan: a look-up by address must cost the same in a directory of any size.
  const found = input.UserEmail === undefined ? undefined : visibleByEmail(record, input.UserEmail, settings);
  const page = takePage(found ?? record.users, {
    list: JSON.stringify(["users", record.account.id, input.UserEmail, input.UserType]),
    size: input.MaxResults,
    token: input.NextToken,
    fits: (user) => ofType(user) && isVisible(user, record, settings),
  });
  if (page === foreignToken) return refuse("BadRequestException", "NextToken is not a token of this list.");
  const users = page.items.map((user) => toWireUser(user, record.account.id));
  return { kind: "answered", body: { Users: users, NextToken: page.nextToken } };
}

function answerUser(user: User, { account }: AccountRecord): Answer {
  return { kind: "answered", body: { User: toWireUser(user, account.id) } };
}

const batchInput = z.object({ UpdateUserRequestItems: updateItems });
type UserUpdate = z.output<typeof updateItems>[number];

/**
 * These operations change licenses and types. A license that the account does not support fails one user of a batch,
 * and the whole call of UpdateUser.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchUpdateUser.html
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateUser.html
 */
export const userUpdates = {
  BatchUpdateUser: onAccount(batchInput, ({ UpdateUserRequestItems: items }, record, context) => {
    const change = (user: User, item: UserChange) => {
      const objection = licenseProblem(item, record);
      if (objection !== undefined) return { code: "BadRequest", message: objection };
      replaceUser(record, changed(user, item));
      return undefined;
    };
    return eachUser({ items, idOf: (item: UserUpdate) => item.UserId, record, context, change });
  }),
  UpdateUser: onUser(userChange, (change, user, record) => {
    const objection = licenseProblem(change, record);
    if (objection !== undefined) return refuse("BadRequestException", objection);
    const updated = replaceUser(record, changed(user, change));
    return { kind: "answered", body: { User: toWireUser(updated, record.account.id) } };
  }),
} satisfies Record<string, Operation>;

function licenseProblem({ LicenseType }: UserChange, { account }: AccountRecord): string | undefined {
  if (LicenseType === undefined || account.supportedLicenses.includes(LicenseType)) return undefined;
  return `Account ${account.id} supports the licenses [${account.supportedLicenses.join(", ")}], got ${LicenseType}.`;
}

function changed(user: User, change: UserChange): User {
  return {
    ...user,
    license: change.LicenseType ?? user.license,
    type: change.UserType ?? user.type,
    alexaForBusiness: { ...user.alexaForBusiness, ...change.AlexaForBusinessMetadata },
  };
}

const input = z.object({ UserIdList: userIds });
const idOf = (id: string) => id;

/**
 * These operations suspend users and end suspensions.
 *
 * The documentation says that a user suspended from a Team account is dissociated from it, goes on as a free user,
 * and that an invitation *removes the suspension*. It does not say whether ListUsers still shows the user. The
 * simulator assumes that the account keeps the user under the same id with the status `Suspended`: there must be
 * something for the invitation to remove, and DeleteAccount counts suspended users. With the setting
 * `suspendedTeamUsers: "absent"` the user is gone until invited again. The license stays in both cases, because
 * "removes the suspension" is read as restoring the user. With `reinvitedTeamUsers: "new"` it is a new user who comes.
 *
 * A Team user keeps a signed-in client until LogoutUser; on EnterpriseLWA the suspension signs the user out.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchSuspendUser.html
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchUnsuspendUser.html
 */
export const suspensions = {
  BatchSuspendUser: onAccount(input, ({ UserIdList: items }, record, context) => {
    const change = (user: User) => {
      const signedIn = user.signedIn && record.account.type === "Team";
      replaceUser(record, { ...user, registration: "Suspended", signedIn });
      return undefined;
    };
    return eachUser({ items, idOf, record, context, change });
  }),
  BatchUnsuspendUser: onAccount(input, ({ UserIdList: items }, record, context) => {
    const change = (user: User) => {
      // A user who is not suspended is ignored, without an error.
      if (user.registration === "Suspended") replaceUser(record, { ...user, registration: "Registered" });
      return undefined;
    };
    return eachUser({ items, idOf, record, context, change });
  }),
} satisfies Record<string, Operation>;
