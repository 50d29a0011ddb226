import { License, UserType } from "@aws-sdk/client-chime";
import type { OperationParameter, ServiceOperation } from "../serviceOperation.ts";
import { chimeLimits, chimeUsersPerPage } from "./chimeCapabilities.ts";

const account: OperationParameter = {
  name: "AccountId",
  flag: "--account",
  kind: "text",
  isRequired: true,
  description: "the account's id",
};
const user: OperationParameter = {
  name: "UserId",
  flag: "--user",
  kind: "text",
  isRequired: true,
  description: "the user's id",
};
const users: OperationParameter = {
  name: "UserIdList",
  flag: "--user",
  kind: "targets",
  isRequired: true,
  description: "a user's id; may be repeated",
};
const userEmail: OperationParameter = {
  name: "UserEmail",
  flag: "--email",
  kind: "address",
  description: "only the one of this user's address",
};
const license: OperationParameter = {
  name: "LicenseType",
  flag: "--license",
  kind: "choice",
  choices: Object.values(License),
  description: "one of the licenses that the account supports",
};
const userType: OperationParameter = {
  name: "UserType",
  flag: "--type",
  kind: "choice",
  choices: Object.values(UserType),
  description: "a person, or a room or another shared device",
};
const alexa: readonly OperationParameter[] = [
  {
    name: "IsAlexaForBusinessEnabled",
    flag: "--alexa",
    kind: "onOff",
    description: "Alexa for Business, on or off",
  },
  {
    name: "AlexaForBusinessRoomArn",
    flag: "--alexa-room",
    kind: "text",
    description: "the ARN of its room",
  },
];
const accountName = { name: "Name", flag: "--name", kind: "text", most: 100 } as const;
const page: readonly OperationParameter[] = [
  {
    name: "MaxResults",
    flag: "--max-results",
    kind: "count",
    most: chimeUsersPerPage,
    description: `how many a page has, 1 to ${chimeUsersPerPage} (the service's default: 100)`,
  },
  {
    name: "NextToken",
    flag: "--next-token",
    kind: "text",
    description: "the page that follows another, as that one says",
  },
];

const suspendAfterwards =
  "Whoever is suspended from an EnterpriseLWA account is signed out at once and cannot sign in. Whoever is suspended from a Team account leaves it, goes on as a free user, and stays signed in until logout-user.";

/**
 * The sixteen operations of Amazon Chime's user administration. Commands, help, checks and tests follow this table.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_Operations_Amazon_Chime.html
 */
