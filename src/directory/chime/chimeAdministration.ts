import {
  type Account,
  type ChimeClient,
  ChimeServiceException,
  GetAccountCommand,
  GetUserCommand,
  ListAccountsCommand,
  type User,
} from "@aws-sdk/client-chime";
import type { AccountDetails, Administration, UserDetails } from "../administration.ts";
import { type CallBudget, DirectoryError } from "../directory.ts";
import { toDirectoryUser } from "./chimeDirectory.ts";
import { toDirectoryError } from "./chimeFailures.ts";

/** What an operator asks Amazon Chime. The accounts are those of the credentials' AWS account, in the policy or not. */
export function chimeAdministration(client: ChimeClient): Administration {
  return {
    async readUser(accountId, userId, budget) {
      try {
        const command = new GetUserCommand({ AccountId: accountId, UserId: userId });
        const { User } = await client.send(command, within(budget));
        return User && toUserDetails(User);
      } catch (error) {
        // Of an account that is not there the answer is the same: whoever needs to know asks for the account.
        if (error instanceof ChimeServiceException && error.$metadata.httpStatusCode === 404)
          return undefined;
        throw toDirectoryError(error);
      }
    },
    async describeAccount(accountId, budget) {
      const command = new GetAccountCommand({ AccountId: accountId });
      const { Account } = await translated(() => client.send(command, within(budget)));
      if (Account === undefined) throw new DirectoryError(withoutAccount);
      return toAccountDetails(Account);
    },
    async listAccounts({ name: Name, userEmail: UserEmail }, budget) {
      const found: AccountDetails[] = [];
      let NextToken: string | undefined;
      do {
        const command = new ListAccountsCommand({ Name, UserEmail, NextToken });
        const page = await translated(() => client.send(command, within(budget)));
        found.push(...(page.Accounts ?? []).map(toAccountDetails));
        NextToken = page.NextToken || undefined;
      } while (NextToken !== undefined);
      return found;
    },
  };
}

const withoutAccount = {
  class: "unknown",
  code: "UnreadableAnswer",
  message: "expected an account; the answer has none",
} as const;

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toDirectoryError(error);
  }
}

function within({ milliseconds }: CallBudget): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(milliseconds) };
}

/** The personal PIN is the user's secret, and is left out. */
function toUserDetails(user: User): UserDetails | undefined {
  const neutral = toDirectoryUser(user);
  if (neutral === undefined) return undefined;
  const { IsAlexaForBusinessEnabled: isAlexa } = user.AlexaForBusinessMetadata ?? {};
  return {
    ...neutral,
    facts: known({
      "display name": user.DisplayName,
      "phone number": user.PrimaryProvisionedNumber,
      registration: user.UserRegistrationStatus,
      invitation: user.UserInvitationStatus,
      "registered on": user.RegisteredOn?.toISOString(),
      "invited on": user.InvitedOn?.toISOString(),
      "Alexa for Business": isAlexa === true ? "on" : undefined,
    }),
  };
}

function toAccountDetails(account: Account): AccountDetails {
  const {
    AccountId: accountId = "",
    Name: name,
    AccountType: type = "(none)",
    AccountStatus: status,
  } = account;
  const groups = account.SigninDelegateGroups?.flatMap(({ GroupName }) => GroupName ?? []) ?? [];
  return {
    accountId,
    ...(name !== undefined && { name }),
    type,
    active: status !== "Suspended",
    actions: ["signOut", "resetPin"],
    facts: known({
      status,
      "default license": account.DefaultLicense,
      licenses: account.SupportedLicenses?.join(", "),
      "sign-in delegates": groups.join(", "),
      created: account.CreatedTimestamp?.toISOString(),
      "AWS account": account.AwsAccountId,
    }),
  };
}

function known(facts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const told: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts)) if (value) told[name] = value;
  return told;
}
