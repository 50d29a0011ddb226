import { z } from "zod";
import { type AccountRecord, replaceUser } from "./directoryState.ts";
import { refuse } from "./exceptions.ts";
import { emailAddress, pageFields, userType } from "./inputFields.ts";
import { foreignToken, takePage } from "./page.ts";
import { type Answer, onAccount, onUser, type Perform, type ServiceContext } from "./perform.ts";
import { seededPin } from "./seededValues.ts";
import { toWireUser, type User } from "./user.ts";
import { isVisible, visibleByEmail } from "./visibility.ts";

const noInput = z.object({});
const listInput = z.object({
  ...pageFields,
  UserEmail: emailAddress.optional(),
  UserType: userType.optional(),
});
type ListInput = z.output<typeof listInput>;

/**
 * Looking users up, and what can be done to one user at a time.
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
    // From the PIN before, so that each reset differs from the last and a run still repeats.
    const personalPin = seededPin(state.seed, `${user.id}/${user.personalPin}`);
    return answerUser(replaceUser(record, { ...user, personalPin }), record);
  }),
} satisfies Record<string, Perform>;

function listUsers(input: ListInput, record: AccountRecord, { settings }: ServiceContext): Answer {
  const ofType = (user: User) => input.UserType === undefined || user.type === input.UserType;
  // By the index, not by a scan: a look-up by address must cost the same in a directory of any size.
  const found = input.UserEmail === undefined ? undefined : visibleByEmail(record, input.UserEmail, settings);
  const page = takePage(input.UserEmail === undefined ? record.users : [found], {
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