export const chimeOperations: readonly ServiceOperation[] = [
  {
    name: "ListUsers",
    command: "list-users",
    summary: "List the users of an account, a page at a time.",
    notes: [],
    parameters: [account, { ...userEmail, description: "only the user of this address" }, userType, ...page],
    pages: {
      list: "Users",
      columns: ["UserId", "UserRegistrationStatus", "LicenseType", "PrimaryEmail"],
    },
    examples: [
      "--account team-0001 --type SharedDevice --all-pages",
      "--account team-0001 --email ada@example.com",
    ],
  },
  {
    name: "GetUser",
    command: "get-user",
    summary: "Show a user: address, license, type, registration and invitation.",
    notes: ["By address a user is found with list-users --email, or with rollcall user show."],
    parameters: [account, user],
    examples: ["--account team-0001 --user 2a1b"],
  },
  {
    name: "UpdateUser",
    command: "update-user",
    summary: "Change a user's license or type, or Alexa for Business.",
    notes: ["A license that the account does not support is refused."],
    changes: true,
    parameters: [account, user, license, userType, ...alexa],
    aboutPeople: true,
    byEvent: "EmployeeRoleChanged for a license, by its data or the policy's licensePerRole",
    examples: [
      "--account team-0001 --user 2a1b --license Pro",
      "--account team-0001 --user 2a1b --type SharedDevice",
    ],
  },
  {
    name: "BatchUpdateUser",
    command: "batch-update-user",
    summary: "Change licenses, types or Alexa for Business of users.",
    notes: [
      "In a file a line may name a license of its own: a user's id, a comma, and the license.",
      "A user whose license the account does not support fails alone.",
    ],
    changes: true,
    parameters: [account, { ...users, name: "UpdateUserRequestItems" }, license, userType, ...alexa],
    batch: { parameter: "UpdateUserRequestItems", most: chimeLimits.setLicense, ofEach: "LicenseType" },
    aboutPeople: true,
    byEvent: "EmployeeRoleChanged for a license, by its data or the policy's licensePerRole",
    examples: ["--account team-0001 --users licenses.csv", "--account team-0001 --user 2a1b --license Basic"],
  },
  {
    name: "BatchSuspendUser",
    command: "batch-suspend-user",
    summary: "Suspend users of a Team or EnterpriseLWA account.",
    notes: [suspendAfterwards, "The safeguard does not count it, and holds nobody."],
    changes: true,
    parameters: [account, users],
    batch: { parameter: "UserIdList", most: chimeLimits.suspend },
    aboutPeople: true,
    byEvent: "EmployeeLeft, within the safeguard's limit and followed by the policy's afterSuspension",
    examples: ["--account team-0001 --users leavers.txt", "--account team-0001 --user 2a1b --user 3c4d"],
  },
  {
    name: "BatchUnsuspendUser",
    command: "batch-unsuspend-user",
    summary: "End the suspension of users of an EnterpriseLWA account.",
    notes: [
      "Users who are not suspended are ignored. To a Team account people are invited again: invite-users.",
    ],
    changes: true,
    parameters: [account, users],
    batch: { parameter: "UserIdList", most: chimeLimits.unsuspend },
    aboutPeople: true,
    byEvent: "EmployeeReturned",
    examples: ["--account lwa-0001 --users returners.txt"],
  },
  {
    name: "InviteUsers",
    command: "invite-users",
    summary: "Invite people to a Team account, by mail.",
    notes: [
      "Whoever was suspended from the account is let in again by it. A call that is made twice may mail twice, so it is made once.",
    ],
    changes: true,
    parameters: [
      account,
      {
        name: "UserEmailList",
        flag: "--email",
        kind: "targets",
        isRequired: true,
        description: "an address; may be repeated",
      },
      userType,
    ],
    batch: { parameter: "UserEmailList", most: chimeLimits.create },
    byEvent: "EmployeeHired, or EmployeeReturned",
    examples: ["--account team-0001 --emails joiners.txt", "--account team-0001 --email ada@example.com"],
  },
  {
    name: "LogoutUser",
    command: "logout-user",
    summary: "Sign a user out of every device.",
    notes: ["rollcall user sign-out does the same by a person's id or address, at every kind of directory."],
    changes: true,
    parameters: [account, user],
    aboutPeople: true,
    byEvent: "EmployeeLeft, with afterSuspension.signOut in the policy",
    examples: ["--account team-0001 --user 2a1b"],
  },
  {
    name: "ResetPersonalPIN",
    command: "reset-personal-pin",
    summary: "Replace a user's personal meeting PIN.",
    notes: [
      "The new PIN is the user's, and is not shown. rollcall user reset-pin does the same by a person's id or address.",
    ],
    changes: true,
    parameters: [account, user],
    aboutPeople: true,
    byEvent: "EmployeeLeft, with afterSuspension.resetPin in the policy",
    examples: ["--account team-0001 --user 2a1b"],
  },
  {
    name: "ListAccounts",
    command: "list-accounts",
    summary: "List the accounts of the AWS account, a page at a time.",
    notes: [],
    parameters: [
      { ...accountName, description: "only those whose name begins so" },
      { ...userEmail, description: "only the account that has a user of this address" },
      ...page,
    ],
    pages: { list: "Accounts", columns: ["AccountId", "AccountType", "AccountStatus", "Name"] },
    examples: ["--all-pages", "--email ada@example.com"],
  },
  {
    name: "GetAccount",
    command: "get-account",
    summary: "Show an account: its type, status, licenses and sign-in delegates.",
    notes: [],
    parameters: [account],
    examples: ["--account team-0001"],
  },
  {
    name: "CreateAccount",
    command: "create-account",
    summary: "Create a Team account.",
    notes: [
      "Only Team accounts can be created. A call that is made twice may create two, so it is made once.",
    ],
    changes: true,
    parameters: [{ ...accountName, isRequired: true, description: "its name, of 1 to 100 characters" }],
    examples: ['--name "Sales"'],
  },
  {
    name: "UpdateAccount",
    command: "update-account",
    summary: "Change an account's name or default license.",
    notes: ["The default license is that of whoever is added from then on."],
    changes: true,
    parameters: [
      account,
      { ...accountName, description: "its new name, of 1 to 100 characters" },
      { ...license, name: "DefaultLicense", flag: "--default-license" },
    ],
    examples: ["--account team-0001 --default-license Basic"],
  },
  {
    name: "DeleteAccount",
    command: "delete-account",
    summary: "Delete an account whose users are all suspended.",
    notes: [
      "rollcall chime close-account suspends everybody first. An enterprise account must release its domains before.",
      "A deleted account can be restored for 90 days, by AWS Support alone.",
    ],
    changes: true,
    parameters: [account],
    examples: ["--account team-0001"],
  },
  {
    name: "GetAccountSettings",
    command: "get-account-settings",
    summary: "Show whether remote control and dial-out are allowed.",
    notes: [],
    parameters: [account],
    examples: ["--account team-0001"],
  },
  {
    name: "UpdateAccountSettings",
    command: "update-account-settings",
    summary: "Allow or forbid remote control and dial-out.",
    notes: ["What is not named is not sent; look with get-account-settings what it is afterwards."],
    changes: true,
    parameters: [
      account,
      {
        name: "DisableRemoteControl",
        flag: "--disable-remote-control",
        kind: "onOff",
        description: "on: nobody controls a shared screen from afar",
      },
      {
        name: "EnableDialOut",
        flag: "--enable-dial-out",
        kind: "onOff",
        description: "on: participants may be called on the phone",
      },
    ],
    examples: ["--account team-0001 --enable-dial-out off"],
  },
];
