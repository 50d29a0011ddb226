import { seededUuid } from "@rollcall/simulated-service/seededDraws";
import { z } from "zod";
import { refuse } from "./chimeApi.ts";
import { type AccountRecord, addAccount, toWireAccount } from "./directoryState.ts";
import {
  accountName,
  emailAddress,
  foreignToken,
  license,
  nonBlank,
  pageFields,
  takePage,
} from "./inputFields.ts";
import {
  type Answer,
  type Operation,
  onAccount,
  onDirectory,
  type ServiceContext,
  visibleByEmail,
} from "./operation.ts";

const listInput = z.object({
  ...pageFields,
  Name: nonBlank.optional(),
  UserEmail: emailAddress.optional(),
});

/**
 * These operations list, read, create, change and delete accounts.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_ListAccounts.html
 */
export const accountAdministration = {
  ListAccounts: onDirectory(listInput, listAccounts),
  GetAccount: onAccount(z.object({}), (_, record) => answerAccount(record)),
  CreateAccount: onDirectory(z.object({ Name: accountName }), ({ Name: name }, { state, now }) => {
    state.createdAccounts += 1;
    const id = seededUuid(state.seed, `account/${state.createdAccounts}`);
    return answerAccount(addAccount(state, { id, type: "Team", name }, new Date(now())));
  }),
  UpdateAccount: onAccount(
    z.object({ Name: accountName.optional(), DefaultLicense: license.optional() }),
    ({ Name, DefaultLicense }, record) => {
      const { account } = record;
      if (DefaultLicense !== undefined && !account.supportedLicenses.includes(DefaultLicense)) {
        const supported = account.supportedLicenses.join(", ");
        return refuse(
          "BadRequestException",
          `DefaultLicense: expected one of [${supported}], got ${DefaultLicense}.`,
        );
      }
      record.account = {
        ...account,
        name: Name ?? account.name,
        defaultLicense: DefaultLicense ?? account.defaultLicense,
      };
      return answerAccount(record);
    },
  ),
  DeleteAccount: onAccount(z.object({}), (_, record, { state }) => {
    // Every account type is treated alike. An enterprise account must release its domains first, which suspends all
    // its users, so "all suspended" shows here too that this was done.
    const active = record.users.find((user) => user !== undefined && user.registration !== "Suspended");
    if (active !== undefined) {
      return refuse("UnprocessableEntityException", `Suspend every user first; user ${active.id} is active.`);
    }
    state.accounts.delete(record.account.id);
    return { kind: "answered" };
  }),
} satisfies Record<string, Operation>;

function listAccounts(input: z.output<typeof listInput>, { state, settings }: ServiceContext): Answer {
  const { Name: prefix = "", UserEmail: email } = input;
  const all = [...state.accounts.values()];
  // At most one account has a user of that address, so the search ends at the first match.
  const home =
    email === undefined ? undefined : all.find((it) => visibleByEmail(it, email, settings).length > 0);
  const page = takePage(email === undefined ? all : [home], {
    list: JSON.stringify(["accounts", prefix, email]),
    size: input.MaxResults,
    token: input.NextToken,
    fits: ({ account }) => account.name.startsWith(prefix),
  });
  if (page === foreignToken) return refuse("BadRequestException", "NextToken is not a token of this list.");
  const accounts = page.items.map(({ account }) => toWireAccount(account));
  return { kind: "answered", body: { Accounts: accounts, NextToken: page.nextToken } };
}

function answerAccount({ account }: AccountRecord): Answer {
  return { kind: "answered", body: { Account: toWireAccount(account) } };
}

const settings = z.object({
  DisableRemoteControl: z.boolean().optional(),
  EnableDialOut: z.boolean().optional(),
});

/**
 * These operations read and set the two settings of an account.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_AccountSettings.html
 */
export const accountSettings = {
  GetAccountSettings: onAccount(z.object({}), (_, { account }) => ({
    kind: "answered",
    body: {
      AccountSettings: {
        DisableRemoteControl: account.disableRemoteControl,
        EnableDialOut: account.enableDialOut,
      },
    },
  })),
  UpdateAccountSettings: onAccount(z.object({ AccountSettings: settings }), (input, record) => {
    const { DisableRemoteControl, EnableDialOut } = input.AccountSettings;
    record.account = {
      ...record.account,
      disableRemoteControl: DisableRemoteControl ?? record.account.disableRemoteControl,
      enableDialOut: EnableDialOut ?? record.account.enableDialOut,
    };
    return { kind: "answered" };
  }),
} satisfies Record<string, Operation>;
